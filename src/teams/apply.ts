import { event } from '../audit/event.ts'
import type { EventKind } from '../audit/kinds.ts'
import { record } from '../audit/store.ts'
import { strengthsOf } from '../methods/index.ts'
import type { Policy } from '../policy/policy.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { announced } from './announce.ts'
import { applyPolicy, readVersion } from './apply-store.ts'
import { changesOf } from './changes.ts'
import type { Changes } from './changes.ts'
import { readyKinds } from './due-store.ts'
import type { InTeam } from './in-team.ts'
import { noPolicy, toPolicy } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/** A change that may be made: the policy as it would be, and what becomes different. */
export type Prepared = { readonly policy: Policy; readonly changes: Changes }

/**
 * Looks whether somebody may change their team's policy so. Changes nothing. Refused: changed-by-
 * another (`version` is not the present one), bad-input as `toPolicy`, nothing-changes,
 * protect-yourself-first (they have no method that the new policy allows, TEAM-04).
 */
export function prepare(
  now: Date,
  { session, team }: InTeam,
  version: number,
  wanted: Wanted,
): Outcome<Prepared> {
  const before = team.policy ?? noPolicy
  if (version !== before.version) return refuse('changed-by-another')
  const made = toPolicy(before, wanted, now)
  if (!made.ok) return made
  const changes = changesOf(before, made.policy, now)
  if (changes.sentences.length === 0) return refuse('nothing-changes')
  const complies = strengthsOf(session.kinds).some((one) => made.policy.strengths.includes(one))
  return complies ? done({ policy: made.policy, changes }) : refuse('protect-yourself-first')
}

/**
 * Changes what the team requires (TEAM-04): the owners are told, the members mailed where it
 * concerns them all, in one statement. Refused: as `prepare`, and `changed` when the account of who
 * asked changed at the same moment.
 */
export async function apply(
  world: World,
  who: InTeam,
  input: { version: number } & Wanted,
): Promise<Outcome<{ version: number; mailed: number }>> {
  const now = world.clock()
  const prepared = prepare(now, who, input.version, input)
  if (!prepared.ok) return refused(world, who, prepared)
  const { policy, changes } = prepared
  const { session, team } = who
  const mail = announced(policy, team, session.name, input.words, now)
  const applied = await applyPolicy(world.sql, {
    teamId: team.team_id,
    accountId: session.account_id,
    epoch: session.epoch,
    baseVersion: input.version,
    policy,
    kinds: readyKinds(policy),
    now,
    events: JSON.stringify([eventOf(who, now, prepared)]),
    announcement: changes.announced ? JSON.stringify(mail) : null,
    notice: JSON.stringify(noticeOf(who, prepared)),
  })
  if (applied) {
    world.delivery.wake()
    return done(applied)
  }
  const present = await readVersion(world.sql, team.team_id)
  return refuse(present === input.version ? 'changed' : 'changed-by-another')
}

/** An admin without a method of their own who tries is in the log (AUD-01). */
async function refused(world: World, who: InTeam, refusal: Refusal): Promise<Refusal> {
  if (refusal.reason !== 'protect-yourself-first') return refusal
  const { account_id: account, token_hash: sessionHash } = who.session
  const about = { account, sessionHash, team: who.team.team_id }
  await record(world.sql, event(who, world.clock(), 'policy.refused', about))
  return refusal
}

function eventOf(who: InTeam, now: Date, { policy, changes }: Prepared) {
  const { account_id: account, token_hash: sessionHash } = who.session
  const was = who.team.policy?.required ?? false
  const details = { version: policy.version, changes: changes.sentences.join('; ') }
  const about = { account, sessionHash, team: who.team.team_id, details }
  return event(who, now, kindOf(was, policy.required, changes.loosens), about)
}

function kindOf(was: boolean, is: boolean, loosens: boolean): EventKind {
  if (was !== is) return is ? 'policy.turned-on' : 'policy.turned-off'
  return loosens ? 'policy.loosened' : 'policy.changed'
}

function noticeOf({ session, team, browser, source }: InTeam, { changes }: Prepared) {
  return {
    team: team.team_id,
    team_name: team.name,
    by: session.name,
    changes: changes.sentences,
    loosens: changes.loosens,
    browser,
    source,
  }
}
