import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, timeAgo } from '../http/html/words.ts'
import type { SessionView } from './look-at.ts'

const root = '/settings/security/sessions'
const back = { href: `${places.security}#sessions`, label: 'Security' }

/** The open sessions as a part of the Security page (SES-06). */
export function sessionsCard(view: View, sessions: readonly SessionView[]): Html {
  return card({
    id: 'sessions',
    heading: 'Sessions',
    lead: 'Where you are signed in now.',
    actions:
      sessions.length > 1
        ? linkButton({ href: `${root}/end-others`, label: 'End all others', about: 'sessions' })
        : undefined,
    body: list(sessions.map((session) => item(view, session))),
  })
}

function item(view: View, session: SessionView): Item {
  return {
    icon: 'device',
    title: session.browser,
    badges: session.current ? badge('This session', 'info') : undefined,
    details: [
      html`Signed in ${timeAgo(session.created_at, view.now)} · ${proof(session)} · Active
        ${timeAgo(session.seen_at, view.now)} · From <bdi>${session.source}</bdi>`,
    ],
    actions: session.current
      ? undefined
      : linkButton({
          href: `${root}/${session.id}/end`,
          label: 'End',
          about: session.browser,
          look: 'quiet',
        }),
  }
}

/** What a session was opened with, and never more (SES-04). */
function proof(session: SessionView): string {
  if (session.second_step_kind === 'recovery-code') return 'With a recovery code'
  if (session.second_step_kind === 'one-time-pass') return 'With a one-time pass'
  if (session.second_step_kind !== null) return 'With a verification code'
  return session.trusted_device_id === null ? 'With the password only' : 'On a trusted device'
}

/** Asks before a session is ended (A11Y-11). */
export function endPage(view: View, session: SessionView): Html {
  const effect = session.current
    ? 'This is the session you are using: you are signed out here.'
    : html`Whoever uses <bdi>${session.browser}</bdi> there is signed out at once.`
  return settingsPage(view, {
    title: `End the session on ${session.browser}`,
    heading: `End the session on “${session.browser}”?`,
    lead: html`Signed in ${timeAgo(session.created_at, view.now)} from <bdi>${session.source}</bdi>,
      active ${timeAgo(session.seen_at, view.now)}.`,
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/${session.id}/end`,
        effects: [
          effect,
          'If it is not yours, change your password and remove your trusted devices as well.',
        ],
        submit: 'End the session',
        cancel: { href: back.href },
      }),
    }),
  })
}

/** Asks before every other session is ended. */
export function endOthersPage(view: View, sessions: readonly SessionView[]): Html {
  const others = sessions.filter((session) => !session.current).length
  return settingsPage(view, {
    title: 'End all other sessions',
    heading: 'End all other sessions?',
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/end-others`,
        effects: [
          others === 0
            ? 'You are signed in nowhere else at the moment.'
            : `${count(others, 'session')} ${others === 1 ? 'ends' : 'end'} at once. This one stays.`,
          'Every trusted device is forgotten: each sign-in asks for a verification code again.',
          'Sign-ins that were begun and not finished end too.',
        ],
        submit: 'End all others',
        cancel: { href: back.href },
      }),
    }),
  })
}
