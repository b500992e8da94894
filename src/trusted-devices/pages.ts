import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { doorPage } from '../http/html/door-page.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateWithMoment, timeAgo } from '../http/html/words.ts'
import type { ThisDevice } from './forget-this.ts'
import type { DeviceView } from './look-at.ts'

const root = '/settings/security/devices'
const back = { href: `${places.security}#devices`, label: 'Security' }

/** The trusted devices as a part of the Security page (TD-06). */
export function devicesCard(view: View, devices: readonly DeviceView[]): Html {
  return card({
    id: 'devices',
    heading: 'Trusted devices',
    lead: 'Browsers where you ticked “Remember This Device”. They sign in with the password alone for 14 days.',
    actions:
      devices.length > 1
        ? linkButton({ href: `${root}/forget-all`, label: 'Remove all', about: 'trusted devices' })
        : undefined,
    body: list(
      devices.map((device) => item(view, device)),
      none(),
    ),
  })
}

function none(): Html {
  return emptyState({
    icon: 'device',
    heading: 'No trusted devices',
    words: 'Tick “Remember This Device” when you enter a code, and that browser is listed here.',
  })
}

function item(view: View, device: DeviceView): Item {
  const { now } = view
  return {
    icon: 'device',
    title: device.browser,
    badges: device.current ? badge('This device', 'info') : undefined,
    details: [
      html`Remembered ${timeAgo(device.created_at, now)} · Last used
        ${timeAgo(device.last_used_at, now)} · Until ${dateWithMoment(device.expires_at, now)} ·
        From <bdi>${device.source}</bdi>`,
    ],
    actions: linkButton({
      href: `${root}/${device.id}/forget`,
      label: 'Remove',
      about: device.browser,
      look: 'quiet',
    }),
  }
}

/** Asks before one device is forgotten (A11Y-11). */
export function forgetPage(view: View, device: DeviceView): Html {
  const name = device.current ? 'this device' : device.browser
  return settingsPage(view, {
    title: `Remove ${name}`,
    heading: device.current ? 'Remove this device?' : `Remove “${device.browser}”?`,
    lead: html`Remembered ${timeAgo(device.created_at, view.now)}, last used
    ${timeAgo(device.last_used_at, view.now)}.`,
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/${device.id}/forget`,
        effects: [
          'The next sign-in there asks for a verification code again.',
          'Sessions that are open there stay open; you can end them on the Security page.',
        ],
        submit: device.current ? 'Remove this device' : 'Remove the device',
        cancel: { href: back.href },
      }),
    }),
  })
}

/** Asks before every device is forgotten. */
export function forgetAllPage(view: View, devices: readonly DeviceView[]): Html {
  return settingsPage(view, {
    title: 'Remove all trusted devices',
    heading: 'Remove all trusted devices?',
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/forget-all`,
        effects: [
          whoIsAsked(devices),
          'Sessions that are open there stay open; you can end them on the Security page.',
        ],
        submit: 'Remove all',
        cancel: { href: back.href },
      }),
    }),
  })
}

function whoIsAsked(devices: readonly DeviceView[]): string {
  if (devices.length === 0) return 'No device is trusted at the moment, so nothing changes.'
  const here = devices.some((device) => device.current) ? ', this one too' : ''
  return `${count(devices.length, 'device')} will be asked for a verification code at the next sign-in${here}.`
}

/** After a sign-out on a trusted device: the offer to forget it too (TD-06). */
export function signedOutPage(view: View, { device, until }: ThisDevice): Html {
  return doorPage(view, {
    title: 'You are signed out',
    heading: 'You are signed out',
    lead:
      until === null
        ? undefined
        : html`This device is still remembered: until ${dateWithMoment(until, view.now)} it signs in
          with your password alone.`,
    body:
      device === null
        ? html`<div class="form-end">
            ${linkButton({ href: '/sign-in', label: 'Sign in again', look: 'primary' })}
          </div>`
        : html`<p>Is this a shared or borrowed computer? Then forget it.</p>
            ${form(view, {
              action: '/signed-out/forget',
              hidden: { device },
              submit: 'Forget this device',
              secondary: linkButton({ href: '/sign-in', label: 'Keep it' }),
            })}`,
  })
}
