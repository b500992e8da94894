import { sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { maskDestination } from '../delivery/mask.ts'
import { invitationMessage } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import { asRole } from '../teams/role.ts'
import type { World } from '../world.ts'
import { readAddresses, refuseList } from './addresses.ts'
import type { Address } from './addresses.ts'
import { inviteLimits } from './send-limits.ts'
import { findTaken, insertInvitations } from './store.ts'
import type { InvitedRole, NewInvitation } from './store.ts'

export type Invite = {
  readonly addresses: string | readonly string[]
  readonly role: InvitedRole
}

/** The page with the form. Never refused. */
export async function lookAtInviting(): Promise<Outcome<object>> {
  return done({})
}

/**
 * Invites every address of the list to the team, or none (TEAM-10). Whether an address has an account
 * makes no difference and is not told. Refused: as `readAddresses`, addresses-not-right (also those
 * who are members or invited already), owner-required (only the owner invites admins),
 * invited-just-now, too-many-invitations, people-changed.
 */
export async function invite(
  world: World,
  who: InTeam,
  input: Invite,
): Promise<Outcome<{ invited: number }>> {
  const read = readAddresses(input.addresses)
  if (!read.ok) return read
  if (input.role === 'admin' && who.team.role !== 'owner') return refuse('owner-required')
  const keys = read.all.map(({ key }) => key)
  const inTheWay = await refuseTaken(world, who, read.all)
  if (inTheWay) return inTheWay
  const send = inviteLimits(world, who, keys)
  const fewer = new Error('not all could be invited: roll back')
  const writing = sendWithin(world, send.limits, async (sql) => {
    if (!(await write({ ...world, sql }, who, input.role, read.all))) throw fewer
  })
  const sent = await writing.catch((error: unknown) => {
    if (error === fewer) return null
    throw error
  })
  if (sent === null) return (await refuseTaken(world, who, read.all)) ?? refuse('people-changed')
  if (!sent.ok) return refuseSends(world, who, sent, send.addressOf)
  world.delivery.wake()
  return done({ invited: read.all.length })
}

async function refuseTaken(
  world: World,
  { team }: InTeam,
  all: readonly Address[],
): Promise<Refusal | null> {
  const keys = all.map(({ key }) => key)
  const taken = await findTaken(world.sql, team.team_id, keys, world.clock())
  if (taken.length === 0) return null
  const named = (member: boolean) =>
    all
      .filter(({ key }) => taken.some((one) => one.key === key && one.member === member))
      .map(({ email }) => email)
  return refuseList({ members: named(true), invited: named(false) })
}

/** Which limit kept the mails back, written down. Refused: invited-just-now, too-many-invitations. */
export async function refuseSends(
  world: World,
  who: InTeam,
  { key, waitSeconds: seconds }: { readonly key: string; readonly waitSeconds: number },
  addressOf: ReadonlyMap<string, string>,
): Promise<Refusal> {
  const address = addressOf.get(key)
  const about = { account: null, actor: who.session.account_id, team: who.team.team_id }
  const details = address === undefined ? {} : { to: maskDestination(address) }
  const kind = 'invitation.refused-by-limit'
  await record(world.sql, event(who, world.clock(), kind, { ...about, details }))
  return address === undefined
    ? refuse('too-many-invitations', { seconds })
    : refuse('invited-just-now', { address, seconds })
}

async function write(
  world: World,
  who: InTeam,
  role: InvitedRole,
  all: readonly Address[],
): Promise<boolean> {
  const now = world.clock()
  const expiresAt = endOfLife(now)
  const id = () => newId(now, world.random)
  const made: NewInvitation[] = all.map(({ email, key }) => ({
    id: id(),
    email,
    email_key: key,
    link_id: id(),
  }))
  const events = made.map(({ email }) => about(who, now, 'invitation.sent', email, role))
  const mails = made.map(({ email, link_id }) => mail(world, who, email, link_id, role, expiresAt))
  const act = {
    teamId: who.team.team_id,
    actorId: who.session.account_id,
    now,
    events: JSON.stringify(events),
    messages: JSON.stringify(mails),
  }
  return (await insertInvitations(world.sql, act, role, expiresAt, made)) === made.length
}

/** When an invitation that is sent now ends. */
export function endOfLife(now: Date): Date {
  return new Date(now.getTime() + limits.invitationLifetimeDays * 86_400_000)
}

/** The event of an act on an invitation; its address only masked (PRV-02). */
export function about(
  who: InTeam,
  now: Date,
  kind: Parameters<typeof event>[2],
  email: string,
  role: InvitedRole,
) {
  return event(who, now, kind, {
    account: null,
    actor: who.session.account_id,
    team: who.team.team_id,
    sessionHash: who.session.token_hash,
    details: { to: maskDestination(email), role },
  })
}

/** The mail of an invitation with that link. */
export function mail(
  world: World,
  who: InTeam,
  email: string,
  linkId: string,
  role: InvitedRole,
  expiresAt: Date,
) {
  const [team, by] = [who.team.name, who.session.name]
  return invitationMessage(world, { email, linkId, expiresAt, team, by, role: asRole(role) })
}
