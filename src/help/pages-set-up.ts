import { html } from 'hono/html'
import { strengthBadge } from '../http/html/badge.ts'
import { callout } from '../http/html/callout.ts'
import { icon } from '../http/html/icon.ts'
import { places } from '../http/html/places.ts'
import type { Html } from '../http/html/view.ts'
import { codesOf, iconOf } from '../methods/pages-words.ts'
import type { Facts, Way } from './look.ts'
import { appSetUp, methodChoice, recoverySheet, wayToSecurity } from './pages-pictures.ts'
import { beside, points, steps, titleOf } from './pages-section.ts'
import type { Section } from './pages-section.ts'

/** Before and while it is turned on. */
export const setUpSections: readonly Section[] = [
  { id: 'why', title: 'Why two steps', body: why },
  { id: 'turn-on', title: 'Turn it on', body: turnOn },
  { id: 'methods', title: 'The methods compared', body: methods },
  { id: 'recovery-codes', title: 'Recovery codes', body: recoveryCodes },
]

function why(): Html {
  return html`<p>
      A password can be guessed, overheard, read in a leak of another site, or given away on a page
      that only looks right. With two-step verification it is not enough: signing in takes the
      password <strong>and then a verification code</strong> that only you can get. Somebody who has
      your password alone gets nowhere, and you are told that they tried.
    </p>
    <p>It takes about two minutes to turn on, and a few seconds at each sign-in.</p>`
}

function turnOn(facts: Facts): Html {
  const path = html`<p class="path">
    <strong>Profile</strong> ${icon('chevron')} <strong>Settings</strong> ${icon('chevron')}
    <strong>Personal Settings</strong> ${icon('chevron')}
    <a href="${places.security}"><strong>Security</strong></a>
  </p>`
  const find = steps([
    html`Sign in and open the menu of <strong>your profile</strong>: your name, at the lower left.
      On a phone it is the circle with your initials, at the top.`,
    html`Choose <strong>Settings</strong>.`,
    html`Under <strong>Personal Settings</strong> choose <strong>Security</strong>. On a phone press
      <strong>Menu</strong> first.`,
  ])
  const choose = steps(
    [
      html`Choose a method. The one at the top is the most secure. You are asked for your password
      again if it was more than ${facts.stepUpMinutes} minutes ago.`,
      html`Follow the steps on the screen.`,
    ],
    4,
  )
  return html`${path}${beside(find, wayToSecurity())}${beside(choose, methodChoice(facts))}
  ${beside(eachMethod(facts), appSetUp())} ${finish(facts)}`
}

function eachMethod(facts: Facts): Html {
  return points([
    html`<strong>${titleOf(facts, 'app')}:</strong> scan the square with the app (1), or type the
      key beside it, and enter the code that the app shows (2). On your phone, one press opens the
      app instead. Any app for time-based codes (TOTP) will do.`,
    html`<strong>${titleOf(facts, 'text')} codes:</strong> we send a code to the mobile phone in
      your <a href="${places.profile}">profile</a>. If there is none yet, add it there first.`,
    html`<strong>${titleOf(facts, 'mail')} codes:</strong> we send a code to the address of your
      account.`,
  ])
}

function finish({ recoveryCodes: codes }: Facts): Html {
  return html`<p>
      A method is on when you have entered a code from it, not before. With the first one you get
      ${codes} <a href="#recovery-codes">recovery codes</a>: save them, then add a second method, so
      that one lost phone does not lock you out.
    </p>
    ${callout({
      tone: 'info',
      body: 'Turning a method on or off signs you out everywhere else, forgets your trusted devices, and sends you a mail about it.',
    })}`
}

const needs: Readonly<Record<Way, string>> = {
  app: 'An app on your phone or computer. No signal, no phone number, no costs.',
  text: 'A mobile phone with signal. Your carrier may charge for messages.',
  mail: 'Access to your mailbox at the moment you sign in.',
}

const risks: Readonly<Record<Way, string>> = {
  app: 'You lose the device, or its clock is wrong. A page that only looks like ours could still ask you for a code.',
  text: 'Texts can be intercepted, or your number moved to a thief’s SIM card. A number you give up goes to somebody else. A false page could ask you for the code.',
  mail: 'Whoever can read your mail gets your codes as well. Mails can be slow or end up among spam. A false page could ask you for the code.',
}

function methods(facts: Facts): Html {
  return html`<table class="compare" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Method</th>
          <th role="columnheader" scope="col">What it needs</th>
          <th role="columnheader" scope="col">What can go wrong</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${facts.methods.map(
          (method) =>
            html`<tr role="row">
              <th role="rowheader" scope="row">
                <span class="compare-name">${icon(iconOf(method.sends))}${codesOf(method)}</span
                >${strengthBadge(method.strength)}
              </th>
              <td role="cell"><span class="compare-label">Needs</span>${needs[method.way]}</td>
              <td role="cell">
                <span class="compare-label">Can go wrong</span>${risks[method.way]}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p>
      <strong>The app is more secure than SMS or email,</strong> because its codes are made on your
      device and never sent: there is nothing on the way to intercept, no number that can be moved
      to another SIM card, and no mailbox that somebody else may read. It also works without signal.
      <strong>Email is the weakest choice:</strong> the mailbox often has the same password, or is
      open on the same device.
    </p>
    <p>
      No code protects you on a false page. Look at the address in the browser before you type one,
      and never read one out to anybody.
    </p>`
}

function recoveryCodes({ recoveryCodes: codes }: Facts): Html {
  const text = html`<p>
      ${codes} codes that get you in when your phone is lost, broken or out of reach. Each works
      <strong>once</strong>, after your password, in place of the verification code.
    </p>
    ${points([
      'Copy, download or print them when they are shown. You will not see them again.',
      'Keep them where only you can find them, and not only on the phone they are for: in a password manager, or on paper in a drawer with a lock.',
      html`To use one, choose <strong>Use a recovery code</strong> under the code. Capitals, spaces
        and hyphens don’t matter.`,
    ])}`
  return html`${beside(text, recoverySheet())}
    <p>
      After each use we send you a mail, say how many are left, and forget your trusted devices.
      When all are used, you make a new set before you go on. You can make one at any time under
      <a href="${places.security}">Security</a>; the old codes stop working at once.
    </p>`
}
