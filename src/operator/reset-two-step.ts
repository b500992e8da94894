import { event } from '../audit/event.ts'
import type { Config } from '../config.ts'
import type { World } from '../world.ts'
import { findByAddress, holdByAddress } from './account-store.ts'
import type { Found } from './account-store.ts'
import { yes } from './command.ts'
import type { Command } from './command.ts'
import * as operator from './operator.ts'
import { removeEverything } from './reset-store.ts'

/** The operator's reset, under the rules of recovery (OPS-03, REC-07). */
export const resetTwoStep: Command = {
  name: 'reset-two-step',
  takes: '<address> --reason "…" [--yes]',
  does: 'Removes every method, recovery code, trusted device and session of an account. Its person is told at every address and sets a method up again.',
  word: 'needed',
  options: { reason: { type: 'string' }, ...yes },
  async run(desk, given) {
    const key = operator.keyOf(given.word)
    const reason = operator.reasonOf(given)
    const world = await desk.open()
    const account = await findByAddress(world.sql, key)
    if (!account) throw operator.nobody(given.word)
    await operator.confirm(desk, given, effects(account, world.config), operator.addressAgain(key))
    if (!(await reset(world, key, reason))) throw operator.nobody(given.word)
    desk.terminal.say('Done: two-step verification of this account is reset, and its person told.')
    desk.terminal.say('No code was made: they sign in with their password and set up a method.')
  },
}

function effects({ kinds, support_since: support }: Found, config: Config): string[] {
  const methods = kinds.length === 0 ? 'no method is on' : `now on: ${kinds.join(', ')}`
  return [
    `All methods of this account go (${methods}), its recovery codes and one-time passes too.`,
    'Every session, pending sign-in and trusted device of it ends.',
    'Until a method is set up again the password alone signs in, unless a team requires one.',
    `For ${config.recoveryFreezeHours} hours methods can’t be turned off, nor the address, the number for codes or the password changed. Who forgot the password as well takes support recovery instead.`,
    ...(support ? ['This account may work on recovery cases: end-support takes that away.'] : []),
    'Its person is told at every address and number, and can object.',
  ]
}

/** False when there is no such account any more. */
async function reset(world: World, key: string, reason: string): Promise<boolean> {
  const who = operator.operatorAt(world)
  const done = await world.sql.tx(async (sql) => {
    const account = await holdByAddress(sql, key)
    if (!account) return false
    const about = { account: account.id, ...operator.byOperator({ reason }) }
    const now = world.clock()
    const until = new Date(now.getTime() + world.config.recoveryFreezeHours * 3_600_000)
    const events = [event(who, now, 'operator.reset-two-step', about)]
    const messages = operator.noticesTo(world, who, account, 'operator-reset', { reason })
    await removeEverything(sql, account.id, until, JSON.stringify(events), JSON.stringify(messages))
    return true
  })
  if (done) world.delivery.wake()
  return done
}
