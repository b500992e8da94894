import { html } from 'hono/html'
import { limits } from '../config.ts'
import { badge } from '../http/html/badge.ts'
import { actionButton, linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { radios } from '../http/html/radios.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { tabs } from '../http/html/tabs.ts'
import { textArea } from '../http/html/text-area.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateWithMoment, timeAgo } from '../http/html/words.ts'
import { roleMeanings, roleNames } from '../teams/role.ts'
import type { Pending, PendingList } from './list.ts'

const root = (view: View) => `/teams/${view.team?.id}/invitations`

/** The invitations nobody has accepted yet: the Pending tab of Members. */
export function pendingPage(view: View, pending: PendingList, after: string | null): Html {
  const { invitations, total, next } = pending
  return settingsPage(view, {
    title: 'Invitations',
    heading: 'Members',
    lead: html`People invited to <bdi>${view.team?.name}</bdi> who have not answered yet.`,
    current: 'team-members',
    body: html`${tabs('Members', [
      { href: `/teams/${view.team?.id}/members`, label: 'Active' },
      { href: root(view), label: 'Pending', count: total, current: true },
    ])}${card({
      heading: total === 0 ? 'Invitations' : count(total, 'invitation'),
      lead: `Each works once, for its address alone, and ends after ${limits.invitationLifetimeDays} days.`,
      actions: linkButton({
        href: `${root(view)}/new`,
        label: 'Invite people',
        look: 'primary',
        icon: 'plus',
      }),
      body: html`${list(
        invitations.map((one) => item(view, one)),
        emptyState({
          icon: 'mail',
          heading: 'Nobody is waiting',
          words: 'People you invite are listed here until they accept.',
        }),
      )}${pager(view, next, after)}`,
    })}`,
  })
}

function pager(view: View, next: string | null, after: string | null): Html | null {
  if (next === null && after === null) return null
  return html`<div class="actions">
    ${after !== null && linkButton({ href: root(view), label: 'Newest' })}${
      next !== null && linkButton({ href: `${root(view)}?after=${next}`, label: 'Older' })
    }
  </div>`
}

function item(view: View, invitation: Pending): Item {
  const { email, role, sent_at: sent, expires_at: end, invited_by: by, expired } = invitation
  const until = dateWithMoment(end, view.now)
  return {
    icon: 'mail',
    title: email,
    badges: html`${badge(roleNames[role])}${expired && badge('Expired', 'warning', 'warning')}`,
    details: [
      html`Sent ${timeAgo(sent, view.now)}${by !== null && html` by <bdi>${by}</bdi>`} ·
      ${expired ? html`Ended ${until}` : html`Good until ${until}`}`,
    ],
    actions: actions(view, invitation),
  }
}

/** The owner acts on every invitation, an admin on those of members. */
function actions(view: View, { id, email, role, expired }: Pending): Html | undefined {
  const owner = view.team?.role === 'owner'
  if (!owner && role === 'admin') return undefined
  const at = `${root(view)}/${id}`
  const quiet = { look: 'quiet', about: email } as const
  return html`${actionButton(view, { action: `${at}/resend`, label: 'Resend', ...quiet })}${
    owner && !expired && linkButton({ href: `${at}/role`, label: 'Role', ...quiet })
  }${linkButton({ href: `${at}/revoke`, label: 'Withdraw', ...quiet })}`
}

/** Asks whom to invite, and as what. */
export function invitePage(view: View): Html {
  return settingsPage(view, {
    title: 'Invite people',
    heading: 'Invite people',
    lead: html`Each gets a mail with a link to join <bdi>${view.team?.name}</bdi>. They choose their
      own password; if they have an account already, they sign in as usual.`,
    current: 'team-members',
    back: { href: root(view), label: 'Invitations' },
    focus: 'heading',
    body: card({
      body: form(view, {
        action: root(view),
        body: html`${textArea(view, {
          name: 'addresses',
          label: 'Email addresses',
          hint: `One a line, or with commas or semicolons between them; “Name <name@example.com>” is fine too. Up to ${limits.invitationsAtOnceMax} at a time.`,
          rows: 6,
          dir: 'ltr',
          spellcheck: false,
        })}${roles(view)}`,
        submit: 'Send the invitations',
        secondary: linkButton({ href: root(view), label: 'Cancel' }),
      }),
    }),
  })
}

function roles(view: View): Html {
  const all = view.team?.role === 'owner' ? (['member', 'admin'] as const) : (['member'] as const)
  return html`${radios(view, {
    name: 'role',
    legend: 'They join as',
    chosen: 'member',
    radios: all.map((value) => ({ value, label: roleNames[value], hint: roleMeanings[value] })),
  })}${all.length === 1 && html`<p class="hint">Only the owner invites admins.</p>`}`
}
