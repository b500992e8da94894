import { z } from 'zod'
import { id, line } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { strengths } from '../policy/strength.ts'
import { changeRole } from './change-role.ts'
import { handOver, lookAtHandOver } from './hand-over.ts'
import { leave } from './leave.ts'
import { listMine } from './list-mine.ts'
import { lookAtLeaving, lookAtRemoval, lookAtRole } from './look-at-member.ts'
import { lookAtNewTeam, newTeam } from './new-team.ts'
import { handOverPage } from './pages-hand-over.ts'
import { newTeamPage } from './pages-mine.ts'
import { leavePage, removePage, rolePage } from './pages-people.ts'
import { removeMember } from './remove-member.ts'

const nothing = z.object({})
const inTeam = z.object({ team: id })
const oneMember = inTeam.extend({ member: id })
const role = z.enum(['admin', 'member'])

type Input = Readonly<Record<string, string>>

/** The person's teams, and one more. */
const mine: readonly Route[] = [
  called({
    api: 'GET /teams',
    who: 'session',
    input: nothing,
    output: z.object({
      teams: z.array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          role: z.enum(['owner', 'admin', 'member']),
          joined_at: z.date(),
          requires: z
            .object({
              strengths: z.array(z.enum(strengths)),
              due: z.boolean(),
              due_at: z.date().nullable(),
            })
            .nullable(),
          trust_days: z.number(),
        }),
      ),
    }),
    summary: 'The teams of the person, their role in each, and what each requires of them.',
    run: listMine,
  }),
  shown({
    get: '/teams/new',
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'The page that asks for the name of a new team.',
    run: lookAtNewTeam,
    page: (view) => newTeamPage(view),
  }),
  acted({
    post: '/teams/new',
    api: 'POST /teams',
    who: 'session',
    input: z.object({ name: line() }),
    output: z.object({ id: z.uuid(), name: z.string() }),
    summary: 'Make another team, owned by the person.',
    run: newTeam,
    then: ({ id: team }) => `/teams/${team}/invitations?notice=team-made`,
    back: () => '/teams/new',
  }),
]

/** Roles and removal: acts on one member. */
const others: readonly Route[] = [
  shown({
    get: '/teams/:team/members/:member/role',
    who: 'fresh',
    team: 'owner',
    input: oneMember,
    output: nothing,
    summary: 'Asks before a member’s role is changed.',
    run: lookAtRole,
    page: rolePage,
  }),
  acted({
    post: '/teams/:team/members/:member/role',
    api: 'PATCH /teams/:team/members/:member',
    who: 'fresh',
    team: 'owner',
    input: oneMember.extend({ role }),
    output: z.object({ role }),
    summary: 'Make a member an admin, or an admin a member.',
    run: changeRole,
    then: (_result, { team }) => `/teams/${team}/members?notice=role-changed`,
    back: ({ team, member }: Input) => `/teams/${team}/members/${member}/role`,
  }),
  shown({
    get: '/teams/:team/members/:member/remove',
    who: 'fresh',
    team: 'admin',
    input: oneMember,
    output: nothing,
    summary: 'Asks before somebody is removed from the team.',
    run: lookAtRemoval,
    page: removePage,
  }),
  acted({
    post: '/teams/:team/members/:member/remove',
    api: 'DELETE /teams/:team/members/:member',
    who: 'fresh',
    team: 'admin',
    input: oneMember,
    output: nothing,
    summary: 'Remove somebody from the team, at once.',
    run: removeMember,
    then: (_result, { team }) => `/teams/${team}/members?notice=member-removed`,
    back: ({ team, member }: Input) => `/teams/${team}/members/${member}/remove`,
  }),
]

/** One's own place in a team: leaving it, handing it over. */
const own: readonly Route[] = [
  shown({
    get: '/teams/:team/leave',
    who: 'fresh',
    team: 'member',
    input: inTeam,
    output: nothing,
    summary: 'Asks before the person leaves the team.',
    run: lookAtLeaving,
    page: leavePage,
  }),
  acted({
    post: '/teams/:team/leave',
    api: 'DELETE /teams/:team/membership',
    who: 'fresh',
    team: 'member',
    input: inTeam,
    output: nothing,
    summary: 'Leave the team. Not for its owner.',
    run: leave,
    then: () => '/?notice=team-left',
    back: ({ team }: Input) => `/teams/${team}/leave`,
  }),
  shown({
    get: '/teams/:team/hand-over',
    who: 'fresh',
    team: 'owner',
    protectedChange: true,
    input: inTeam.extend({ to: z.uuid().nullable().catch(null) }),
    output: nothing,
    summary: 'Asks to whom the team is handed over.',
    run: lookAtHandOver,
    page: handOverPage,
  }),
  acted({
    post: '/teams/:team/hand-over',
    api: 'PUT /teams/:team/owner',
    who: 'fresh',
    team: 'owner',
    protectedChange: true,
    input: inTeam.extend({ email: line(320) }),
    output: z.object({ owner: z.uuid() }),
    summary: 'Make somebody else in the team its owner, and oneself an admin.',
    run: handOver,
    then: (_result, { team }) => `/teams/${team}/members?notice=team-handed-over`,
    back: ({ team }: Input) => `/teams/${team}/hand-over`,
  }),
]

/** How people change place in a team, leave it, and make another. */
export const peopleRoutes: readonly Route[] = [...mine, ...others, ...own]
