import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { durationInWords } from '../http/html/words.ts'
import type { Facts } from './look.ts'
import { points, steps, titleOf } from './pages-section.ts'
import type { Section } from './pages-section.ts'

/** When something is in the way, and what is kept. */
export const troubleSections: readonly Section[] = [
  { id: 'codes', title: 'When a code does not work', body: codes },
  { id: 'lost', title: 'A lost or stolen phone', body: lost },
  { id: 'stuck', title: 'When you can’t get in', body: stuck },
  { id: 'not-me', title: 'When it was not you', body: notMe },
  { id: 'privacy', title: 'What we keep, and for how long', body: privacy },
  { id: 'admins', title: 'For admins', body: admins },
]

function codes(facts: Facts): Html {
  const { triesMax, waitFromFailure, waitFirstSeconds, waitLongestSeconds } = facts
  return html`${points([
      html`<strong>Wrong code from the app?</strong> Its codes follow the clock. Set your phone’s
        date and time to <strong>automatic</strong>. Each code works once: if you have just used
        one, wait for the next, half a minute at most. See that you look at the right account in the
        app.`,
      html`<strong>No text?</strong> Check the signal and wait a minute. Then send it again: that is
        possible after ${durationInWords(facts.sendPauseSeconds)}, and ${facts.sendsPerHourMax}
        times an hour at most. The page says what became of the message.`,
      html`<strong>No mail?</strong> Look among spam. The code is never in the subject.`,
      html`<strong>Several messages?</strong> Use the newest.`,
      html`<strong>Nothing comes?</strong> Choose <strong>Use another method</strong>.`,
    ])}
    <p>
      After ${triesMax} wrong codes the sign-in is closed and you start again with your password.
      From ${waitFromFailure} wrong codes in a row on there is a wait before each further try; it
      grows from ${durationInWords(waitFirstSeconds)} to ${durationInWords(waitLongestSeconds)}.
      After ${facts.methodFailuresMax} in a row the method is switched off; sign in another way,
      turn it off and set it up again.
    </p>`
}

function lost(facts: Facts): Html {
  return html`<p>Do this now, from any other browser:</p>
    ${steps([
      html`Sign in with <strong>another method</strong> or a <strong>recovery code</strong>. Have
        you neither? See <a href="#stuck">When you can’t get in</a>.`,
      html`Under <a href="${places.security}">Security</a>, set up a method on another device first
        if the lost one was your only one: so two-step verification stays on.`,
      html`<strong>Turn off what was on the phone.</strong> It stops working at once, even in a
        sign-in that is open at that moment, and everybody signed in elsewhere is signed out, the
        lost phone included.`,
      html`Make new recovery codes if the old ones were on the phone, or are not at hand.`,
      html`Ask your carrier to block the SIM card, so that nobody gets texts in your place. When the
      new card works, you can turn ${titleOf(facts, 'text')} on again.`,
    ])}
    <p>
      Is it only mislaid? <strong>End all others</strong>, beside Sessions on the Security page,
      signs it out and forgets your trusted devices; your methods stay.
    </p>`
}

function stuck(_facts: Facts, view: View): Html {
  return html`<p>
      Is it the password that does not work? See <a href="#password">A new password</a>. Is it the
      code? Try these, in this order:
    </p>
    ${steps([
      html`<strong>Another method.</strong> Choose <strong>Use another method</strong> under the
        code.`,
      html`<strong>A recovery code.</strong> Look in your password manager, among your downloads for
        a file called “recovery codes”, and where you keep papers.`,
      html`<strong>A browser that remembers you.</strong> There the password is enough.`,
      html`<strong>An admin of your team,</strong> or its owner. They can give you a pass for one
        sign-in, or reset your second step: for a member who is in no other team. For an admin the
        owner can do it, for the owner nobody.`,
      html`<strong>Support recovery.</strong> At the code screen choose
        <strong>I can’t use any of these</strong>, or <a href="${places.recover}">ask here</a> by
        your address. Support makes sure that it’s you, and after a waiting time you set up a new
        method. Until then nothing changes, and signing in as usual stops it.`,
      html`<strong>Questions?</strong> ${support(view)}`,
    ])}
    ${supportWays(view)}
    <p>
      Are you signed in, and a change asks for a code that you can’t get? Then sign out: these ways
      begin at the sign-in.
    </p>
    ${callout({
      tone: 'warning',
      heading: 'What support never asks for',
      body: 'Your password, a verification code or a recovery code: not by chat, mail, text or phone. Whoever asks for one is not us.',
    })}`
}

function support(view: View): Html {
  const reachable = view.supportChatUrl !== null || view.supportEmail !== null
  const who = reachable
    ? 'We help you back in.'
    : html`The person who runs ${view.productName} for you can help you back in.`
  return html`${who} Say which account it is (its email address), which methods you had, and since
  when they fail. We make sure that it’s you before anything is changed, so it may take a while: the
  same care keeps others out.`
}

function supportWays({ supportChatUrl, supportEmail }: View): Html | null {
  if (supportChatUrl === null && supportEmail === null) return null
  return html`<p class="actions">
    ${supportChatUrl !== null && linkButton({ href: supportChatUrl, label: 'Live chat', icon: 'message' })}
    ${supportEmail !== null && linkButton({ href: `mailto:${supportEmail}`, label: supportEmail, icon: 'mail' })}
  </p>`
}

function notMe(): Html {
  return html`<p>
      We mail you when a method is turned on or off, when codes are made or used, when a device is
      remembered, and when somebody had your password but not the code. If that was not you:
    </p>
    ${steps([
      html`Press <strong>This was not me</strong> in the mail. It signs everybody out and forgets
        your trusted devices, without asking you to sign in.`,
      html`Sign in, look at your methods under <a href="${places.security}">Security</a>, and turn
        off what is not yours.`,
      html`Somebody may know your password. <a href="#password">Choose a new one</a> that you use
        nowhere else.`,
    ])}`
}

function privacy(facts: Facts): Html {
  const { signInRecordHours, messageRecordDays, eventRecordDays } = facts
  return html`<p>
      <strong>Phone numbers and addresses given for codes are used for nothing else:</strong>
      verification codes and warnings about your account. No search, no advertising, no contact.
    </p>
    ${points([
      'Codes are never stored. Keys of authenticator apps are stored encrypted, recovery codes only in a form from which they can’t be read.',
      'Turning a method off deletes its key, or its number, at once. The number in your profile stays until you change it there.',
      'Pages show at most the last two digits of the number your codes go to.',
      html`A sign-in that was not finished is deleted ${signInRecordHours} hours after its end, what
      we know of a message ${messageRecordDays} days after it was sent, and an entry of the security
      log after ${eventRecordDays} days. An entry says what happened, when, in which browser and
      from which network address.`,
      'Of a trusted device we keep the browser’s name, the network address and the dates. We take no fingerprint of it.',
    ])}`
}

function admins(): Html {
  return html`<p>
      Nobody in a team, owners and admins included, can see another person’s codes or set up a
      method for them. To help a member today:
    </p>
    ${points([
      html`Send them the link to <a href="#turn-on">Turn it on</a> on this page, and ask them to
        choose the app, to save their recovery codes and to add a second method.`,
      html`If they are locked out, see <a href="#stuck-member">Help a member who is stuck</a>, and
        for whom you can’t help, point them to <a href="#stuck">When you can’t get in</a>. Never ask
        them for a code, not even to help.`,
    ])}`
}
