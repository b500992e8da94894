import { z } from 'zod'
import { enterLink } from '../accounts/enter-link.ts'
import { id, line } from '../http/field.ts'
import { byLink, linkRow, linkShown } from '../http/link-row.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { addAddress } from './add-address.ts'
import { askChange } from './ask-change.ts'
import { cancelChange } from './cancel-change.ts'
import { confirmAddress, lookAtAddress } from './confirm-address.ts'
import { confirmChange, lookAtChange } from './confirm-change.ts'
import { look, lookAtOther } from './look.ts'
import {
  addPage,
  addressCountsPage,
  changePage,
  confirmAddressPage,
  confirmChangePage,
  emailPage,
  removePage,
} from './pages.ts'
import { removeAddress } from './remove-address.ts'

const nothing = z.object({})
const one = z.object({ id })
const address = z.object({ email: line(320) })
const given = z.object({ email: z.string() })
const root = '/settings/email'
const [change, notify] = ['/change-email', '/notify-email'] as const

/** The account's address and its change. */
const own: readonly Route[] = [
  shown({
    get: root,
    api: 'GET /email',
    who: 'session',
    input: nothing,
    output: z.object({
      email: z.string(),
      email_verified: z.boolean(),
      pending: z
        .object({ email: z.string(), created_at: z.date(), expires_at: z.date() })
        .nullable(),
      others: z.array(
        z.object({
          id: z.uuid(),
          email: z.string(),
          created_at: z.date(),
          verified_at: z.date().nullable(),
        }),
      ),
    }),
    summary: 'The account’s address, a change that waits, and further addresses for notices.',
    run: look,
    page: emailPage,
  }),
  shown({
    get: `${root}/change`,
    who: 'fresh',
    protectedChange: true,
    input: nothing,
    output: nothing,
    summary: 'Asks for the new address.',
    run: look,
    page: changePage,
  }),
  acted({
    post: `${root}/change`,
    api: 'POST /email/changes',
    who: 'fresh',
    protectedChange: true,
    input: address,
    output: given,
    summary: 'Mail a link to a new address; it is in force once that is used.',
    run: askChange,
    then: () => `${root}?notice=change-mailed`,
    back: () => `${root}/change`,
  }),
  acted({
    post: `${root}/cancel`,
    api: 'DELETE /email/change',
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'Cancel a change of address that waits.',
    run: cancelChange,
    then: () => `${root}?notice=change-cancelled`,
    back: () => root,
  }),
  linkRow(change, change, enterLink('change-email')),
  shown({
    get: change,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page of a link to a new address.',
    run: lookAtChange,
    page: confirmChangePage,
  }),
  acted({
    post: change,
    api: 'POST /email/confirmations',
    who: 'anyone',
    input: byLink,
    output: given,
    summary: 'Put a new address in force with the link mailed to it.',
    run: confirmChange,
    then: () => '/sign-in?notice=email-changed',
    back: () => change,
  }),
]

/** Further addresses for notices. */
const others: readonly Route[] = [
  shown({
    get: `${root}/others/add`,
    who: 'fresh',
    input: nothing,
    output: nothing,
    summary: 'Asks for a further address.',
    run: look,
    page: (view) => addPage(view),
  }),
  acted({
    post: `${root}/others`,
    api: 'POST /email/others',
    who: 'fresh',
    input: address,
    output: given,
    summary: 'Add an address for notices; it counts once its link is used.',
    run: addAddress,
    then: () => `${root}?notice=address-mailed`,
    back: () => `${root}/others/add`,
  }),
  shown({
    get: `${root}/others/:id/remove`,
    who: 'fresh',
    input: one,
    output: nothing,
    summary: 'Asks before an address for notices is removed.',
    run: lookAtOther,
    page: removePage,
  }),
  acted({
    post: `${root}/others/:id/remove`,
    api: 'DELETE /email/others/:id',
    who: 'fresh',
    protectedChange: true,
    input: one,
    output: nothing,
    summary: 'Remove an address for notices.',
    run: removeAddress,
    then: () => `${root}?notice=address-removed`,
    back: (input) => `${root}/others/${input['id']}/remove`,
  }),
  linkRow(notify, notify, enterLink('notify-email')),
  shown({
    get: notify,
    who: 'anyone',
    input: linkShown,
    output: nothing,
    summary: 'The page of a link to a further address.',
    run: lookAtAddress,
    page: confirmAddressPage,
  }),
  acted({
    post: notify,
    api: 'POST /email/others/confirmations',
    who: 'anyone',
    input: byLink,
    output: given,
    summary: 'Let a further address count with the link mailed to it.',
    run: confirmAddress,
    then: (result) => (view) => addressCountsPage(view, result.email),
    back: () => notify,
  }),
]

export const addressRoutes: readonly Route[] = [...own, ...others]
