import { z } from 'zod'
import { id } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { changeRole } from './change-role.ts'
import { invite, lookAtInviting } from './invite.ts'
import { joiningRoutes } from './joining-routes.ts'
import { list } from './list.ts'
import { lookAt } from './look-at.ts'
import { changeRolePage, revokePage } from './pages-change.ts'
import { invitePage, pendingPage } from './pages.ts'
import { resend } from './resend.ts'
import { revoke } from './revoke.ts'

const nothing = z.object({})
const root = '/teams/:team/invitations'
const inTeam = z.object({ team: id })
const one = inTeam.extend({ invitation: id })
const role = z.enum(['admin', 'member'])
/** As a text in which they stand, or one by one; how many there are is said later. */
const addresses = z.union([z.string().max(65_536), z.array(z.string().max(400))])

type Input = Readonly<Record<string, string>>
const listOf = ({ team }: { readonly team?: string | undefined }) => `/teams/${team}/invitations`

/** The team's side: who is invited, and as what. */
const sending: readonly Route[] = [
  shown({
    get: root,
    api: `GET ${root}`,
    who: 'session',
    team: 'admin',
    input: inTeam.extend({ after: z.string().max(60).nullable().catch(null) }),
    output: z.object({
      total: z.number(),
      invitations: z.array(
        z.object({
          id: z.uuid(),
          email: z.string(),
          role,
          created_at: z.date(),
          sent_at: z.date(),
          expires_at: z.date(),
          invited_by: z.string().nullable(),
          expired: z.boolean(),
        }),
      ),
      next: z.string().nullable(),
    }),
    summary: 'The team’s invitations that nobody has accepted yet, newest first.',
    run: list,
    page: (view, pending, { after }) => pendingPage(view, pending, after),
  }),
  shown({
    get: `${root}/new`,
    who: 'fresh',
    team: 'admin',
    input: inTeam,
    output: nothing,
    summary: 'The page that asks whom to invite.',
    run: lookAtInviting,
    page: (view) => invitePage(view),
  }),
  acted({
    post: root,
    api: `POST ${root}`,
    who: 'fresh',
    team: 'admin',
    input: inTeam.extend({ addresses, role }),
    output: z.object({ invited: z.number() }),
    summary: 'Invite several addresses, all or none. Only the owner invites admins.',
    run: invite,
    then: (_result, input) => `${listOf(input)}?notice=invitations-sent`,
    back: (input: Input) => `${listOf(input)}/new`,
  }),
]

/** Acts on one invitation. */
const changing: readonly Route[] = [
  shown({
    get: `${root}/:invitation/role`,
    who: 'fresh',
    team: 'owner',
    input: one,
    output: nothing,
    summary: 'Asks before the role in an invitation is changed.',
    run: lookAt,
    page: changeRolePage,
  }),
  acted({
    post: `${root}/:invitation/role`,
    api: `PATCH ${root}/:invitation`,
    who: 'fresh',
    team: 'owner',
    input: one.extend({ role }),
    output: z.object({ role }),
    summary: 'Change the role somebody is invited to.',
    run: changeRole,
    then: (_result, input) => `${listOf(input)}?notice=invitation-changed`,
    back: (input: Input) => `${listOf(input)}/${input['invitation']}/role`,
  }),
  acted({
    post: `${root}/:invitation/resend`,
    api: `POST ${root}/:invitation/resend`,
    who: 'session',
    team: 'admin',
    input: one,
    output: z.object({ expires_at: z.date() }),
    summary: 'Mail an invitation again with a new link; the one before is void.',
    run: resend,
    then: (_result, input) => `${listOf(input)}?notice=invitation-sent-again`,
    back: listOf,
  }),
  shown({
    get: `${root}/:invitation/revoke`,
    who: 'session',
    team: 'admin',
    input: one,
    output: nothing,
    summary: 'Asks before an invitation is withdrawn.',
    run: lookAt,
    page: revokePage,
  }),
  acted({
    post: `${root}/:invitation/revoke`,
    api: `DELETE ${root}/:invitation`,
    who: 'session',
    team: 'admin',
    input: one,
    output: nothing,
    summary: 'Withdraw an invitation; its link is void at once.',
    run: revoke,
    then: (_result, input) => `${listOf(input)}?notice=invitation-revoked`,
    back: listOf,
  }),
]

/** How people come into a team (TEAM-10). */
export const invitationRoutes: readonly Route[] = [...sending, ...changing, ...joiningRoutes]
