import { z } from 'zod'
import { id, line, tick, typed } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { freshCodesPage } from '../recovery/pages.ts'
import type { Member } from '../sessions/session.ts'
import { confirm } from './confirm.ts'
import { givePhone } from './give-phone.ts'
import { lookAtDelivery } from './look-at-delivery.ts'
import { lookAtOffer } from './look-at-offer.ts'
import { lookAtPending, showPendingAgain } from './look-at-pending.ts'
import { offers } from './offers.ts'
import { pendingPage, scanPage } from './pages-prove.ts'
import { donePage, openingPage, secondMethodPage, setUpPage } from './pages-set-up.ts'
import { sendCodeAgain } from './send-code-again.ts'
import { setUp } from './set-up.ts'
import { methodShape, offerShape, pendingShape, startedShape } from './shapes.ts'

const nothing = z.object({})
const one = z.object({ id })
const guessed = z.object({ id, code: typed })
const state = z.enum(['waiting', 'accepted', 'none'])
const cards = '/settings/security/set-up'

/** Setting a method up, from the cards to the end. */
export const setUpRoutes: readonly Route[] = [
  shown({
    get: cards,
    api: 'GET /methods',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
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
    openInSetUp: true,
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
    openInSetUp: true,
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
    openInSetUp: true,
    input: z.object({ kind: line(), number: z.literal('other').optional().catch(undefined) }),
    output: nothing,
    summary: 'Before a set-up: the name, or the destination and the notice.',
    run: lookAtOffer,
    page: openingPage,
  }),
  acted({
    post: `${cards}/:kind/phone`,
    who: 'fresh',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ kind: line(), phone: z.string().max(100) }),
    output: nothing,
    summary: 'Put a phone into the profile, on the way to a set-up that needs one.',
    run: givePhone,
    then: (_result, { kind }) => `${cards}/${encodeURIComponent(kind)}`,
    back: (input) => `${cards}/${encodeURIComponent(input['kind'] ?? '')}?number=other`,
  }),
  acted({
    post: `${cards}/:kind`,
    api: 'POST /methods',
    who: 'fresh',
    openWithoutCodes: true,
    openInSetUp: true,
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
    openInSetUp: true,
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
    openInSetUp: true,
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
    openInSetUp: true,
    input: one,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the message with that code has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: `/settings/security/methods/:id/confirm`,
    api: 'POST /methods/:id/confirm',
    who: 'fresh',
    openWithoutCodes: true,
    openInSetUp: true,
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
