import { z } from 'zod'
import { returnTo, tick, typed } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { answer } from './answer.ts'
import { cancel } from './cancel.ts'
import { chooseMethod, sendAgain } from './choose-method.ts'
import { givePassword } from './give-password.ts'
import { look } from './look.ts'
import { lookAtDelivery, welcome } from './welcome.ts'
import { chooserPage, codePage, passwordPage, recoveryCodePage, stuckPage } from './pages.ts'
import { useRecoveryCode } from './use-recovery-code.ts'

const nothing = z.object({})
const arrived = z.object({
  /** set-up: signed in, but a team requires a method first; nothing else opens (A4). */
  next: z.enum(['signed-in', 'set-up', 'second-step']),
  return_to: z.string().nullable(),
})
const sent = z.object({ state: z.enum(['waiting', 'accepted', 'none']) })
const choice = z.object({
  id: z.uuid(),
  kind: z.string(),
  title: z.string(),
  name: z.string(),
  strength: z.string(),
  masked: z.string().nullable(),
  last_used: z.boolean(),
  locked: z.boolean(),
  /** A team that does not allow it, where one has another. */
  forbidden_by: z.string().nullable(),
})
const screen = z.object({
  email: z.string(),
  now_asked: choice.nullable(),
  choices: z.array(choice),
  recovery_codes_left: z.number(),
  /** An admin made a pass for this account that can stand in once. */
  one_time_pass: z.boolean(),
  /** For how many days this device may be remembered; 0: a team forbids it. */
  trust_days: z.number(),
  /** Who may give a pass or reset the second step; null: nobody in a team may. */
  team_help: z.object({ team: z.string(), by: z.enum(['admin-or-owner', 'owner']) }).nullable(),
  attempts_left: z.number(),
  expires_at: z.date(),
  sent_at: z.date().nullable(),
  message_state: z.enum(['waiting', 'accepted', 'failed']).nullable(),
  resend_at: z.date().nullable(),
  wait_until: z.date().nullable(),
})

const code = '/sign-in/code'

/** From the password to the session. */
export const signInRoutes: readonly Route[] = [
  shown({
    get: '/sign-in',
    signedInGo: '/',
    api: 'GET /sign-in',
    who: 'anyone',
    input: z.object({ return_to: returnTo }),
    output: nothing,
    summary: 'Start: gives the visitor cookie and the anti-forgery token.',
    run: welcome,
    page: (view, { return_to }) => passwordPage(view, return_to),
  }),
  acted({
    post: '/sign-in',
    api: 'POST /sign-in',
    who: 'anyone',
    input: z.object({ email: typed, password: typed, return_to: returnTo }),
    output: arrived,
    summary: 'The password step. Answers with a session or the pending second step.',
    run: givePassword,
    then: (result) => (result.next === 'second-step' ? code : (result.return_to ?? '/')),
    back: () => '/sign-in',
  }),
  shown({
    get: code,
    api: 'GET /sign-in/code',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: screen,
    summary: 'What the pending sign-in is waiting for.',
    run: look,
    page: codePage,
  }),
  acted({
    post: code,
    api: 'POST /sign-in/code',
    who: 'anyone',
    pending: true,
    input: z.object({ code: typed, remember_device: tick }),
    output: arrived,
    summary: 'The second step: a verification code.',
    run: answer,
    then: ({ return_to }) => return_to ?? '/',
    back: () => code,
  }),
  acted({
    post: '/sign-in/send',
    api: 'POST /sign-in/send',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: sent,
    summary: 'Send the code of the present method again.',
    run: sendAgain,
    then: () => `${code}?notice=code-sent`,
    back: () => code,
  }),
  shown({
    get: '/sign-in/methods',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: screen,
    summary: 'The methods to choose from.',
    run: look,
    page: chooserPage,
  }),
  acted({
    post: '/sign-in/methods',
    api: 'POST /sign-in/method',
    who: 'anyone',
    pending: true,
    input: z.object({ method: z.uuid() }),
    output: sent,
    summary: 'Turn the sign-in to another method and send its code.',
    run: chooseMethod,
    then: () => code,
    back: () => code,
    elsewhere: { 'method-not-available': '/sign-in/methods' },
  }),
  shown({
    get: '/sign-in/recovery-code',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: screen,
    summary: 'Use a recovery code.',
    run: look,
    page: recoveryCodePage,
  }),
  acted({
    post: '/sign-in/recovery-code',
    api: 'POST /sign-in/recovery-code',
    who: 'anyone',
    pending: true,
    input: z.object({ recovery_code: typed }),
    output: arrived,
    summary: 'The second step by a recovery code, or by a one-time pass that an admin made.',
    run: useRecoveryCode,
    then: ({ return_to }) => return_to ?? '/',
    back: () => '/sign-in/recovery-code',
  }),
  shown({
    get: '/sign-in/stuck',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: screen,
    summary: 'What to do when no method can be used.',
    run: look,
    page: stuckPage,
  }),
  called({
    api: 'GET /sign-in/delivery',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the present code’s message has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: '/sign-in/cancel',
    api: 'DELETE /sign-in',
    who: 'anyone',
    pending: true,
    input: nothing,
    output: nothing,
    summary: 'End the pending sign-in.',
    run: cancel,
    then: () => '/sign-in',
    back: () => '/sign-in',
  }),
]
