import { z } from 'zod'
import { enterLink } from '../accounts/enter-link.ts'
import { id, line, typed } from '../http/field.ts'
import { linkRow, withToken } from '../http/link-row.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { methodShape, progressShape } from '../methods/shapes.ts'
import { answer } from './answer.ts'
import { ask, lookAtAsking } from './ask.ts'
import { change } from './change.ts'
import { chooseMethod, sendAgain } from './choose-method.ts'
import { leave } from './leave.ts'
import { lookAtChange } from './look-at-change.ts'
import { look, lookAtDelivery } from './look.ts'
import { askedPage, forgotPage } from './pages-ask.ts'
import { changePage } from './pages-change.ts'
import { resetPage, resetPath } from './pages-reset.ts'
import { reset } from './reset.ts'
import { useRecoveryCode } from './use-recovery-code.ts'

const nothing = z.object({})
const sent = z.object({ state: z.enum(['waiting', 'accepted', 'none']) })
const proven = z.object({ next: z.literal('new-password') })
const settings = '/settings/password'
const forgot = '/forgot-password'
const root = '/reset-password'
const enter = enterLink('reset-password', 'reset-over')

/** Inside a session. */
const changing: readonly Route[] = [
  shown({
    get: settings,
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'The page to change the password.',
    run: lookAtChange,
    page: changePage,
  }),
  acted({
    post: settings,
    api: 'PUT /password',
    who: 'session',
    protectedChange: true,
    input: z.object({ current_password: typed, new_password: typed }),
    output: nothing,
    summary: 'Change the password; ends every other session and trusted device.',
    run: change,
    then: () => `${settings}?notice=password-changed-here`,
    back: () => settings,
  }),
]

/** From the link in the mail to the second step. */
const entering: readonly Route[] = [
  shown({
    get: forgot,
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'The page that asks where to send a link to a new password.',
    run: lookAtAsking,
    page: (view) => forgotPage(view),
  }),
  acted({
    post: forgot,
    api: 'POST /password-reset-mails',
    who: 'anyone',
    input: z.object({ email: line(320) }),
    output: nothing,
    summary: 'Ask for a link to choose a new password. Answers the same for every address.',
    run: ask,
    then:
      (_result, { email }) =>
      (view) =>
        askedPage(view, email),
    back: () => forgot,
  }),
  linkRow(root, root, enter),
  called({
    api: 'POST /password-reset',
    who: 'anyone',
    input: withToken,
    output: nothing,
    summary: 'Begin with the token of the mailed link; it is kept in a cookie.',
    run: enter,
  }),
  shown({
    get: root,
    api: 'GET /password-reset',
    who: 'anyone',
    input: z.object({ way: z.enum(['code', 'methods', 'recovery-code']).catch('code') }),
    output: z.object({
      link: z.uuid(),
      email: z.string(),
      next: z.enum(['second-step', 'new-password']),
      enrolled: z.boolean(),
      choices: z.array(methodShape),
      mailbox_left_out: z.boolean(),
      now_asked: methodShape.nullable(),
      recovery_codes_left: z.number(),
      progress: progressShape,
      password_characters_min: z.number(),
    }),
    summary: 'What the open reset waits for.',
    run: look,
    page: (view, screen, { way }) => resetPage(view, screen, way),
  }),
  acted({
    post: `${root}/cancel`,
    api: 'DELETE /password-reset',
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'Let this browser forget the link.',
    run: leave,
    then: () => '/sign-in',
    back: () => root,
  }),
]

/** The second step, then the new password (PW-10). */
const proving: readonly Route[] = [
  acted({
    post: `${root}/method`,
    api: 'POST /password-reset/method',
    who: 'anyone',
    input: z.object({ method: id }),
    output: sent,
    summary: 'Ask the second step of the reset by a method and send its code.',
    run: chooseMethod,
    then: () => resetPath(),
    back: () => resetPath(),
    elsewhere: { 'method-not-available': resetPath('methods') },
  }),
  acted({
    post: `${root}/send`,
    api: 'POST /password-reset/send',
    who: 'anyone',
    input: nothing,
    output: sent,
    summary: 'Send the code of the present method again.',
    run: sendAgain,
    then: () => `${root}?notice=code-sent`,
    back: () => resetPath(),
  }),
  acted({
    post: `${root}/code`,
    api: 'POST /password-reset/code',
    who: 'anyone',
    input: z.object({ code: typed, link: id.optional() }),
    output: proven,
    summary: 'The second step of the reset: a verification code.',
    run: answer,
    then: () => resetPath(),
    back: () => resetPath(),
  }),
  acted({
    post: `${root}/recovery-code`,
    api: 'POST /password-reset/recovery-code',
    who: 'anyone',
    input: z.object({ recovery_code: typed, link: id.optional() }),
    output: proven,
    summary: 'The second step of the reset by a recovery code, which is used up.',
    run: useRecoveryCode,
    then: () => resetPath(),
    back: () => resetPath('recovery-code'),
  }),
  called({
    api: 'GET /password-reset/delivery',
    who: 'anyone',
    input: nothing,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the present code’s message has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: root,
    api: 'PUT /password-reset/password',
    who: 'anyone',
    input: z.object({ password: typed, link: id.optional() }),
    output: nothing,
    summary: 'Set the new password, once. Signs nobody in.',
    run: reset,
    then: () => '/sign-in?notice=password-changed',
    back: () => resetPath(),
  }),
]

/** Changing the password, and choosing a new one by a mailed link. */
export const passwordRoutes: readonly Route[] = [...changing, ...entering, ...proving]
