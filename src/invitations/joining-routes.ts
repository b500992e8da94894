import { z } from 'zod'
import { enterLink } from '../accounts/enter-link.ts'
import { id, line, typed } from '../http/field.ts'
import { byLink, linkRow, linkShown } from '../http/link-row.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { accept } from './accept.ts'
import { decline } from './decline.ts'
import { join } from './join.ts'
import { open } from './open.ts'
import { invitationPage } from './pages-joining.ts'
import { acceptPage, declinePage, receivedPage } from './pages-received.ts'
import { listMine, lookAtMine } from './received.ts'

const nothing = z.object({})
const one = z.object({ id })
const link = '/invitation'
const mine = '/invitations'

/** By the link in the mail: an account is made, nobody is signed in, and nobody's account is opened. */
const byTheLink: readonly Route[] = [
  linkRow(link, link, enterLink('invitation', 'invitation-over')),
  shown({
    get: link,
    who: 'anyone',
    seesSession: true,
    input: linkShown,
    output: nothing,
    summary: 'The page of an invitation’s link.',
    run: open,
    page: invitationPage,
  }),
  acted({
    post: link,
    api: 'POST /invited-accounts',
    who: 'anyone',
    seesSession: true,
    input: byLink.extend({ name: line(), password: typed }),
    output: z.object({ id: z.uuid(), email: z.string() }),
    summary: 'Make an account for an invited address, with the link from the mail, and join.',
    run: join,
    then: () => '/sign-in?notice=account-ready',
    back: () => link,
  }),
]

/** Inside a session: the invitations to the account's own confirmed address. */
const inside: readonly Route[] = [
  shown({
    get: mine,
    api: 'GET /invitations',
    who: 'session',
    input: nothing,
    output: z.object({
      invitations: z.array(
        z.object({
          id: z.uuid(),
          team: z.string(),
          role: z.enum(['admin', 'member']),
          invited_by: z.string().nullable(),
          expires_at: z.date(),
          required: z.boolean(),
        }),
      ),
      unconfirmed: z.boolean(),
    }),
    summary: 'The invitations to the person’s confirmed address.',
    run: listMine,
    page: receivedPage,
  }),
  shown({
    get: `${mine}/:id/accept`,
    who: 'fresh',
    input: one,
    output: nothing,
    summary: 'Asks before an invitation is accepted.',
    run: lookAtMine,
    page: acceptPage,
  }),
  acted({
    post: `${mine}/:id/accept`,
    api: 'POST /invitations/:id/accept',
    who: 'fresh',
    input: one,
    output: z.object({ team: z.uuid(), role: z.enum(['admin', 'member']) }),
    summary: 'Accept an invitation and join its team.',
    run: accept,
    then: () => '/?notice=team-joined',
    back: () => mine,
  }),
  shown({
    get: `${mine}/:id/decline`,
    who: 'session',
    input: one,
    output: nothing,
    summary: 'Asks before an invitation is declined.',
    run: lookAtMine,
    page: declinePage,
  }),
  acted({
    post: `${mine}/:id/decline`,
    api: 'DELETE /invitations/:id',
    who: 'session',
    input: one,
    output: nothing,
    summary: 'Decline an invitation.',
    run: decline,
    then: () => `${mine}?notice=invitation-declined`,
    back: () => mine,
  }),
]

/** The side of who was invited. */
export const joiningRoutes: readonly Route[] = [...byTheLink, ...inside]
