import { event } from '../audit/event.ts'
import { sendCode } from '../challenges/send-code.ts'
import { openInSession } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { standing } from '../policy/policy.ts'
import { kindOf } from './index.ts'
import type { Kind, Prepared } from './method.ts'
import { counting, forbidden, leftOut } from './offers.ts'
import { listConfirmed, startMethod } from './store.ts'

export type StartSetUp = {
  readonly kind: string
  readonly name: string | null
  readonly notice_accepted: boolean
}

/** A set-up that waits for its first code; `shown` is what the person must see, this once. */
export type Started = {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly name: string
  readonly masked: string | null
  readonly sent: 'waiting' | 'accepted' | 'failed' | 'limited' | 'none'
  readonly shown: Readonly<Record<string, string>>
}

/**
 * Starts a method's set-up; nothing is on until a code from it was entered (ENR-02). A second start
 * voids the first. Refused: not-found (no such kind), already-done (one of its kind is on, or there
 * are too many), method-forbidden (a team does not allow it), changed, and as the kind's own `prepare`.
 */
export async function setUp(
  world: World,
  who: Member,
  input: StartSetUp,
): Promise<Outcome<Started>> {
  const kind = kindOf(input.kind)
  if (!kind) return refuse('not-found')
  const { session } = who
  const confirmed = counting(session, await listConfirmed(world.sql, session.account_id))
  if (leftOut(kind, session)) return refuse('method-not-available')
  const twice = !kind.several && confirmed.some((method) => method.kind === kind.kind)
  if (twice || confirmed.length >= limits.methodsPerAccountMax) return refuse('already-done')
  const teams = forbidden(kind, standing(session.teams, world.clock()))
  if (teams.length > 0) return refuse('method-forbidden', { team: teams.join(' and ') })
  const id = newId(world.clock(), world.random)
  const name = input.name ?? kind.title
  const prepared = kind.prepare(world, session, {
    methodId: id,
    name,
    noticeAccepted: input.notice_accepted,
  })
  if (!prepared.ok) return prepared
  if (!(await store(world, who, kind, id, name, prepared))) return refuse('changed')
  const masked = prepared.destination && maskDestination(prepared.destination)
  const sent = await open(world, who, kind, id, prepared.destination)
  if (sent === 'over') return refuse('changed')
  const { shown } = prepared
  return done({ id, kind: kind.kind, title: kind.title, name, masked, sent, shown })
}

async function store(
  world: World,
  who: Member,
  kind: Kind,
  id: string,
  name: string,
  prepared: Prepared,
): Promise<boolean> {
  const now = world.clock()
  const { account_id: accountId, epoch, token_hash: sessionHash } = who.session
  const about = {
    account: accountId,
    sessionHash,
    methodKind: kind.kind,
    details: { method: id },
  }
  return startMethod(world.sql, {
    id,
    accountId,
    epoch,
    kind: kind.kind,
    slot: kind.several ? id : kind.kind,
    name,
    destination: prepared.destination,
    secret: prepared.secret,
    parameters: JSON.stringify(prepared.parameters),
    noticeVersion: prepared.notice_version,
    now,
    pendingUntil: pendingUntil(world, now),
    events: JSON.stringify([event(who, now, 'method.set-up-started', about)]),
  })
}

/** Opens the set-up's challenge, unless the session is over, and sends its first code if any. */
async function open(
  world: World,
  who: Member,
  kind: Kind,
  methodId: string,
  destination: string | null,
): Promise<Started['sent'] | 'over'> {
  const now = world.clock()
  const challengeId = newId(now, world.random)
  const expiresAt = pendingUntil(world, now)
  const opened = await openInSession(world.sql, {
    id: challengeId,
    purpose: 'set-up',
    sessionId: who.session.id,
    accountId: who.session.account_id,
    epoch: who.session.epoch,
    methodId,
    destination,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    expiresAt,
    source: who.source,
    browser: who.browser,
  })
  if (!opened) return 'over'
  if (!kind.sends || destination === null) return 'none'
  return asState(
    await sendCode(world, who, {
      id: challengeId,
      purpose: 'set-up',
      account_id: who.session.account_id,
      kind: kind.kind,
      channel: kind.sends,
      destination,
      expires_at: expiresAt,
      action: null,
      session_hash: who.session.token_hash,
    }),
  )
}

function asState(sent: Refusal | { ok: true; state: 'waiting' | 'accepted' }): Started['sent'] {
  if (sent.ok) return sent.state
  return sent.reason === 'not-delivered' ? 'failed' : 'limited'
}

function pendingUntil(world: World, now: Date): Date {
  return new Date(now.getTime() + world.config.setUpLifetimeMinutes * 60_000)
}
