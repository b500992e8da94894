import { html } from 'hono/html'
import { submitButton } from '../http/html/button.ts'
import { hiddenFields } from '../http/html/form.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, timeAgo } from '../http/html/words.ts'
import type { MemberView } from './list.ts'
import { roleWords, statusBadge } from './pages-words.ts'
import type { memberPlaces } from './pages-words.ts'

/**
 * Members as a table, with `reminds` each with a box to tick for a reminder; on a phone each row is a
 * card, its cells with their own labels.
 */
export function membersTable(
  view: View,
  places: ReturnType<typeof memberPlaces>,
  members: readonly MemberView[],
  reminds: boolean,
): Html {
  const own = view.account?.email
  const table = html`<div class="members-box">
    <table class="members">
      <thead>
        <tr>
          ${reminds && html`<th scope="col"><span class="unseen">Tick to remind</span></th>`}
          <th scope="col">Member</th>
          <th scope="col">Role</th>
          <th scope="col">Two-step</th>
          <th scope="col">Methods</th>
          <th scope="col">Last sign-in</th>
          <th scope="col">Trusted<span class="unseen"> devices</span></th>
        </tr>
      </thead>
      <tbody>
        ${members.map((one) => row(view, places.one(one.id), one, { self: one.email === own, reminds }))}
      </tbody>
    </table>
  </div>`
  if (!reminds) return table
  return html`<form method="post" action="${places.remind}" data-once>
    ${hiddenFields(view)}${table}
    <div class="form-end">${submitButton('Remind those ticked', 'secondary')}</div>
  </form>`
}

function row(
  view: View,
  href: string,
  member: MemberView,
  { self, reminds }: { readonly self: boolean; readonly reminds: boolean },
): Html {
  const { name, email, role, status, methods, last_sign_in_at: last } = member
  const kinds = methods.map(({ title }) => title).join(', ')
  const devices = member.trusted_devices
  return html`<tr>
    ${reminds && html`<td class="tick">${!self && remindBox(member)}</td>`}
    <th scope="row">
      <a href="${href}"><bdi>${name}</bdi></a
      >${self ? ' (you)' : ''}
      <span class="soft"><bdi>${email}</bdi></span>
      ${!member.reachable && html`<span class="soft">Address not confirmed</span>`}
    </th>
    <td>${label('Role')}${roleWords[role]}</td>
    <td>${label('Two-step')}${statusBadge(status)}</td>
    <td>${label('Methods')}${kinds === '' ? none : kinds}</td>
    <td>${label('Last sign-in')}${last === null ? 'Never' : timeAgo(last, view.now)}</td>
    <td>${label('Trusted')}${devices === 0 ? none : count(devices, 'device')}</td>
  </tr>`
}

const none = html`<span class="soft">None</span>`

function label(words: string): Html {
  return html`<span class="cell-label" aria-hidden="true">${words}</span>`
}

function remindBox({ id, name }: MemberView): Html {
  return html`<input type="checkbox" name="member" value="${id}" aria-label="Remind ${name}" />`
}
