import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { hashToken, keyedDigest } from '../crypto/tokens.ts'
import type { Membership } from '../policy/policy.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { Session } from '../sessions/session.ts'
import type { Caller, World } from '../world.ts'
import type { Scope } from './scopes.ts'
import { chargeForKey, findKey, markUsed } from './store.ts'
import type { FoundKey } from './store.ts'

/** What each key begins with, so that scanners for leaked secrets find it. */
export const tokenPrefix = 'tsk_'

/** A key that is good, and its maker as their own session would show them. */
export type CheckedKey = {
  readonly key: { readonly id: string; readonly scopes: readonly Scope[] }
  readonly session: Session
  /** All of the maker's teams: what they require holds for the key too (TEAM-02). */
  readonly teams: readonly Membership[]
}

/**
 * The key that came as a bearer token. It is good only while its maker is an owner or admin of its
 * team whose sessions there nobody ended since, and not disabled. One round trip, and one more a
 * minute. Refused: api-key-refused, the same for a key that is wrong, has expired, was revoked or
 * lost its maker; too-many-requests, when its source brought too many of them. No such count closes
 * a good key: 256 random bits cannot be guessed, the count only bounds what a flood writes.
 */
export async function checkKey(
  world: World,
  caller: Caller,
  bearer: string,
): Promise<Outcome<CheckedKey>> {
  const now = world.clock()
  const hash = bearer.startsWith(tokenPrefix) ? hashToken(bearer.slice(tokenPrefix.length)) : null
  const key = hash && (await findKey(world.sql, hash))
  const membership = key && placeOf(key, now)
  if (!key || !membership) return turnAway(world, caller, key)
  const seen = key.last_used_at?.getTime() ?? 0
  if (now.getTime() - seen >= limits.apiKeySeenSeconds * 1000) {
    await markUsed(world.sql, key.id, now)
  }
  return done({ key, session: standIn(key, membership, now), teams: key.teams })
}

/** The maker's place in the key's team; null when the key opens nothing. */
function placeOf(key: FoundKey, now: Date): Membership | null {
  const place = key.teams.find(({ team_id }) => team_id === key.team_id)
  if (!place || place.role === 'member' || key.disabled_at !== null) return null
  if (key.expires_at <= now) return null
  const ended = place.sessions_from !== null && key.created_at < place.sessions_from
  return ended ? null : place
}

async function turnAway(world: World, caller: Caller, key: FoundKey | null): Promise<Refusal> {
  const { sourceGuessesMax: max, sourceGuessRefillSeconds: refillSeconds } = world.config
  const about = {
    account: null,
    actor: null,
    team: key?.team_id ?? null,
    details: key ? { api_key: key.id } : {},
  }
  const events = JSON.stringify([event(caller, world.clock(), 'api-key.refused', about)])
  const source = keyedDigest(world.keys, 'key-source', caller.source)
  const bucket = { max, refillSeconds }
  const counted = await chargeForKey(world.sql, source, world.clock(), bucket, events)
  return counted
    ? refuse('api-key-refused')
    : refuse('too-many-requests', { seconds: refillSeconds })
}

/** The maker's session as far as a key stands in for one: with no proof, in the key's team alone. */
function standIn(key: FoundKey, membership: Membership, now: Date): Session {
  const { id, team_id, email, email_verified_at, name, epoch, kinds, created_at, expires_at } = key
  return {
    id,
    token_hash: null,
    account_id: key.made_by,
    epoch,
    email,
    email_verified_at,
    name,
    phone: null,
    created_at,
    seen_at: now,
    expires_at,
    password_at: null,
    second_step_at: null,
    second_step_kind: null,
    trusted_device_id: null,
    mailbox_at: null,
    wanted: null,
    team_id,
    kinds,
    teams: [membership],
    recovery_codes_left: null,
    recovery_case: null,
    support: false,
    frozen_until: null,
  }
}
