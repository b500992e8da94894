import { z } from 'zod'
import { enterLink } from '../accounts/enter-link.ts'
import { limits } from '../config.ts'
import { id, line, returnTo, tick, typed } from '../http/field.ts'
import { byLink, linkRow, linkShown, withToken } from '../http/link-row.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { places } from '../http/html/places.ts'
import { offerShape, progressShape } from '../methods/shapes.ts'
import { chooseKind } from '../requirement/choose-kind.ts'
import { answer } from './answer.ts'
import { ask, lookAtAsking } from './ask.ts'
import { askAtReset, askAtSignIn, lookAtReset, lookAtSignIn } from './ask-inside.ts'
import { askMail } from './ask-mail.ts'
import { lookAtSetUp } from './look-at-set-up.ts'
import { look, lookAtDelivery } from './look.ts'
import { askInsidePage, askedPage, recoverPage } from './pages-ask.ts'
import { casePage, stopPage, stoppedPage } from './pages-case.ts'
import { recoverAccountPage, recoverySetUpPage } from './pages-recover.ts'
import { lookAtRecovery, recover } from './recover.ts'
import { lookAtStopping, stop, stopMine } from './stop.ts'

const nothing = z.object({})
const contact = line(limits.caseContactCharactersMax)
const ofCase = '/recovery-case'
const ofRecovery = '/recover-account'
/* Beside the rows of their links, whose addresses take anything for a token. */
const stopping = '/stop-recovery'
const setUp = '/recovery-set-up'
const restricted = { who: 'session', openInSetUp: true, openWithoutCodes: true } as const

/** The ways in: an address, a sign-in, a reset. */
const asking: readonly Route[] = [
  shown({
    get: places.recover,
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'The page that asks for support’s help by an address.',
    run: lookAtAsking,
    page: (view) => recoverPage(view),
  }),
  acted({
    post: places.recover,
    api: 'POST /recovery-cases',
    who: 'anyone',
    input: z.object({ email: line(320), contact, password_lost: tick }),
    output: nothing,
    summary: 'Ask for a support recovery. Answers the same for every address.',
    run: ask,
    then:
      (_result, { email }) =>
      (view) =>
        askedPage(view, email),
    back: () => places.recover,
  }),
  shown({
    get: '/sign-in/case',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: nothing,
    summary: 'The page that asks for support’s help at the second step.',
    run: lookAtSignIn,
    page: (view, asker) => askInsidePage(view, asker, 'sign-in'),
  }),
  acted({
    post: '/sign-in/case',
    api: 'POST /sign-in/case',
    who: 'anyone',
    pending: true,
    input: z.object({ contact }),
    output: nothing,
    summary: 'Ask for a support recovery at the second step; the password counts as a proof.',
    run: askAtSignIn,
    then: () => ofCase,
    back: () => '/sign-in/case',
  }),
  shown({
    get: places.resetCase,
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'The page that asks for support’s help during a password reset.',
    run: lookAtReset,
    page: (view, asker) => askInsidePage(view, asker, 'reset'),
  }),
  acted({
    post: places.resetCase,
    api: 'POST /password-reset/case',
    who: 'anyone',
    input: z.object({ contact }),
    output: nothing,
    summary: 'Ask for a support recovery during a password reset: the password is lost, too.',
    run: askAtReset,
    then: () => ofCase,
    back: () => places.resetCase,
  }),
]

/** Following a case, proving, and stopping it. */
const following: readonly Route[] = [
  linkRow(ofCase, ofCase, enterLink('recovery-case', 'case-over')),
  called({
    api: 'POST /recovery-case',
    who: 'anyone',
    input: withToken,
    output: nothing,
    summary: 'Begin with the token of a mail about a case; it is kept in a cookie.',
    run: enterLink('recovery-case', 'case-over'),
  }),
  shown({
    get: ofCase,
    api: 'GET /recovery-case',
    who: 'anyone',
    input: nothing,
    output: z.object({
      link: z.uuid(),
      masked: z.string(),
      stage: z.enum(['proof', 'support', 'waiting', 'link-sent', 'set-up']),
      asked_at: z.date(),
      password_lost: z.boolean(),
      proof: z.enum(['password', 'mailbox']).nullable(),
      wait_hours: z.number(),
      expires_at: z.date(),
      opens_at: z.date().nullable(),
      closes_at: z.date().nullable(),
      may_stop: z.boolean(),
      progress: progressShape,
    }),
    summary: 'How far the case is that is open in this browser.',
    run: look,
    page: casePage,
  }),
  acted({
    post: `${ofCase}/mail`,
    api: 'POST /recovery-case/mail',
    who: 'anyone',
    input: nothing,
    output: z.object({ state: z.enum(['waiting', 'accepted']) }),
    summary: 'Mail a code to the account’s address, as the person’s own proof.',
    run: askMail,
    then: () => ofCase,
    back: () => ofCase,
  }),
  acted({
    post: `${ofCase}/code`,
    api: 'POST /recovery-case/code',
    who: 'anyone',
    input: z.object({ code: typed, link: id.optional() }),
    output: nothing,
    summary: 'Enter the mailed code.',
    run: answer,
    then: () => ofCase,
    back: () => ofCase,
  }),
  called({
    api: 'GET /recovery-case/delivery',
    who: 'anyone',
    input: nothing,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the mail with that code has come.',
    run: lookAtDelivery,
  }),
  shown({
    get: stopping,
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'Asks before a case is stopped.',
    run: lookAtStopping,
    page: stopPage,
  }),
  acted({
    post: stopping,
    api: 'DELETE /recovery-case',
    who: 'anyone',
    input: z.object({ link: id.optional() }),
    output: nothing,
    summary: 'Stop the case that is open in this browser.',
    run: stop,
    then: () => stoppedPage,
    back: () => stopping,
  }),
  acted({
    post: '/settings/recovery-case/stop',
    api: 'DELETE /session/recovery-case',
    who: 'session',
    openWithoutCodes: true,
    input: nothing,
    output: nothing,
    summary: 'Stop the open case of one’s own account.',
    run: stopMine,
    then: () => '/?notice=case-stopped',
    back: () => '/',
  }),
]

/** From the link after the wait to the set-up of a new method (REC-05). */
const recovering: readonly Route[] = [
  linkRow(ofRecovery, ofRecovery, enterLink('recover-account', 'recovery-link-over')),
  called({
    api: 'POST /account-recovery',
    who: 'anyone',
    input: withToken,
    output: nothing,
    summary: 'Begin with the token of the link that is mailed after the wait.',
    run: enterLink('recover-account', 'recovery-link-over'),
  }),
  shown({
    get: ofRecovery,
    api: 'GET /account-recovery',
    who: 'anyone',
    input: linkShown,
    output: z.object({
      link: z.uuid(),
      email: z.string(),
      password_lost: z.boolean(),
      closes_at: z.date(),
      password_characters_min: z.number(),
    }),
    summary: 'What the link asks for.',
    run: lookAtRecovery,
    page: recoverAccountPage,
  }),
  acted({
    post: ofRecovery,
    api: 'PUT /account-recovery/password',
    who: 'anyone',
    input: byLink.extend({ password: typed }),
    output: nothing,
    summary: 'Use the link up; opens a session that is good for the set-up of a method alone.',
    run: recover,
    then: () => setUp,
    back: () => ofRecovery,
  }),
  shown({
    get: setUp,
    api: 'GET /account-recovery/method',
    ...restricted,
    input: nothing,
    output: z.object({ offers: z.array(offerShape) }),
    summary: 'The methods of which one has to be set up to complete the recovery.',
    run: lookAtSetUp,
    page: recoverySetUpPage,
  }),
  acted({
    post: setUp,
    ...restricted,
    input: z.object({ kind: line(), return_to: returnTo }),
    output: nothing,
    summary: 'Go on to the set-up of a kind of method.',
    run: chooseKind,
    then: ({ kind }) => `/settings/security/set-up/${encodeURIComponent(kind)}`,
    back: () => setUp,
  }),
]

/** Getting back in by support’s help: asking, following, completing (REC-01 to REC-05). */
export const caseRoutes: readonly Route[] = [...asking, ...following, ...recovering]
