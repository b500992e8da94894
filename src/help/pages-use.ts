import { html } from 'hono/html'
import { callout } from '../http/html/callout.ts'
import { places } from '../http/html/places.ts'
import type { Html } from '../http/html/view.ts'
import { durationInWords } from '../http/html/words.ts'
import type { Facts } from './look.ts'
import { codeScreen, phoneChange } from './pages-pictures.ts'
import { beside, points, steps, titleOf } from './pages-section.ts'
import type { Section } from './pages-section.ts'

const hourSeconds = 3600

/** Once it is on. */
export const useSections: readonly Section[] = [
  { id: 'signing-in', title: 'Signing in, and using another method', body: signingIn },
  { id: 'remember', title: 'Remember This Device', body: remember },
  { id: 'change-phone', title: 'A new phone number', body: changePhone },
  { id: 'new-phone', title: 'A new phone', body: newPhone },
  { id: 'password', title: 'A new password', body: newPassword },
]

function signingIn(facts: Facts): Html {
  const { codeMinutes, sessionHours, sessionIdleHours } = facts
  const text = html`<p>
      After your password we ask for a code by the method you used last. You can use
      <strong>another of your methods at any time</strong>, an app or email instead of SMS: choose
      <strong>Use another method</strong> (2).
    </p>
    ${points([
      html`A code has six digits and is good for ${codeMinutes} minutes.`,
      html`<strong>Send the code again</strong> sends the same code, so a late text still works. By
        another method you get another code.`,
      html`You stay signed in for ${durationInWords(sessionHours * hourSeconds)}, unless nothing
      happens for ${durationInWords(sessionIdleHours * hourSeconds)}.`,
    ])}
    <p>
      To stop using a method for good, turn it off under <a href="${places.security}">Security</a>
      after you have turned on another.
    </p>`
  return beside(text, codeScreen(facts))
}

function remember({ trustDays }: Facts): Html {
  return html`<p>
      Tick <strong>Remember This Device</strong> at the code (1), and this browser is not asked for
      a code of your account for <strong>${trustDays} days</strong>. Your password is asked for as
      ever, and changes to your security settings still take a code.
    </p>
    <p>It ends early, and a code is asked for again, when</p>
    ${points([
      html`you remove the device under <a href="${places.security}">Security</a>, Trusted devices,
        or after signing out;`,
      'you turn a method on or off, or move SMS to a new number;',
      'you use a recovery code or make new ones;',
      'you change or reset your password;',
      html`you end all other sessions, or press <strong>This was not me</strong> in one of our
        mails;`,
      'you delete the browser’s cookies.',
    ])}
    <p>
      Using the device does not make the ${trustDays} days longer. Signing out does not end them.
    </p>
    ${callout({
      tone: 'warning',
      heading: 'Not on a shared computer',
      body: 'In a library, a hotel or on somebody else’s computer leave the box unticked. If you ticked it by mistake, remove that device from any other browser: it takes effect at once.',
    })}`
}

function changePhone(facts: Facts): Html {
  const text = titleOf(facts, 'text')
  const moves = steps([
    html`Change the phone in your <a href="${places.profile}">profile</a> and save.`,
    html`Go to <a href="${places.security}">Security</a> and turn <strong>${text}</strong> off.`,
    html`Turn <strong>${text}</strong> on again. The new number is used from now on.`,
  ])
  return html`<p>
      The number for codes can’t be changed in the security settings. It is copied from your profile
      at the moment you turn ${text} on. So, when your number changes:
    </p>
    ${beside(moves, phoneChange(text))}
    <p>
      Or in one go: after you changed your profile, the Security page offers
      <strong>Use the new number</strong>. You enter one code sent to the new number, and your codes
      move there; the old number is told.
    </p>
    ${callout({
      tone: 'info',
      body: 'Until you have done one of the two, codes keep going to the old number. If you can’t read them any more, confirm that it’s you with another method or a recovery code.',
    })}`
}

function newPhone(facts: Facts): Html {
  return html`${steps([
      html`<strong>While you still have the old phone,</strong> sign in on a computer and open
        <a href="${places.security}">Security</a>.`,
      html`Add <strong>${titleOf(facts, 'app')}</strong> again and scan the square with the new
        phone. You can have several, each with a name.`,
      'Sign in with the new one once. Then turn the old one off.',
    ])}
    <p>
      If you keep your number, ${titleOf(facts, 'text')} goes on working as soon as the SIM card is
      in the new phone. Is the old phone gone already? See
      <a href="#lost">A lost or stolen phone</a>.
    </p>`
}

function newPassword(facts: Facts): Html {
  const { resetLinkMinutes, passwordFailuresMax } = facts
  return html`<p>
      <strong>You know the present one:</strong> open
      <a href="${places.password}">Settings → Password</a>, enter it and the new one. If two-step
      verification is on and your last code is a while ago, we ask for a code first.
    </p>
    <p>
      <strong>You forgot it:</strong> choose <strong>Forgot password?</strong> on the sign-in page.
      We mail you a link that works once, within ${resetLinkMinutes} minutes.
    </p>
    ${points([
      html`If two-step verification is on, the link alone is not enough: you also give a code from
      your app or by text, or a recovery code. A code by email doesn’t count there, since it would
      go to the same mailbox.`,
      'Both sign you out everywhere else and forget your trusted devices. Your methods and recovery codes stay.',
      html`After ${passwordFailuresMax} wrong passwords in a row, yours or a stranger’s, your
        account opens only by <strong>Forgot password?</strong>`,
    ])}`
}
