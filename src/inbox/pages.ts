import { raw } from 'hono/html'
import { escapeHtml } from '../delivery/words.ts'
import { doorPage } from '../http/html/door-page.ts'
import { inboxBoard } from '../http/html/inbox.ts'
import type { Html, View } from '../http/html/view.ts'
import type { Arrived } from './list.ts'

const address = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/

/** The local inbox: what a phone and a mail program would show. */
export function inboxPage(view: View, arrived: readonly Arrived[], events: string): Html {
  const of = (channel: Arrived['channel']) =>
    arrived
      .filter((letter) => letter.channel === channel)
      .map((letter) => ({ ...letter, body: withLinks(letter.body) }))
  return doorPage(view, {
    title: 'Local inbox',
    heading: 'Local inbox',
    lead: 'Texts and mails for which no provider is set land here instead of being sent. This page exists only outside production.',
    width: 'wide',
    body: inboxBoard({
      texts: of('text'),
      mails: of('mail').map((mail) => ({ ...mail, subject: mail.subject ?? '' })),
      events,
      now: view.now,
    }),
  })
}

/** The text, escaped, with its web addresses as links: as mail programs show them. */
function withLinks(text: string): string {
  const parts = text.split(address).map((part, at) => {
    const safe = escapeHtml(part)
    return at % 2 === 1 ? `<a href="${safe}" target="_blank" rel="noopener">${safe}</a>` : safe
  })
  return raw(parts.join(''))
}
