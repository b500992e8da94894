import { z } from 'zod'
import { id, line, tick, typed } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { freshCodesPage } from '../recovery/pages.ts'
import type { Member } from '../sessions/session.ts'
import { confirm } from './confirm.ts'
import { lookAt } from './look-at.ts'
import { lookAtDelivery } from './look-at-delivery.ts'
import { lookAtNewNumber } from './look-at-new-number.ts'
import { lookAtOffer } from './look-at-offer.ts'
import { lookAtPending, showPendingAgain } from './look-at-pending.ts'
import { offers } from './offers.ts'
import { newNumberPage, removePage, renamePage } from './pages-change.ts'
import { pendingPage, scanPage } from './pages-prove.ts'
import { donePage, openingPage, secondMethodPage, setUpPage } from './pages-set-up.ts'
import { remove } from './remove.ts'
import { rename } from './rename.ts'
import { sendCodeAgain } from './send-code-again.ts'
import { setUp } from './set-up.ts'
import { methodShape, offerShape, pendingShape, progressShape, startedShape } from './shapes.ts'
import { askNewNumber, useNewNumber } from './use-new-number.ts'

const nothing = z.object({})
const one = z.object({ id })
const guessed = z.object({ id, code: typed })
const state = z.enum(['waiting', 'accepted', 'none'])
const cards = '/settings/security/set-up'
const root = '/settings/security/methods'
const security = '/settings/security'

/** Setting a method up, from the cards to the end. */
const setUpRoutes: readonly Route[] = [
  shown({
    get: cards,
    api: 'GET /methods',
    who: 'session',
    openWithoutCodes: true,
    input: nothing,
    output: z.object({ methods: z.array(methodShape), offers: z.array(offerShape) }),
    summary: 'The methods that are on, and the kinds that can be set up, strongest first.',
    run: offers,
    page: setUpPage,
  }),
  shown({
    get: `${cards}/another`,
    who: 'session',
    openWithoutCodes: true,
    input: nothing,
    output: nothing,
    summary: 'After the first method: a second one, or not.',
    run: offers,
    page: secondMethodPage,
  }),
  shown({
    get: `${cards}/done`,
    who: 'session',
    openWithoutCodes: true,
    input: nothing,
    output: nothing,
    summary: 'The end of a set-up.',
    run: offers,
    page: donePage,
  }),
  shown({
    get: `${cards}/:kind`,
    who: 'fresh',
    openWithoutCodes: true,
    input: z.object({ kind: line() }),
    output: nothing,
    summary: 'Before a set-up: the name, or the destination and the notice.',
    run: lookAtOffer,
    page: openingPage,
  }),
  acted({
    post: `${cards}/:kind`,
    api: 'POST /methods',
    who: 'fresh',
    openWithoutCodes: true,
    input: z.object({
      kind: line(),
      name: line()
        .nullish()
        .transform((name) => name ?? null),
      notice_accepted: tick,
    }),
    output: startedShape,
    summary: 'Start a set-up: sends a code, or gives the key of an authenticator app, this once.',
    run: setUp,
    then: (started) =>
      started.shown['uri'] === undefined
        ? `${cards}/pending/${started.id}`
        : (view) => scanPage(view, started),
    back: (input) => `${cards}/${encodeURIComponent(input['kind'] ?? '')}`,
  }),
  shown({
    get: `${cards}/pending/:id`,
    api: 'GET /methods/:id/set-up',
    who: 'fresh',
    openWithoutCodes: true,
    input: one,
    output: pendingShape,
    summary: 'A set-up that waits for its first code.',
    run: lookAtPending,
    page: pendingPage,
  }),
  acted({
    post: `${cards}/pending/:id/send-again`,
    api: 'POST /methods/:id/code',
    who: 'fresh',
    openWithoutCodes: true,
    input: one,
    output: z.object({ state }),
    summary: 'Send the code that a set-up or a move to a new number waits for again.',
    run: sendCodeAgain,
    then: (_result, input) => `${cards}/pending/${input.id}?notice=code-sent-again`,
    back: (input) => `${cards}/pending/${input['id']}`,
  }),
  called({
    api: 'GET /methods/:id/delivery',
    who: 'session',
    openWithoutCodes: true,
    input: one,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the message with that code has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: `${root}/:id/confirm`,
    api: 'POST /methods/:id/confirm',
    who: 'fresh',
    openWithoutCodes: true,
    input: guessed,
    output: z.object({
      kind: z.string(),
      name: z.string(),
      codes: z.array(z.string()).nullable(),
    }),
    summary: 'Turn a method on with its first code; gives the first recovery codes, this once.',
    run: confirm,
    then: ({ codes }) =>
      codes === null
        ? `${cards}/done?notice=method-on`
        : (view) => freshCodesPage(view, codes, `${cards}/another`),
    back: (input) => `${cards}/pending/${input['id']}`,
    redraw: async (world, who: Member, input) => {
      const known = one.safeParse(input)
      const pending = known.success && (await showPendingAgain(world, who, known.data))
      if (!pending || !pending.ok) return null
      const scans = pending.shown['uri'] !== undefined
      return (view) => (scans ? scanPage(view, pending) : pendingPage(view, pending))
    },
  }),
]

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
    openWithoutCodes: true,
    input: one,
    output: nothing,
    summary: 'Asks before a method is turned off.',
    run: lookAt,
    page: removePage,
  }),
  acted({
    post: `${root}/:id/remove`,
    api: 'DELETE /methods/:id',
    who: 'fresh',
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
