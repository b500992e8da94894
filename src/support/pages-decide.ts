import { html } from 'hono/html'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { field } from '../http/html/field.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { masked } from '../http/html/words.ts'
import type { CaseView } from './look.ts'
import { casePath } from './pages-case.ts'

/** Asks before a case is approved, with what that brings. */
export function approvePage(view: View, one: CaseView): Html {
  const half = one.needs_two && one.first_name === null
  return decision(view, one, {
    title: `Approve the case of ${one.name}`,
    heading: html`Let <bdi>${one.name}</bdi> back in?`,
    page: '/approve',
    effects: half
      ? [
          'Your approval is the first of two; nothing else happens until somebody else approves it, too.',
          'The log names you, and what was checked.',
        ]
      : [
          'The waiting time begins, and every address of the account is told how to object.',
          html`When it is over, a link goes to ${masked(one.masked)}. With it the person sets up a
          new method; the old ones, all sessions and trusted devices end then.`,
          'The log names you, and what was checked.',
        ],
    submit: 'Approve',
    danger: false,
  })
}

/** Asks why, before a case is declined. */
export function declinePage(view: View, one: CaseView): Html {
  return decision(view, one, {
    title: `Decline the case of ${one.name}`,
    heading: html`Decline the case of <bdi>${one.name}</bdi>?`,
    page: '/decline',
    effects: [
      'The case ends, and the person is told that support could not make sure who asked.',
      'Nothing of the account changes. The person can ask again.',
    ],
    submit: 'Decline',
    danger: true,
    body: reason(view),
  })
}

/** Asks why, before a case is stopped. */
export function cancelPage(view: View, one: CaseView): Html {
  return decision(view, one, {
    title: `Stop the case of ${one.name}`,
    heading: html`Stop the case of <bdi>${one.name}</bdi>?`,
    page: '/cancel',
    effects: [
      'The case ends, however far it has come: a link that was mailed stops working, and a set-up that was begun with it ends.',
      'Every address of the account is told. Nothing else changes; the person can ask again.',
    ],
    submit: 'Stop it',
    danger: true,
    body: reason(view),
  })
}

function reason(view: View): Html {
  return field(view, {
    name: 'reason',
    label: 'Why',
    autocomplete: 'off',
    dir: 'auto',
    hint: 'For the log; the person does not read it.',
  })
}

type Decision = {
  readonly title: string
  readonly heading: Html
  readonly page: string
  readonly effects: readonly [string | Html, ...(string | Html)[]]
  readonly submit: string
  readonly danger: boolean
  readonly body?: Html
}

function decision(view: View, one: CaseView, what: Decision): Html {
  const { title, heading, page, effects, submit, danger, body } = what
  return settingsPage(view, {
    title,
    heading,
    current: 'support',
    back: { href: casePath(one.id), label: 'The case' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: casePath(one.id, page),
        effects,
        submit,
        danger,
        body,
        cancel: { href: casePath(one.id) },
      }),
    }),
  })
}
