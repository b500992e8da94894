import { z } from 'zod'
import { id } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { forgetThis, lookAtThis } from './forget-this.ts'
import { forget, forgetAll } from './forget.ts'
import { leave } from './leave.ts'
import { list, lookAt } from './look-at.ts'
import { forgetAllPage, forgetPage, signedOutPage } from './pages.ts'

const nothing = z.object({})
const one = z.object({ id })
const root = '/settings/security/devices'

/** A trusted device, as the API gives it. */
export const deviceShape = z.object({
  id: z.uuid(),
  current: z.boolean(),
  created_at: z.date(),
  last_used_at: z.date(),
  expires_at: z.date(),
  source: z.string(),
  browser: z.string(),
})

/** Trusted devices seen and removed, and signing out, which keeps them but offers to forget (TD-06). */
export const trustedDeviceRoutes: readonly Route[] = [
  called({
    api: 'GET /trusted-devices',
    who: 'session',
    input: nothing,
    output: z.object({ devices: z.array(deviceShape) }),
    summary: 'The trusted devices of the person.',
    run: list,
  }),
  shown({
    get: `${root}/forget-all`,
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'Asks before every trusted device is forgotten.',
    run: list,
    page: (view, { devices }) => forgetAllPage(view, devices),
  }),
  acted({
    post: `${root}/forget-all`,
    api: 'DELETE /trusted-devices',
    who: 'session',
    input: nothing,
    output: z.object({ forgotten: z.number() }),
    summary: 'Forget every trusted device of the person.',
    run: forgetAll,
    then: () => '/settings/security?notice=devices-forgotten',
    back: () => `${root}/forget-all`,
  }),
  shown({
    get: `${root}/:id/forget`,
    who: 'session',
    input: one,
    output: nothing,
    summary: 'Asks before a trusted device is forgotten.',
    run: lookAt,
    page: forgetPage,
  }),
  acted({
    post: `${root}/:id/forget`,
    api: 'DELETE /trusted-devices/:id',
    who: 'session',
    input: one,
    output: nothing,
    summary: 'Forget one trusted device of the person.',
    run: forget,
    then: () => '/settings/security?notice=device-forgotten',
    back: (input) => `${root}/${input['id']}/forget`,
  }),
  acted({
    post: '/sign-out',
    api: 'DELETE /session',
    who: 'session',
    openWithoutCodes: true,
    openInSetUp: true,
    input: nothing,
    output: z.object({ trusted_device: z.uuid().nullable() }),
    summary: 'Sign out. Names the trusted device this browser still is.',
    run: leave,
    then: ({ trusted_device: device }) =>
      device === null ? '/sign-in?notice=signed-out' : `/signed-out?device=${device}`,
    back: () => '/',
  }),
  shown({
    get: '/signed-out',
    who: 'anyone',
    input: z.object({ device: z.uuid().nullable().catch(null) }),
    output: nothing,
    summary: 'After signing out on a trusted device: the offer to forget it.',
    run: lookAtThis,
    page: signedOutPage,
  }),
  acted({
    post: '/signed-out/forget',
    api: 'DELETE /trusted-device',
    who: 'anyone',
    input: z.object({ device: id }),
    output: nothing,
    summary: 'Forget the trusted device whose cookie this browser holds.',
    run: forgetThis,
    then: () => '/sign-in?notice=signed-out-and-forgotten',
    back: () => '/signed-out',
    elsewhere: { 'not-found': '/signed-out' },
  }),
]
