import { html } from 'hono/html'
import { callout } from '../http/html/callout.ts'
import { icon } from '../http/html/icon.ts'
import { places } from '../http/html/places.ts'
import type { Html } from '../http/html/view.ts'
import { listInWords } from '../http/html/words.ts'
import { codesOf } from '../methods/pages-words.ts'
import type { Facts } from './look.ts'
import { memberList, teamSwitch } from './pages-pictures-team.ts'
import { beside, points, steps } from './pages-section.ts'
import type { Section } from './pages-section.ts'

/** What a team adds: for its members, then for those who manage it. */
export const teamSections: readonly Section[] = [
  { id: 'team-requires', title: 'When your team requires it', body: teamRequires },
  { id: 'require', title: 'Require it of your team', body: require },
  { id: 'members', title: 'See who is protected', body: members },
  { id: 'stuck-member', title: 'Help a member who is stuck', body: stuckMember },
  { id: 'people', title: 'Invite people, change roles', body: people },
]

function teamRequires({ codeMinutes }: Facts): Html {
  return html`<p>
      A team can require two-step verification of everybody. Then, at your next login, the page says
      which team asks, and nothing else opens before it is done:
    </p>
    ${steps([
      'Sign in with your password, as always.',
      html`We mail a code to your address; enter it within ${codeMinutes} minutes. So nobody who
      merely found your password can set up a method in your place.`,
      html`Choose a method and follow the steps (see <a href="#turn-on">Turn it on</a>). Then you go
        on to the page you wanted.`,
    ])}
    ${points([
      'A team may not count every method, SMS or email for example. If you have only such a one, you use it once more and then set up another.',
      'While a team requires it, your last method that counts can’t be turned off: add another first.',
      'In several teams the strictest one holds, and each page names the team that asks.',
      'The switch takes effect at the next login, from a date, or at once, as your admin chose. Until a date you see it on your Home page.',
    ])}`
}

function require({ graceDaysMax, trustDays }: Facts): Html {
  const path = html`<p class="path">
    <strong>Profile</strong> ${icon('chevron')} <strong>Settings</strong> ${icon('chevron')}
    <strong>General</strong> ${icon('chevron')} <strong>Security</strong>
  </p>`
  const way = steps([
    html`Turn on a method <a href="#turn-on">for yourself</a> first. You need to be an owner or
      administrator of the team.`,
    html`Open <strong>General</strong> in your team’s settings and scroll to
      <strong>Security</strong>.`,
    html`Switch on <strong>“Require two-step authentication for your team”</strong> (1). Nothing
      changes yet: a panel shows who is ready, who is not, whom nobody can reach, and when it takes
      effect.`,
    'Choose when, and what counts. Confirm that it’s you, read the numbers once more, and switch it on.',
  ])
  return html`${path}${beside(way, teamSwitch())}
    <p>What you can choose:</p>
    ${points([
      html`<strong>When:</strong> at each member’s next login (the default), from a date at most
        ${graceDaysMax} days away, or now, open sessions included. Members who join later may have
        up to ${graceDaysMax} days.`,
      html`<strong>Which methods count:</strong> an authenticator app always does. The panel says
        how many people use only a method before you forbid it.`,
      html`<strong>Remember This Device:</strong> for up to ${trustDays} days, shorter, or not at
        all.`,
      html`<strong>A mail to everybody</strong>, with words of your own if you like. Those who are
        not ready are reminded before their date, and no longer once they are.`,
    ])}
    <p>
      You can pause it, move the date or turn it off on the same page. Whatever makes it looser is
      told to the team’s owners and stands in the security log.
    </p>`
}

function members(facts: Facts): Html {
  const { methods } = facts
  const weak = methods
    .filter(({ strength }) => strength === 'restricted' || strength === 'weakest')
    .map(codesOf)
  const text = html`<p>
      <strong>Members</strong> in your team’s settings shows each member’s two-step status (1) in
      words, with their methods and when they last signed in. Numbers and addresses are never shown
      in full.
    </p>
    ${points([
      html`<strong>On:</strong> protected, and all your team asks for.`,
      html`<strong>On, weak only:</strong> with ${listInWords(weak, 'or')} and nothing stronger.`,
      html`<strong>Not set up</strong>, <strong>Due</strong> with a date, or
        <strong>Due at next login</strong>: not protected yet.`,
      html`<strong>Exempt until</strong> a date: not asked of them for now, for a reason you gave.`,
      html`<strong>Locked:</strong> too many wrong codes or passwords.`,
    ])}`
  return html`${beside(text, memberList())}
    <p>
      Filter, search and sort; each view has an address you can keep.
      <strong>Export CSV</strong> gives the same as a file. The <strong>Security log</strong> says
      who did what and when, and <strong>API keys</strong> give programs the same answers.
    </p>`
}

function stuckMember({ passHours }: Facts): Html {
  return html`<p>Open the member on the <strong>Members</strong> page. From the lightest on:</p>
    ${points([
      html`<strong>Unlock</strong> ends the waits after wrong codes or passwords.`,
      html`<strong>One-time pass</strong> stands in for the code once, within ${passHours} hours,
        after their own password. Read it to them in person or by phone, when you are sure who they
        are.`,
      html`<strong>Reset two-step</strong> removes their methods, devices and sessions; you give a
        reason, and they are told. Your team’s requirement stays: at their next login they set up a
        method anew.`,
      html`<strong>Forget devices</strong> and <strong>End sessions</strong>, when something of
        theirs was lost or stolen.`,
    ])}
    ${callout({
      tone: 'info',
      body: 'A pass or a reset is not for everybody. For admins the owner can do it. The owner, people who also belong to another team, and people of support get back in with another method, a recovery code or support recovery: one team must not open what concerns others too.',
    })}`
}

function people({ invitationDays }: Facts): Html {
  return html`${points([
      html`<strong>Invite</strong> by address on the Members page under <em>Pending</em>, several at
        once. An invitation works once, for that address alone, within ${invitationDays} days. It
        signs nobody in.`,
      html`<strong>Owner, admin, member:</strong> a team has exactly one owner, who may hand it
        over. Admins invite, help and remove members; only the owner makes admins.`,
      html`<strong>Removing</strong> somebody closes the team to them at once. Their account stays
        theirs.`,
    ])}
    <p>
      You belong to several teams? Choose which one the settings show in the menu of your profile.
      Your own settings are under <a href="${places.security}">Personal Settings</a>, whatever the
      team.
    </p>`
}
