import { z } from 'zod'
import { id, returnTo, typed } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { methodShape } from '../methods/shapes.ts'
import { answer, useRecoveryCode } from './answer.ts'
import { chooseMethod, sendAgain } from './choose-method.ts'
import { givePassword } from './give-password.ts'
import type { SteppedUp } from './give-password.ts'
import { look } from './look.ts'
import { lookAtDelivery } from './look-at-delivery.ts'
import { stepUpPage, stepUpPath } from './pages.ts'
import type { Way } from './pages.ts'

const home = '/settings/security'
/** `forbidden_by`: a team that does not allow it, where one has another. */
const choice = methodShape.extend({ forbidden_by: z.string().nullable() })
const sent = z.object({ state: z.enum(['waiting', 'accepted', 'none']) })
const complete = z.object({ complete: z.boolean(), return_to: z.string().nullable() })

type Fields = Readonly<Record<string, string>>

const here =
  (way: Way) =>
  (input: Fields): string =>
    stepUpPath(input['return_to'] || home, way)

function onwards({ complete: done, return_to: to }: SteppedUp): string {
  return done ? (to ?? home) : stepUpPath(to ?? home)
}

/** Proving it again inside a session (SES-05). */
export const stepUpRoutes: readonly Route[] = [
  shown({
    get: '/step-up',
    api: 'GET /step-up',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({
      return_to: returnTo,
      way: z.enum(['code', 'methods', 'recovery-code']).catch('code'),
    }),
    output: z.object({
      missing: z.object({ password: z.boolean(), second_step: z.boolean() }),
      choices: z.array(choice),
      now_asked: choice.nullable(),
      recovery_codes_left: z.number(),
    }),
    summary: 'Which proofs a protected change still wants, and with what they can be given.',
    run: look,
    page: (view, result, { way }) => stepUpPage(view, result, way),
  }),
  acted({
    post: '/step-up/password',
    api: 'POST /step-up/password',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ password: typed, return_to: returnTo }),
    output: complete,
    summary: 'Give the password again; asks for the second step when that is missing too.',
    run: givePassword,
    then: onwards,
    back: here('code'),
  }),
  acted({
    post: '/step-up/code',
    api: 'POST /step-up/code',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ code: typed, return_to: returnTo }),
    output: complete,
    summary: 'Give the second step again: a verification code.',
    run: answer,
    then: onwards,
    back: here('code'),
  }),
  acted({
    post: '/step-up/method',
    api: 'POST /step-up/method',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ method: id, return_to: returnTo }),
    output: sent,
    summary: 'Ask by another method and send its code.',
    run: chooseMethod,
    then: (_result, { return_to }) => stepUpPath(return_to ?? home),
    back: here('code'),
  }),
  acted({
    post: '/step-up/send',
    api: 'POST /step-up/send',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ return_to: returnTo }),
    output: sent,
    summary: 'Send the code of the present method again.',
    run: sendAgain,
    then: (_result, { return_to }) => `${stepUpPath(return_to ?? home)}&notice=code-sent-again`,
    back: here('code'),
  }),
  called({
    api: 'GET /step-up/delivery',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({}),
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the message with the code has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: '/step-up/recovery-code',
    api: 'POST /step-up/recovery-code',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: z.object({ recovery_code: typed, return_to: returnTo }),
    output: complete,
    summary: 'Give the second step again by a recovery code, which is used up.',
    run: useRecoveryCode,
    then: onwards,
    back: here('recovery-code'),
  }),
]
