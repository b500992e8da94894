import { z } from 'zod'
import { limits } from '../config.ts'
import { day, id, line } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { endSessions } from './end-sessions.ts'
import { endExemption, exempt } from './exempt.ts'
import { forgetDevices } from './forget-devices.ts'
import { givePass, lookAtPass } from './give-pass.ts'
import { lookAtAct } from './look-at-member.ts'
import {
  endExemptionPage,
  endSessionsPage,
  exemptPage,
  forgetDevicesPage,
  givenPassPage,
  passPage,
  resetPage,
  unlockPage,
} from './pages-confirm.ts'
import { memberPlaces } from './pages-words.ts'
import { reset } from './reset.ts'
import { unlock } from './unlock.ts'

const root = '/teams/:team/members/:member'
const fresh = { who: 'fresh', team: 'admin' } as const
const nothing = z.object({})
const one = z.object({ team: id, member: id })
const reason = line(limits.reasonCharactersMax).refine(
  (text) => text.length >= limits.reasonCharactersMin,
)

type Input = Readonly<Record<string, unknown>>

const here = (input: Input) => memberPlaces(String(input['team'])).one(String(input['member']))
const done = (notice: string) => (_result: unknown, input: Input) =>
  `${here(input)}?notice=${notice}`
const asking = (act: string) => (input: Input) => `${here(input)}/${act}`

/** What an admin does for one member: each asks first, with its effects, and needs a step-up. */
export const actRoutes: readonly Route[] = [
  shown({
    get: `${root}/forget-devices`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks before a member’s trusted devices are forgotten.',
    run: lookAtAct('forget-devices'),
    page: forgetDevicesPage,
  }),
  acted({
    post: `${root}/forget-devices`,
    api: `DELETE ${root}/trusted-devices`,
    ...fresh,
    input: one,
    output: z.object({ forgotten: z.number() }),
    summary: 'Forget every trusted device of a member.',
    run: forgetDevices,
    then: done('member-devices-forgotten'),
    back: asking('forget-devices'),
  }),
  shown({
    get: `${root}/end-sessions`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks before a member’s sessions are ended.',
    run: lookAtAct('end-sessions'),
    page: endSessionsPage,
  }),
  acted({
    post: `${root}/end-sessions`,
    api: `DELETE ${root}/sessions`,
    ...fresh,
    input: one,
    output: z.object({ everywhere: z.boolean() }),
    summary: 'End a member’s sessions for this team; `everywhere`: of the whole account.',
    run: endSessions,
    then: done('member-sessions-ended'),
    back: asking('end-sessions'),
  }),
  shown({
    get: `${root}/unlock`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks before a member is unlocked.',
    run: lookAtAct('unlock'),
    page: unlockPage,
  }),
  acted({
    post: `${root}/unlock`,
    api: `POST ${root}/unlock`,
    ...fresh,
    input: one,
    output: z.object({ link_mailed: z.boolean() }),
    summary:
      'End what a member waits for; `link_mailed`: the password was closed, a link went out.',
    run: unlock,
    then: ({ link_mailed }, input) =>
      done(link_mailed ? 'member-unlocked-by-link' : 'member-unlocked')({}, input),
    back: asking('unlock'),
  }),
  shown({
    get: `${root}/reset`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks why before a member’s two-step verification is reset.',
    run: lookAtAct('reset'),
    page: resetPage,
  }),
  acted({
    post: `${root}/reset`,
    api: `POST ${root}/reset`,
    ...fresh,
    input: one.extend({ reason }),
    output: nothing,
    summary: 'Remove a member’s methods, recovery codes, trusted devices and sessions.',
    run: reset,
    then: done('member-reset'),
    back: asking('reset'),
  }),
  shown({
    get: `${root}/pass`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks before a one-time pass is made.',
    run: lookAtPass,
    page: passPage,
  }),
  acted({
    post: `${root}/pass`,
    api: `POST ${root}/pass`,
    ...fresh,
    input: one,
    output: z.object({ pass: z.string(), expires_at: z.date() }),
    summary: 'Make a one-time pass for a member’s second step. It is shown this once.',
    run: givePass,
    then: (given) => (view) => givenPassPage(view, given),
    back: asking('pass'),
  }),
  shown({
    get: `${root}/exempt`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks until when and why a member is exempted.',
    run: lookAtAct('exempt'),
    page: exemptPage,
  }),
  acted({
    post: `${root}/exempt`,
    api: `PUT ${root}/exemption`,
    ...fresh,
    input: one.extend({ until: day.transform((text) => new Date(text)), reason }),
    output: z.object({ exempt_until: z.date() }),
    summary: 'Exempt a member from what the team requires, to the end of a day (UTC).',
    run: exempt,
    then: done('member-exempted'),
    back: asking('exempt'),
  }),
  shown({
    get: `${root}/end-exemption`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'Asks before a member’s exemption is ended.',
    run: lookAtAct('exempt'),
    page: endExemptionPage,
  }),
  acted({
    post: `${root}/end-exemption`,
    api: `DELETE ${root}/exemption`,
    ...fresh,
    input: one,
    output: nothing,
    summary: 'End a member’s exemption.',
    run: endExemption,
    then: done('member-exemption-ended'),
    back: asking('end-exemption'),
  }),
]
