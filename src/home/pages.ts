import { html } from 'hono/html'
import { actionButton, linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { list } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { statusLine } from '../http/html/status-line.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, listInWords, momentInWords, timeAgo } from '../http/html/words.ts'
import { invitedCallout } from '../invitations/pages-received.ts'
import { teamsCard } from '../teams/pages-mine.ts'
import { comingCallout } from '../requirement/pages-coming.ts'
import type { Home, NextThing } from './look.ts'
import { unfinishedNotice } from './pages-unfinished.ts'

const recoveryCodes = '/settings/security/recovery-codes'
const setUp = '/settings/security/set-up'

/** The first page of a session: how protected the person is, the one next thing, the ways on. */
export function homePage(view: View, home: Home): Html {
  return settingsPage(view, {
    title: 'Home',
    heading: `Hello, ${home.name}`,
    current: 'home',
    body: html`${recovery(view, home)} ${unfinishedNotice(view, home.alarm)}
    ${invitedCallout(home.invitations)} ${comingCallout(home.coming, view.now)} ${status(home)}
    ${home.on && suggestion(home)} ${ways} ${teamsCard(view)}`,
  })
}

/** What a person should know of a support recovery of their account (REC-01, REC-07). */
function recovery(view: View, home: Home): Html {
  const { recovery_open: open, recovery_stopped_at: stopped, frozen_until: frozen } = home
  return html`${
    open &&
    callout({
      tone: 'danger',
      heading: 'Somebody asked support to get into this account',
      body: 'If you did not lose your second step, stop it. Signing in with your second step stops it, too.',
      actions: actionButton(view, { action: '/settings/recovery-case/stop', label: 'Stop it' }),
    })
  }${
    stopped !== null &&
    callout({
      tone: 'warning',
      heading: 'Your sign-in stopped a recovery',
      body: html`Support had been asked to let somebody back into this account. You signed in with
      your second step ${timeAgo(stopped, view.now)}, so it was stopped. If you did not ask,
      somebody else did: choose a new password.`,
      actions: linkButton({ href: places.password, label: 'Change password' }),
    })
  }${
    frozen !== null &&
    callout({
      tone: 'info',
      heading: 'Your account was recovered',
      body: html`Until ${momentInWords(frozen)} no method can be turned off or moved, no team handed
      over, the account not deleted, and the password stays as it is. If somebody else recovered it,
      press “This was not me” in our mail.`,
    })
  }`
}

function status(home: Home): Html {
  if (!home.on) {
    return statusLine({
      on: false,
      sentence: 'Two-step verification is off',
      detail: `Your password alone opens this account. With a second step, somebody who learns it still can’t get in.${
        home.coming === null ? ' It takes about two minutes.' : ''
      }`,
      action:
        home.coming === null
          ? linkButton({ href: setUp, label: 'Turn it on', look: 'primary' })
          : undefined,
    })
  }
  return statusLine({
    on: true,
    sentence: `Two-step verification is on, with ${listInWords(home.methods)}`,
    detail:
      home.next === 'nothing' && home.alarm.until === null
        ? html`You are well protected, with ${count(home.recovery_codes_left, 'recovery code')}
          left. There is nothing to do.`
        : html`${count(home.recovery_codes_left, 'recovery code')} left.`,
  })
}

type Suggestion = {
  readonly urgent: boolean
  readonly heading: string
  readonly words: string
  readonly href: string
  readonly label: string
}

const suggestions: Readonly<Record<Exclude<NextThing, 'turn-on' | 'nothing'>, Suggestion>> = {
  'save-codes': {
    urgent: true,
    heading: 'Save your recovery codes',
    words:
      'They let you in when your phone is lost or broken. Say that you kept yours, or make a new set: we can’t show the same codes again.',
    href: recoveryCodes,
    label: 'Go to recovery codes',
  },
  'replace-locked': {
    urgent: true,
    heading: 'One of your methods is switched off',
    words:
      'There were too many wrong codes in a row. Turn the method off and set it up again to use it.',
    href: places.security,
    label: 'Go to Security',
  },
  'make-codes': {
    urgent: true,
    heading: 'Make new recovery codes',
    words: 'Few of your codes are left. Make a new set; the old codes then stop working.',
    href: recoveryCodes,
    label: 'Make a new set',
  },
  'add-stronger': {
    urgent: false,
    heading: 'Add an authenticator app',
    words:
      'It is more secure than codes by text message or email: its codes are made on your phone, so there is nothing on the way to intercept.',
    href: setUp,
    label: 'Add it',
  },
  'add-second': {
    urgent: false,
    heading: 'Add a second method',
    words: 'If one is out of reach, the other still gets you in.',
    href: setUp,
    label: 'Add a method',
  },
}

function suggestion({ next }: Home): Html | null {
  if (next === 'turn-on' || next === 'nothing') return null
  const { urgent, heading, words, href, label } = suggestions[next]
  return callout({
    tone: urgent ? 'warning' : 'info',
    heading,
    body: words,
    actions: linkButton({ href, label, look: urgent ? 'primary' : 'secondary' }),
  })
}

const ways = card({
  heading: 'Personal Settings',
  body: list([
    {
      icon: 'user',
      title: 'Profile',
      details: ['Your name and your phone number.'],
      href: places.profile,
    },
    {
      icon: 'shield',
      title: 'Security',
      details: ['Methods, recovery codes, trusted devices and where you are signed in.'],
      href: places.security,
    },
  ]),
})
