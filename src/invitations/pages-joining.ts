import { html } from 'hono/html'
import { accountName, passwordHint } from '../accounts/pages.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { definitions } from '../http/html/definitions.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment } from '../http/html/words.ts'
import { asRole, roleNames } from '../teams/role.ts'
import type { Opened } from './open.ts'

const mine = '/invitations'

/** What the link of an invitation opens (TEAM-10): it acts by its button alone (EML-04). */
export function invitationPage(view: View, opened: Opened): Html {
  return opened.has_account ? signInPage(view, opened) : joinPage(view, opened)
}

function joinPage(view: View, opened: Opened): Html {
  return doorPage(view, {
    title: `Join ${opened.team}`,
    heading: html`Join <bdi>${opened.team}</bdi>`,
    lead: 'Choose your name and a password, and you are in the team.',
    focus: 'field',
    body: html`${facts(view, opened)}${requirement(opened)}${form(view, {
      action: view.path,
      hidden: { link: opened.id },
      submit: 'Create account and join',
      body: html`${accountName(opened.email)}${field(view, {
        name: 'name',
        label: 'Your name',
        autocomplete: 'name',
        dir: 'auto',
        autofocus: true,
      })}${passwordField(view, {
        name: 'password',
        label: 'Password',
        autocomplete: 'new-password',
        hint: passwordHint(opened.password_characters_min),
      })}`,
    })}`,
  })
}

/** With an account nothing is accepted here: that takes the person's own session. */
function signInPage(view: View, opened: Opened): Html {
  const { email, signed_in: here } = opened
  return doorPage(view, {
    title: `Join ${opened.team}`,
    heading: html`Join <bdi>${opened.team}</bdi>`,
    lead: here
      ? 'You are signed in. Look at the invitation and accept it.'
      : html`<bdi>${email}</bdi> has an account already. Sign in to accept the invitation.`,
    body: html`${facts(view, opened)}
      <div class="form-end">
        ${
          here
            ? linkButton({ href: mine, label: 'See the invitation', look: 'primary' })
            : linkButton({
                href: `/sign-in?return_to=${mine}`,
                label: 'Sign in to accept',
                look: 'primary',
              })
        }
      </div>`,
  })
}

function facts(view: View, { invited_by: by, role, expires_at: end }: Opened): Html {
  return definitions([
    ...(by === null ? [] : [{ term: 'Invited by', value: by }]),
    { term: 'Your role', value: roleNames[role] },
    { term: 'Good until', value: dateWithMoment(end, view.now) },
  ])
}

function requirement({ required, team, role }: Opened): Html | null {
  if (!required) return null
  return callout({
    tone: 'info',
    icon: 'shield',
    body: html`<bdi>${team}</bdi> requires two-step authentication. After your first sign-in as
      ${asRole(role)} we help you set it up.`,
  })
}
