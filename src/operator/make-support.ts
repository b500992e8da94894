import { event } from '../audit/event.ts'
import type { World } from '../world.ts'
import { findByAddress, holdByAddress } from './account-store.ts'
import { NotDone, yes } from './command.ts'
import type { Command, Desk, Given } from './command.ts'
import * as operator from './operator.ts'
import { setSupport } from './support-store.ts'

/** Lets somebody work on recovery cases. They must have a second step of their own (REC-06). */
export const makeSupport: Command = {
  name: 'make-support',
  takes: '<address> [--yes]',
  does: 'Lets this person work on recovery cases in the support console.',
  word: 'needed',
  options: yes,
  run: (desk, given) => change(desk, given, true),
}

/** Takes that away again, at once. */
export const endSupport: Command = {
  name: 'end-support',
  takes: '<address> [--yes]',
  does: 'Ends this person’s access to the support console.',
  word: 'needed',
  options: yes,
  run: (desk, given) => change(desk, given, false),
}

async function change(desk: Desk, given: Given, on: boolean): Promise<void> {
  const key = operator.keyOf(given.word)
  const world = await desk.open()
  const account = await findByAddress(world.sql, key)
  if (!account) throw operator.nobody(given.word)
  const { say } = desk.terminal
  if ((account.support_since !== null) === on) {
    say(on ? 'This person is a support person already.' : 'This person is no support person.')
    return
  }
  if (on && account.kinds.length === 0) {
    throw new NotDone('This person has no second step yet. They set one up first.')
  }
  const effect = on
    ? 'This person will see recovery cases of every account and may help decide them.'
    : 'This person will no longer see or decide recovery cases.'
  await operator.confirm(desk, given, [effect], operator.addressAgain(key))
  if (!(await write(world, key, on)))
    throw new NotDone('Nothing was changed: it changed meanwhile.')
  say(on ? 'Done: they are a support person now.' : 'Done: they are a support person no longer.')
  say('They are told by mail.')
}

async function write(world: World, key: string, on: boolean): Promise<boolean> {
  const who = operator.operatorAt(world)
  const now = world.clock()
  const kind = on ? 'operator.support-made' : 'operator.support-ended'
  const done = await world.sql.tx(async (sql) => {
    const account = await holdByAddress(sql, key)
    if (!account) return false
    const about = { account: account.id, ...operator.byOperator() }
    const events = JSON.stringify([event(who, now, kind, about)])
    const notice = on ? 'support-made' : 'support-ended'
    const messages = JSON.stringify(operator.noticesTo(world, who, account, notice))
    return setSupport(sql, account.id, on ? now : null, events, messages)
  })
  if (done) world.delivery.wake()
  return done
}
