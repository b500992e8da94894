import { erase } from '../accounts/delete-account.ts'
import { teamsThatGo } from '../accounts/deletion-store.ts'
import { plain } from '../delivery/words.ts'
import { findByAddress } from './account-store.ts'
import { NotDone, yes } from './command.ts'
import type { Command } from './command.ts'
import * as operator from './operator.ts'

/** Deletes somebody's account at their wish (PRV-03). */
export const deleteAnAccount: Command = {
  name: 'delete-account',
  takes: '<address> [--yes]',
  does: 'Erases an account and its security data for good; the log keeps its rows under a number that names nobody. Its person is told.',
  word: 'needed',
  options: yes,
  async run(desk, given) {
    const key = operator.keyOf(given.word)
    const world = await desk.open()
    const account = await findByAddress(world.sql, key)
    if (!account) throw operator.nobody(given.word)
    const teams = await teamsThatGo(world.sql, account.id)
    await operator.confirm(
      desk,
      given,
      [
        'The account, its password, methods, phone number, recovery codes, devices and sessions go for good.',
        ...teams.map((name) => `The team “${plain(name)}” goes too: nobody else is in it.`),
      ],
      operator.addressAgain(key),
    )
    const about = { account: account.id, ...operator.byOperator() }
    const whenever = { ...account, epoch: null }
    const { gone, owns } = await erase(world, operator.operatorAt(world), whenever, about)
    if (owns !== null) {
      throw new NotDone(
        `Nothing was changed: this person owns the team “${plain(owns)}”, which has other members. They hand it over first.`,
      )
    }
    if (!gone) throw operator.nobody(given.word)
    desk.terminal.say('Done: the account is gone. One mail says so to its address.')
  },
}
