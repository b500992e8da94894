import { checkKey } from './api-keys/check.ts'
import { momentInWords } from './delivery/words.ts'
import type { Approach } from './http/asker.ts'
import type { Fields } from './http/read-input.ts'
import type { Admission, Route } from './http/route.ts'
import { strengthsOf } from './methods/index.ts'
import { listConfirmed } from './methods/store.ts'
import { demand, satisfies } from './policy/policy.ts'
import type { Demand, Membership, Role } from './policy/policy.ts'
import { refuse } from './reasons.ts'
import type { Refusal } from './reasons.ts'
import { check } from './sessions/check.ts'
import { missingProofs } from './sessions/fresh.ts'
import type { Session } from './sessions/session.ts'
import type { Caller, World } from './world.ts'

/** What admission needs to know of a request. */
export type Coming = Pick<Approach, 'sessionCookie' | 'bearer' | 'asker'>

/**
 * Lets a request through to its row, or says why not. The session and what its teams require are
 * read from the database at every request that needs one, in one statement; the default is to refuse
 * (FLOW-02, TEAM-01, TEAM-02).
 * Refused: sign-in-required, set-up-required (A4), recovery-codes-required (RC-06), not-found (a team
 * of others, ENR-09), sign-in-again (TEAM-09), role-required, step-up-required (ENR-01),
 * mailbox-required (ENR-03), recovery-set-up-required (REC-05), support-required and
 * support-needs-method (REC-06), frozen (REC-07).
 * An API key opens rows that name a scope and nothing else: refused then as well are api-key-refused,
 * scope-required and too-many-requests (decision 16).
 */
export async function admit(
  world: World,
  route: Route,
  at: Coming,
  fields: Fields,
): Promise<Admission> {
  if (route.who === 'anyone') {
    const seen = route.seesSession ? await check(world, at.sessionCookie) : null
    // A session that a case's link opened is nobody's yet but for its set-up (REC-05).
    const counts = seen !== null && seen.recovery_case === null
    return { ...nobody, session: counts ? seen : null, refusal: null }
  }
  if (at.bearer !== null) return admitKey(world, route, at.bearer, at.asker, fields)
  const session = await check(world, at.sessionCookie)
  if (session === null) return { ...nobody, refusal: refuse('sign-in-required') }
  const team = route.team ? teamOf(session, fields['team']) : null
  const unmet = unmetBy(world, session)
  const refusal =
    hold(route, session, unmet) ??
    (route.team ? holdInTeam(route.team, team, session) : null) ??
    holdProtected(world, route, session) ??
    (await holdUntilFresh(world, route, session))
  const restricted = unmet.length > 0 || session.recovery_case !== null
  return { session, team, restricted, refusal }
}

const nobody = { session: null, team: null, restricted: false } as const

/** As a session of the admin who made the key would be let through, in the key's own team alone. */
async function admitKey(
  world: World,
  route: Route,
  bearer: string,
  caller: Caller,
  fields: Fields,
): Promise<Admission> {
  if (!route.scope || !route.team) return { ...nobody, refusal: refuse('sign-in-required') }
  const checked = await checkKey(world, caller, bearer)
  if (!checked.ok) return { ...nobody, refusal: checked }
  const { session, key, teams } = checked
  const team = teamOf(session, fields['team'])
  const asked = demand(teams, world.clock(), world.clock())
  const unmet = !satisfies(strengthsOf(session.kinds), asked) && asked.due
  const refusal = unmet
    ? refuse('set-up-required', { team: demanderFor(session, asked) })
    : (holdInTeam(route.team, team, session) ??
      (key.scopes.includes(route.scope) ? null : refuse('scope-required', { scope: route.scope })))
  return { session, team, restricted: false, refusal, apiKey: key.id }
}

/** Who asks it of a key's maker: of other teams whoever holds the key learns nothing. */
function demanderFor({ teams }: Session, asked: Demand): string {
  const own = teams.find(({ name }) => asked.teams.includes(name))
  return own?.name ?? 'A team of the key’s maker'
}

/** Names of the teams whose requirement bites and is not met. */
function unmetBy(world: World, session: Session): readonly string[] {
  const asked = demand(session.teams, world.clock(), session.created_at)
  return asked.due && !satisfies(strengthsOf(session.kinds), asked) ? asked.teams : []
}

function teamOf(session: Session, id: unknown): Membership | null {
  return session.teams.find(({ team_id }) => team_id === id) ?? null
}

/** What stands between the whole account and the row. */
function hold(route: Route, session: Session, unmet: readonly string[]): Refusal | null {
  if (session.recovery_case !== null && !route.openInSetUp) {
    return refuse('recovery-set-up-required')
  }
  if (unmet.length > 0 && !route.openInSetUp) {
    return refuse('set-up-required', { team: unmet.join(' and ') })
  }
  if (session.recovery_codes_left === 0 && !route.openWithoutCodes) {
    return refuse('recovery-codes-required')
  }
  return route.support ? holdFromSupport(session) : null
}

/** Whoever helps others back in passed their own second step in this session (REC-06). */
function holdFromSupport(session: Session): Refusal | null {
  if (!session.support) return refuse('support-required')
  if (session.kinds.length === 0) return refuse('support-needs-method')
  return session.second_step_at === null ? refuse('step-up-required') : null
}

/** After a recovery what protects the account stays as it is for some days (REC-07). */
function holdProtected(world: World, route: Route, { frozen_until }: Session): Refusal | null {
  if (!route.protectedChange || frozen_until === null) return null
  if (frozen_until <= world.clock()) return null
  return refuse('frozen', { until: momentInWords(frozen_until) })
}

const ranks: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 }

function holdInTeam(least: Role, team: Membership | null, session: Session): Refusal | null {
  if (team === null) return refuse('not-found')
  if (team.sessions_from !== null && session.created_at < team.sessions_from) {
    return refuse('sign-in-again', { team: team.name })
  }
  return ranks[team.role] < ranks[least] ? refuse('role-required') : null
}

async function holdUntilFresh(
  world: World,
  route: Route,
  session: Session,
): Promise<Refusal | null> {
  // A session that a case's link opened is short, and opened for this alone.
  if (route.who !== 'fresh' || session.recovery_case !== null) return null
  const methods = await listConfirmed(world.sql, session.account_id)
  const missing = missingProofs(world, session, methods.length > 0)
  if (missing.password || missing.secondStep) return refuse('step-up-required')
  return missing.mailbox ? refuse('mailbox-required') : null
}
