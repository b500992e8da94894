import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { field } from '../http/html/field.ts'
import { filterLinks } from '../http/html/filters.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { masked, timeAgo } from '../http/html/words.ts'
import { queues } from './queue.ts'
import type { Queue, QueuePage, Waiting } from './queue.ts'
import { outcomeInWords, stageBadge } from './pages-words.ts'

const names: Readonly<Record<Queue, string>> = {
  open: 'All open',
  proof: 'Person’s proof missing',
  check: 'To check',
  second: 'Second approval',
  waiting: 'Waiting time',
  done: 'Done',
}

const empty: Readonly<Record<Queue, string>> = {
  open: 'Nobody is waiting for help at the moment.',
  proof: 'Nobody still has to prove who they are.',
  check: 'There is nobody to check at the moment.',
  second: 'Nothing waits for a second approval.',
  waiting: 'No waiting time is running.',
  done: 'No case has ended yet.',
}

/** The cases at a stage, those that wait longest first. */
export function queuePage(view: View, page: QueuePage): Html {
  const { queue, cases, counts, next } = page
  const open = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return settingsPage(view, {
    title: `Recovery cases: ${names[queue]}`,
    heading: 'Recovery cases',
    lead: 'People who lost their second step. You help them back in; you never see or set a password or a code.',
    current: 'support',
    body: html`${filterLinks(
      'Cases by stage',
      queues.map((one) => ({
        href: pathTo(one),
        label: names[one],
        count: one === 'done' ? undefined : one === 'open' ? open : (counts[one] ?? 0),
        current: one === queue,
      })),
    )}${card({
      heading: names[queue],
      actions: linkButton({ href: `${places.support}/open`, label: 'Open a case for somebody' }),
      lead: queue === 'done' ? 'The newest first.' : 'Those that wait longest first.',
      body: html`${list(
        cases.map((one) => row(view, one)),
        emptyState({ icon: 'check', heading: 'All done', words: empty[queue] }),
      )}${
        next !== null &&
        html`<p>${linkButton({ href: `${pathTo(queue)}&after=${next}`, label: 'Show more' })}</p>`
      }`,
    })}`,
  })
}

function pathTo(queue: Queue): string {
  return `${places.support}?queue=${queue}`
}

function row(view: View, one: Waiting) {
  return {
    icon: 'user' as const,
    title: one.name,
    badges: html`${stageBadge(one)}${one.strict && badge('Two approvals', 'info', 'users')}`,
    details: [
      html`${masked(one.masked)} · Asked
      ${timeAgo(one.asked_at, view.now)}${
        one.stage === 'done' && html` · ${outcomeInWords(one.outcome)}`
      }`,
    ],
    href: `${places.support}/cases/${one.id}`,
  }
}

/** The form to open a case for somebody who got in touch by another way. */
export function openPage(view: View): Html {
  return settingsPage(view, {
    title: 'Open a case for somebody',
    heading: 'Open a case for somebody',
    lead: 'For people who called or wrote. Opening it changes nothing: the person still has to prove who they are, and somebody other than you has to approve it.',
    current: 'support',
    back: { href: places.support, label: 'Recovery cases' },
    focus: 'heading',
    body: card({
      body: form(view, {
        action: `${places.support}/open`,
        submit: 'Open the case',
        secondary: linkButton({ href: places.support, label: 'Cancel' }),
        body: html`${field(view, {
          name: 'email',
          label: 'Email of the account',
          type: 'email',
          autocomplete: 'off',
          dir: 'ltr',
        })}${field(view, {
          name: 'contact',
          label: 'How the person can be reached',
          autocomplete: 'off',
          dir: 'auto',
          hint: 'By what we knew before. At most 200 characters; no code and no password.',
        })}${checkbox(view, {
          name: 'password_lost',
          label: 'The person doesn’t know the password either',
        })}`,
      }),
    }),
  })
}
