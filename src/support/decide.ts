import { sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import type { EventKind } from '../audit/kinds.ts'
import { record } from '../audit/store.ts'
import { stopCaseOfOther } from '../cases/store.ts'
import type { Stop } from '../cases/store.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import type { Sql } from '../database/port.ts'
import { done, refuse } from '../reasons.ts'
import type { Details, Outcome, Reason, Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { approveCase, noteEvidence } from './decide-store.ts'
import type { Approved } from './decide-store.ts'
import type { EvidenceKind } from './evidence.ts'
import { whyNotApprove } from './look.ts'
import { findSupportCase } from './store.ts'
import type { SupportCase } from './store.ts'

type OfCase = { readonly case: string }

/**
 * Notes how support checked, by a contact known before, that it is the person (REC-02). May be noted
 * anew until somebody approves. Refused: not-found, own-case, case-decided.
 */
export async function recordEvidence(
  world: World,
  who: Member,
  input: OfCase & { readonly kind: EvidenceKind; readonly note: string },
): Promise<Outcome> {
  const found = await findSupportCase(world.sql, input.case)
  if (!found) return refuse('not-found')
  if (found.account_id === who.session.account_id)
    return refuseActing(world, who, found, 'own-case')
  const now = world.clock()
  const { kind, note } = input
  const events = eventsOf(world, who, found, 'case.evidence', { kind })
  const noted = await noteEvidence(world.sql, found.id, decider(who), { kind, note, now }, events)
  return noted ? done({}) : refuse('case-decided')
}

/**
 * Approves a case: with it, or with the second of two approvals, the waiting time begins, and every
 * address is told (REC-03, REC-04). One statement decides; what was read before only explains a "no".
 * Refused: not-found, as `whyNotApprove`, too-many-decisions (REC-08).
 */
export async function approve(
  world: World,
  who: Member,
  input: OfCase,
): Promise<Outcome<{ whole: boolean; opens_at: Date | null }>> {
  const found = await findSupportCase(world.sql, input.case)
  if (!found) return refuse('not-found')
  const actor = who.session.account_id
  const why = whyNotApprove(found, actor, world.clock())
  if (why) return refuseActing(world, who, found, why)
  const { recoveryWaitHours: waitHours, recoveryWaitPrivilegedHours: longWaitHours } = world.config
  let approved: Approved | null = null
  const limited = await withinLimit(world, who, found, async (sql) => {
    const at = { now: world.clock(), waitHours, longWaitHours }
    const events = {
      whole: eventsOf(world, who, found, 'case.approved'),
      half: eventsOf(world, who, found, 'case.approved-once'),
    }
    approved = await approveCase(sql, found.id, decider(who), at, events)
    return approved !== null
  })
  if (limited) return limited
  const decision = approved as Approved | null
  if (decision === null) return refuse('case-decided')
  world.delivery.wake()
  return done(decision)
}

/**
 * Declines a case that nobody approved wholly yet, with the reason for the log; the person is told
 * that support could not make sure. Refused: not-found, own-case, case-decided, too-many-decisions.
 */
export function decline(
  world: World,
  who: Member,
  input: OfCase & { readonly reason: string },
): Promise<Outcome> {
  return end(world, who, input, 'declined')
}

/** Stops a case at any time, as `decline`. Refused: as `decline`. */
export function cancel(
  world: World,
  who: Member,
  input: OfCase & { readonly reason: string },
): Promise<Outcome> {
  return end(world, who, input, 'stopped-by-support')
}

async function end(
  world: World,
  who: Member,
  input: OfCase & { readonly reason: string },
  how: Stop['how'],
): Promise<Outcome> {
  const found = await findSupportCase(world.sql, input.case)
  if (!found) return refuse('not-found')
  const actor = who.session.account_id
  if (found.account_id === actor) return refuseActing(world, who, found, 'own-case')
  let stopped = false
  const limited = await withinLimit(world, who, found, async (sql) => {
    const stop = {
      how,
      now: world.clock(),
      actor,
      reason: input.reason,
      source: who.source,
      browser: who.browser,
      requestId: who.requestId,
      sessionHash: who.session.token_hash,
    }
    stopped = await stopCaseOfOther(sql, found.id, stop, who.session.epoch)
    return stopped
  })
  if (limited) return limited
  if (!stopped) return refuse('case-decided')
  world.delivery.wake()
  return done({})
}

/** Spends one of the person's decisions of a day with the decision; null when it was within them. */
async function withinLimit(
  world: World,
  who: Member,
  found: SupportCase,
  write: (sql: Sql) => Promise<boolean>,
): Promise<Refusal | null> {
  const most = world.config.supportDecisionsPerDayMax
  const key = keyedDigest(world.keys, 'support-decisions', who.session.account_id)
  const limit = { key, pauseSeconds: 0, perHourMax: most, perDayMax: most }
  const spent = await sendWithin(world, [limit], write)
  if (spent.ok) return null
  return refuseActing(world, who, found, 'too-many-decisions', { seconds: spent.waitSeconds })
}

function decider({ session }: Member) {
  return { accountId: session.account_id, epoch: session.epoch }
}

function eventsOf(
  world: World,
  who: Member,
  { id, account_id: account }: SupportCase,
  kind: EventKind,
  details: Readonly<Record<string, string>> = {},
): string {
  const { account_id: actor, token_hash: sessionHash } = who.session
  const about = { account, actor, sessionHash, details: { case: id, ...details } }
  return JSON.stringify([event(who, world.clock(), kind, about)])
}

/** Logs a decision that a rule forbids: somebody may be trying it (AUD-01). */
async function refuseActing(
  world: World,
  who: Member,
  found: SupportCase,
  reason: Reason,
  more?: Details,
): Promise<Refusal> {
  const { account_id: actor, token_hash: sessionHash } = who.session
  const details = { case: found.id, reason }
  const about = { account: found.account_id, actor, sessionHash, details }
  await record(world.sql, event(who, world.clock(), 'case.refused', about))
  return refuse(reason, more)
}
