import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import { codeMessage } from '../delivery/outbox.ts'
import type { Message } from '../delivery/outbox.ts'
import { spendSends, textBudget } from '../delivery/sends.ts'
import type { SendLimit } from '../delivery/sends.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { isThere, markCodeSent } from './store.ts'
import type { Purpose } from './store.ts'

/** A challenge whose present method sends codes. */
export type Sendable = {
  readonly id: string
  readonly purpose: Purpose
  readonly account_id: string
  readonly kind: string
  readonly channel: 'text' | 'mail'
  readonly destination: string
  readonly expires_at: Date
  /** For a step-up: the words that name what is confirmed (CODE-07). */
  readonly action: string | null
  /** Of the session it is for, if any: for the security log. */
  readonly session_hash?: Buffer | null
}

/**
 * Sends the challenge's code, the same one within its life. Budgets are spent, the message and the
 * event written in one transaction, before any provider is called (CODE-06); then the first try is
 * awaited for a moment so that the page can say the truth (CODE-09).
 * Refused: wait-before-sending, too-many-sends, not-delivered, sign-in-over, reset-over, in a
 * session step-over.
 */
export async function sendCode(
  world: World,
  caller: Caller,
  challenge: Sendable,
): Promise<Outcome<{ state: 'waiting' | 'accepted' }>> {
  const message = codeMessage(world, challenge)
  const refusal = await write(world, caller, challenge, message)
  if (refusal) return refusal
  const state = await world.delivery.sendNow(message.id, patienceSeconds)
  if (state !== 'failed') return done({ state })
  // Its code was not handed over when the challenge was opened anew, or ended, in the meantime.
  const present = await isThere(world.sql, challenge.id)
  return refuse(present ? 'not-delivered' : overFor[challenge.purpose])
}

const patienceSeconds = 4

const overFor = {
  'sign-in': 'sign-in-over',
  reset: 'reset-over',
  case: 'case-over',
  'step-up': 'step-over',
  'set-up': 'step-over',
  'new-number': 'step-over',
  mailbox: 'step-over',
} as const

/** Rolls everything back when a budget or the challenge refuses, and says which. */
async function write(
  world: World,
  caller: Caller,
  challenge: Sendable,
  message: Message,
): Promise<Refusal | null> {
  const now = world.clock()
  const about = {
    account: challenge.account_id,
    methodKind: challenge.kind,
    sessionHash: challenge.session_hash ?? null,
  }
  const sent = event(caller, now, 'code.sent', { ...about, details: { for: challenge.purpose } })
  const refusal = await world.sql
    .tx(async (sql) => {
      const spent = await spendSends(sql, sendLimits(world, caller, challenge), now)
      if (!spent.ok) throw new NotSent(refuse(spent.reason, { seconds: spent.waitSeconds }))
      const expiredSince = new Date(now.getTime() - limits.codeLifetimeSeconds * 1000)
      const marked = await markCodeSent(
        sql,
        challenge.id,
        now,
        expiredSince,
        world.random(16),
        JSON.stringify([message]),
        JSON.stringify([sent]),
      )
      if (!marked) throw new NotSent(refuse(overFor[challenge.purpose]))
      return null
    })
    .catch(asRefusal)
  if (refusal) {
    const details = { reason: refusal.reason, for: challenge.purpose }
    await record(world.sql, event(caller, now, 'code.send-refused-by-limit', { ...about, details }))
  }
  return refusal
}

class NotSent extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.reason)
    this.refusal = refusal
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof NotSent) return error.refusal
  throw error
}

function sendLimits(world: World, caller: Caller, challenge: Sendable): SendLimit[] {
  const { config } = world
  const each = {
    pauseSeconds: config.sendPauseSeconds,
    perHourMax: config.sendsPerHourMax,
    perDayMax: config.sendsPerDayMax,
  }
  const perSource = {
    pauseSeconds: 0,
    perHourMax: config.sendsPerSourcePerHourMax,
    perDayMax: config.sendsPerSourcePerDayMax,
  }
  const key = (label: string, value: string) => keyedDigest(world.keys, label, value)
  return [
    { key: key('send-account', challenge.account_id), ...each },
    { key: key('send-destination', challenge.destination.toLowerCase()), ...each },
    { key: key('send-source', caller.source), ...perSource },
    ...(challenge.channel === 'text' ? [textBudget(world)] : []),
  ]
}
