import { limits } from '../config.ts'
import type { Policy } from '../policy/policy.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason } from '../reasons.ts'
import { idleSince } from '../sessions/store.ts'
import type { World } from '../world.ts'
import { apply, prepare } from './apply.ts'
import type { Changes } from './changes.ts'
import { findDraft, saveDraft } from './drafts-store.ts'
import type { Draft } from './drafts-store.ts'
import { impactOf } from './impact.ts'
import type { Impact } from './impact.ts'
import { countCrowd } from './impact-store.ts'
import type { InTeam } from './in-team.ts'
import { previewsOf } from './preview.ts'
import type { LetterPreview } from './preview.ts'
import { noPolicy, toWanted } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/**
 * Keeps a change until it is confirmed; nothing of the policy changes yet. What is not given stays
 * as it is. Refused: as `prepare`.
 */
export async function draft(
  world: World,
  who: InTeam,
  input: { version: number } & Partial<Wanted>,
): Promise<Outcome<{ team: string }>> {
  const now = world.clock()
  const { version, ...given } = input
  const { team, session } = who
  const wanted = { ...toWanted(team.policy ?? noPolicy, now), ...given }
  const prepared = prepare(now, who, version, wanted)
  if (!prepared.ok) return prepared
  await saveDraft(world.sql, team.team_id, session.account_id, {
    base_version: version,
    policy: wanted,
    made_at: now,
  })
  return done({ team: team.team_id })
}

/** A change before it is confirmed: what it does, in words and numbers. */
export type DraftView = {
  readonly team: string
  readonly team_name: string
  /** Names this draft: what is confirmed is what was seen. */
  readonly made_at: Date
  /** Why it can't be made any more; then there is only starting again. */
  readonly problem: Reason | null
  readonly before: Policy
  readonly policy: Policy
  readonly changes: Changes
  readonly impact: Impact
  /** The mails to the members; none when nobody is mailed. */
  readonly previews: readonly LetterPreview[]
}

/** Shows the change that waits for this admin's confirmation. Refused: step-over (there is none). */
export async function lookAtDraft(world: World, who: InTeam): Promise<Outcome<DraftView>> {
  const now = world.clock()
  const { team } = who
  const [waiting, crowd] = await Promise.all([
    findWaiting(world, who, now),
    countCrowd(world.sql, team.team_id, now, idleSince(world.config, now)),
  ])
  if (waiting === null) return refuse('step-over')
  const before = team.policy ?? noPolicy
  const prepared = prepare(now, who, waiting.base_version, waiting.policy)
  const policy = prepared.ok ? prepared.policy : before
  const nothing = { sentences: [], loosens: false, announced: false }
  const changes = prepared.ok ? prepared.changes : nothing
  return done({
    team: team.team_id,
    team_name: team.name,
    made_at: waiting.made_at,
    problem: prepared.ok ? null : prepared.reason,
    before,
    policy,
    changes,
    impact: impactOf(crowd, policy.strengths),
    previews: changes.announced ? previewsOf(world, who, policy, waiting.policy.words) : [],
  })
}

/**
 * Makes the change that was shown (TEAM-04). Refused: step-over (another was begun since, or none is
 * there), and as `apply`.
 */
export async function confirm(
  world: World,
  who: InTeam,
  input: { made_at: string },
): Promise<Outcome<{ team: string; version: number; mailed: number }>> {
  const waiting = await findWaiting(world, who, world.clock())
  if (waiting?.made_at.toISOString() !== input.made_at) return refuse('step-over')
  const version = waiting.base_version
  const applied = await apply(world, who, { ...waiting.policy, version })
  return applied.ok ? done({ ...applied, team: who.team.team_id }) : applied
}

function findWaiting(world: World, who: InTeam, now: Date): Promise<Draft | null> {
  const since = new Date(now.getTime() - limits.draftLifetimeHours * 3_600_000)
  return findDraft(world.sql, who.team.team_id, who.session.account_id, since)
}
