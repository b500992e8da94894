import { emailKey } from '../accounts/email.ts'
import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { kinds, strengthsOf } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { findSomebody, handTeamOver, listAdmins } from './people-store.ts'
import type { Somebody } from './people-store.ts'

/** To whom a team can be handed over: its admins by name, and the address of the one chosen. */
export type HandOverView = {
  readonly admins: readonly Pick<Somebody, 'id' | 'name'>[]
  readonly to: Somebody | null
  /** The team requires two-step authentication, so the new owner must have a method that counts. */
  readonly required: boolean
}

/** What the owner sees before. `to`: somebody chosen on the way here. Refused: not-found. */
export async function lookAtHandOver(
  world: World,
  { team, session }: InTeam,
  input: { to: string | null },
): Promise<Outcome<HandOverView>> {
  const by = { id: input.to ?? session.account_id }
  const [admins, found] = await Promise.all([
    listAdmins(world.sql, team.team_id),
    findSomebody(world.sql, team.team_id, by, world.clock()),
  ])
  if (found === null) return refuse('not-found')
  const to = found.role === 'owner' ? null : found
  return done({ admins, to, required: team.policy?.required ?? false })
}

/**
 * Makes somebody else in the team its owner; the owner becomes an admin; both are told. Where the team
 * requires two-step authentication the new owner has a method that counts, so that the team never
 * loses its last protected owner (TEAM-04). Refused: not-a-member, already-done (they own it),
 * owner-not-protected, people-changed.
 */
export async function handOver(
  world: World,
  who: InTeam,
  input: { email: string },
): Promise<Outcome<{ owner: string }>> {
  const by = { emailKey: emailKey(input.email) }
  const to = await findSomebody(world.sql, who.team.team_id, by, world.clock())
  if (to === null) return refuse('not-a-member', undefined, { email: 'not-a-member' })
  if (to.role === 'owner') return refuse('already-done')
  if (await write(world, who, to)) {
    world.delivery.wake()
    return done({ owner: to.id })
  }
  if (isProtected(who, to)) return refuse('people-changed')
  return refuse('owner-not-protected', { team: who.team.name, name: to.name })
}

function isProtected({ team: { policy } }: InTeam, to: Somebody): boolean {
  if (!policy?.required) return true
  return strengthsOf(to.kinds).some((one) => policy.strengths.includes(one))
}

function write(world: World, who: InTeam, to: Somebody): Promise<boolean> {
  const { session, team } = who
  const now = world.clock()
  const about = { actor: session.account_id, team: team.team_id, sessionHash: session.token_hash }
  const stays = { from: 'owner', to: 'admin' }
  const old = { id: session.account_id, email: session.email }
  return handTeamOver(world.sql, {
    teamId: team.team_id,
    ownerId: session.account_id,
    memberId: to.id,
    strengths: Object.fromEntries(kinds.map(({ kind, strength }) => [kind, strength])),
    events: JSON.stringify([
      event(who, now, 'team.handed-over', { ...about, account: to.id, details: { from: to.role } }),
      event(who, now, 'member.role-changed', { ...about, account: old.id, details: stays }),
    ]),
    messages: JSON.stringify([
      ...noticeMessages(world, who, to, 'team-received', { team: team.name, by: session.name }),
      ...noticeMessages(world, who, old, 'team-given-away', { team: team.name, by: to.name }),
    ]),
  })
}
