import { z } from 'zod'
import type { Inbox } from '../delivery/inbox.ts'
import { places } from '../http/html/places.ts'
import { shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { done } from '../reasons.ts'
import { list } from './list.ts'
import { inboxPage } from './pages.ts'

/** The event stream that says when something arrives; `addInbox` answers it. */
export const inboxEvents = `${places.inbox}/events`

const arrived = z.object({
  number: z.number(),
  at: z.date(),
  channel: z.enum(['text', 'mail']),
  to: z.string(),
  subject: z.string().nullable(),
  body: z.string(),
})

/**
 * The rows of the local inbox. They show codes and links to whoever asks, so they exist only where
 * an inbox does: outside production (OPS-01).
 */
export function inboxRoutes(inbox: Inbox): readonly Route[] {
  return [
    shown({
      get: places.inbox,
      api: `GET ${places.inbox}`,
      who: 'anyone',
      input: z.object({}),
      output: z.object({ letters: z.array(arrived) }),
      summary: 'The texts and mails of a local trial, newest first. Outside production only.',
      run: async () => done({ letters: list(inbox) }),
      page: (view, { letters }) => inboxPage(view, letters, inboxEvents),
    }),
  ]
}
