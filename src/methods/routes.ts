import { z } from 'zod'
import { id, line, typed } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { lookAt, lookAtRemoval } from './look-at.ts'
import { lookAtNewNumber } from './look-at-new-number.ts'
import { newNumberPage, removePage, renamePage } from './pages-change.ts'
import { remove } from './remove.ts'
import { rename } from './rename.ts'
import { sendCodeAgain } from './send-code-again.ts'
import { setUpRoutes } from './set-up-routes.ts'
import { methodShape, progressShape } from './shapes.ts'
import { askNewNumber, useNewNumber } from './use-new-number.ts'

const nothing = z.object({})
const one = z.object({ id })
const guessed = z.object({ id, code: typed })
const state = z.enum(['waiting', 'accepted', 'none'])
const root = '/settings/security/methods'
const security = '/settings/security'

/** What can be done about a method that is on. */
const changeRoutes: readonly Route[] = [
  shown({
    get: `${root}/:id/rename`,
    api: 'GET /methods/:id',
    who: 'session',
    openWithoutCodes: true,
    input: one,
    output: z.object({ method: methodShape }),
    summary: 'One method.',
    run: lookAt,
    page: renamePage,
  }),
  acted({
    post: `${root}/:id/rename`,
    api: 'PATCH /methods/:id',
    who: 'session',
    openWithoutCodes: true,
    input: z.object({ id, name: line() }),
    output: nothing,
    summary: 'Give a method another name.',
    run: rename,
    then: () => `${security}?notice=method-renamed`,
    back: (input) => `${root}/${input['id']}/rename`,
  }),
  shown({
    get: `${root}/:id/remove`,
    who: 'fresh',
    protectedChange: true,
    openWithoutCodes: true,
    input: one,
    output: nothing,
    summary: 'Asks before a method is turned off.',
    run: lookAtRemoval,
    page: removePage,
  }),
  acted({
    post: `${root}/:id/remove`,
    api: 'DELETE /methods/:id',
    who: 'fresh',
    protectedChange: true,
    openWithoutCodes: true,
    input: one,
    output: nothing,
    summary: 'Turn a method off; with the last one go the recovery codes.',
    run: remove,
    then: () => `${security}?notice=method-off`,
    back: (input) => `${root}/${input['id']}/remove`,
  }),
]

/** Moving text messages to the profile's new number (A9). */
const newNumberRoutes: readonly Route[] = [
  shown({
    get: `${root}/:id/new-number`,
    api: 'GET /methods/:id/new-number',
    who: 'fresh',
    openWithoutCodes: true,
    input: one,
    output: z.object({ id: z.uuid(), from: z.string(), to: z.string(), progress: progressShape }),
    summary: 'How far the move to the profile’s new number is.',
    run: lookAtNewNumber,
    page: newNumberPage,
  }),
  acted({
    post: `${root}/:id/new-number`,
    api: 'POST /methods/:id/new-number',
    who: 'fresh',
    protectedChange: true,
    openWithoutCodes: true,
    input: one,
    output: z.object({ state }),
    summary: 'Send a code to the profile’s new number.',
    run: askNewNumber,
    then: (_result, input) => `${root}/${input.id}/new-number`,
    back: (input) => `${root}/${input['id']}/new-number`,
  }),
  acted({
    post: `${root}/:id/new-number/send-again`,
    who: 'fresh',
    openWithoutCodes: true,
    input: one,
    output: nothing,
    summary: 'Send the code to the new number again.',
    run: sendCodeAgain,
    then: (_result, input) => `${root}/${input.id}/new-number?notice=code-sent-again`,
    back: (input) => `${root}/${input['id']}/new-number`,
  }),
  acted({
    post: `${root}/:id/new-number/confirm`,
    api: 'POST /methods/:id/new-number/confirm',
    who: 'fresh',
    protectedChange: true,
    openWithoutCodes: true,
    input: guessed,
    output: nothing,
    summary: 'Move text messages to the new number with the code sent to it.',
    run: useNewNumber,
    then: () => `${security}?notice=number-moved`,
    back: (input) => `${root}/${input['id']}/new-number`,
  }),
]

/** Methods: set up, changed, turned off. */
export const methodRoutes: readonly Route[] = [...setUpRoutes, ...changeRoutes, ...newNumberRoutes]
