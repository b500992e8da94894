import { guessKeys } from '../accounts/guesses.ts'
import type { GuessKeys } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import { linkMessage } from '../delivery/outbox.ts'
import { insertResetLink } from '../passwords/store.ts'
import type { NewResetLink } from '../passwords/store.ts'
import type { World } from '../world.ts'
import { findByAddress, holdByAddress } from './account-store.ts'
import type { Found } from './account-store.ts'
import type { Command } from './command.ts'
import * as operator from './operator.ts'
import { endWaits, isPasswordClosed, recentSources } from './unlock-store.ts'
import type { Unlocked } from './unlock-store.ts'

/**
 * Ends the waits after wrong answers. Counts stay as they are: only a right answer ends them
 * (LIM-04), a password that was closed is opened by a reset alone (LIM-08), and a method that was
 * switched off is set up again (LIM-02).
 */
export const unlock: Command = {
  name: 'unlock',
  takes: '<address>',
  does: 'Ends the waits of an account after wrong codes and passwords; a password closed after too many gets the mail for a new one.',
  word: 'needed',
  options: {},
  async run(desk, given) {
    const key = operator.keyOf(given.word)
    const world = await desk.open()
    if (!(await findByAddress(world.sql, key))) throw operator.nobody(given.word)
    const done = await release(world, key)
    if (!done) throw operator.nobody(given.word)
    for (const line of report(done)) desk.terminal.say(line)
  },
}

type Released = Unlocked & { readonly closed: boolean }

async function release(world: World, key: string): Promise<Released | null> {
  const who = operator.operatorAt(world)
  const now = world.clock()
  const released = await world.sql.tx(async (sql) => {
    const account = await holdByAddress(sql, key)
    if (!account) return null
    const closed = await isPasswordClosed(sql, accountKey(world, key), limits.passwordFailuresMax)
    const sources = await recentSources(sql, account.id, new Date(now.getTime() - 86_400_000))
    const details = operator.byOperator({ password_closed: closed })
    const events = [event(who, now, 'operator.unlocked', { account: account.id, ...details })]
    const done = await endWaits(sql, {
      accountId: account.id,
      now,
      failuresMax: limits.methodFailuresMax,
      keys: waitingKeys(world, account, sources),
      events: JSON.stringify(events),
      messages: JSON.stringify(operator.noticesTo(world, who, account, 'operator-unlocked')),
    })
    if (closed) await mailNewPassword(world, sql, account)
    return { ...done, closed }
  })
  if (released) world.delivery.wake()
  return released
}

const accountKey = (world: World, key: string) => keysAt(world, key, '').account

function keysAt(world: World, key: string, source: string): GuessKeys {
  return guessKeys(world, { requestId: '', browser: '', source }, key)
}

/** The keys of waits that can be named: of this address with each source seen, and its mailbox. */
function waitingKeys(world: World, account: Found, sources: readonly string[]): string[] {
  const pairs = sources.map((source) => keysAt(world, account.email_key, source).pair)
  return [...pairs, keyedDigest(world.keys, 'guess-mailbox', account.id)]
}

async function mailNewPassword(world: World, sql: World['sql'], account: Found): Promise<void> {
  const who = operator.operatorAt(world)
  const now = world.clock()
  const link: NewResetLink = {
    id: newId(now, world.random),
    accountId: account.id,
    email: account.email,
    epoch: account.epoch,
    now,
    expiresAt: new Date(now.getTime() + limits.resetLinkLifetimeMinutes * 60_000),
    usedAt: null,
  }
  const message = linkMessage(world, {
    template: 'reset-password',
    account_id: account.id,
    destination: account.email,
    link_id: link.id,
    expires_at: link.expiresAt,
  })
  const about = { account: account.id, ...operator.byOperator() }
  const events = JSON.stringify([event(who, now, 'password.reset-asked', about)])
  await insertResetLink(sql, link, events, JSON.stringify([message]))
}

function report({ waits, off, closed }: Released): string[] {
  const minutes = limits.resetLinkLifetimeMinutes
  return [
    waits > 0
      ? `Done: ${waits} ${waits === 1 ? 'wait has' : 'waits have'} ended.`
      : 'Nothing waited.',
    ...(closed
      ? [
          `The password is closed after ${limits.passwordFailuresMax} wrong ones. A mail with a link to choose`,
          `a new one is on its way, good for ${minutes} minutes; nothing else opens it.`,
        ]
      : []),
    ...(off > 0
      ? [
          `${off} ${off === 1 ? 'method was' : 'methods were'} switched off after ${limits.methodFailuresMax} wrong answers and stay so:`,
          'their person removes them and sets them up again, or you use reset-two-step.',
        ]
      : []),
  ]
}
