import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { confirmation } from '../http/html/confirm.ts'
import { doorPage } from '../http/html/door-page.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'

/** Where the link of a notice leads; it acts by its button alone (NTF-03). */
export function notMePage(view: View, { id }: { readonly id: string }): Html {
  return doorPage(view, {
    title: 'This was not me',
    heading: 'Was this not you?',
    lead: 'Then somebody else may have got into your account. Lock them out now, and look at the rest in peace.',
    body: confirmation(view, {
      action: view.path,
      hidden: { link: id },
      effects: [
        'Everybody who is signed in to your account is signed out, on every device.',
        'No device is trusted any more: each is asked for a code again.',
        'API keys that you made for a team, and a one-time pass made for you, open nothing any more.',
        'Your password and your two-step methods stay as they are.',
      ],
      submit: 'This was not me: sign everybody out',
      cancel: { href: places.home, label: 'It was me' },
    }),
  })
}

/** Everybody is out; says what to do next. */
export function signedOutEverywherePage(view: View): Html {
  return doorPage(view, {
    title: 'Everybody is signed out',
    heading: 'Done. Everybody is signed out',
    lead: 'Nobody is in your account any more, and no device is trusted. Three things are left to do:',
    body: html`<ul class="effects">
        <li>
          <span>
            <strong>Your password.</strong> Somebody else may know it. Get a new one that you use
            nowhere else: sign in and open <em>Settings → Password</em>, or choose
            <a href="${places.forgotPassword}">Forgot password?</a>
          </span>
        </li>
        <li>
          <span>
            <strong>Your two-step methods.</strong> Sign in, open <em>Security</em>, and turn off
            what is not yours. If you can’t sign in, ask for help${contact(view)}.
          </span>
        </li>
        <li>
          <span>
            <strong>Your phone number and addresses.</strong> Look in <em>Profile</em> and
            <em>Email</em> that each is yours, and put right what is not.
          </span>
        </li>
      </ul>
      <div class="form-end">
        ${linkButton({ href: '/sign-in', label: 'Sign in', look: 'primary' })}
      </div>`,
  })
}

function contact(view: View): Html {
  const mail =
    view.supportEmail !== null &&
    html`<a href="mailto:${view.supportEmail}"><bdi>${view.supportEmail}</bdi></a>`
  const chat =
    view.supportChatUrl !== null &&
    html`<a href="${view.supportChatUrl}" rel="noopener">Live chat</a>`
  if (!mail && !chat) return html` from the person who runs ${view.productName}`
  return html`: ${chat}${chat && mail ? ' or ' : ''}${mail}`
}
