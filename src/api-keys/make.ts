import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { newToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { tokenPrefix } from './check.ts'
import { newsFor } from './news.ts'
import type { Scope } from './scopes.ts'
import { insertKey } from './store.ts'

/** A key at the only moment its token is known. */
export type MadeKey = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expires_at: Date
  /** "tsk_…": shown once, stored only as a hash (SES-01). */
  readonly token: string
  /** Where the API is, for the example beside it. */
  readonly base_url: string
}

/** Each try that meets another maker leaves one slot fewer. */
const triesMax = limits.apiKeysPerTeamMax + 1

/**
 * Makes a key for programs of the team, good for 1 to 365 days, and tells its maker and the team's
 * owner (NTF-01). Refused: too-many-api-keys (20 a team), changed (its maker is no admin any more).
 */
export async function make(
  world: World,
  who: InTeam,
  input: { name: string; scopes: readonly Scope[]; days: number },
): Promise<Outcome<MadeKey>> {
  const now = world.clock()
  const id = newId(now, world.random)
  const { token, hash } = newToken(world.random)
  const { account_id: account, token_hash: sessionHash } = who.session
  const expiresAt = new Date(now.getTime() + input.days * 86_400_000)
  const scopes = [...new Set(input.scopes)]
  const key = { name: input.name, made_by: account }
  const about = {
    account,
    team: who.team.team_id,
    sessionHash,
    details: { key: input.name, key_id: id, scopes: scopes.join(' ') },
  }
  const row = {
    id,
    teamId: who.team.team_id,
    name: input.name,
    tokenHash: hash,
    scopes,
    madeBy: account,
    now,
    expiresAt,
    events: JSON.stringify([event(who, now, 'api-key.made', about)]),
    messages: JSON.stringify(await newsFor(world, who, key, 'api-key-made')),
  }
  for (let tries = 0; tries < triesMax; tries++) {
    const firstSlot = (hash[tries] ?? 0) % limits.apiKeysPerTeamMax
    const outcome = await insertKey(world.sql, { ...row, firstSlot })
    if (outcome === 'full') return refuse('too-many-api-keys', { max: limits.apiKeysPerTeamMax })
    if (outcome === 'made') {
      world.delivery.wake()
      const { name } = input
      const shown = { token: tokenPrefix + token, base_url: world.config.baseUrl }
      return done({ id, name, scopes, expires_at: expiresAt, ...shown })
    }
  }
  return refuse('changed')
}
