import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { secretBlock } from '../http/html/copy-block.ts'
import { field } from '../http/html/field.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, momentInWords } from '../http/html/words.ts'
import type { Given } from './give-pass.ts'
import type { OneMember } from './member-store.ts'
import { memberPlaces } from './pages-words.ts'

type Asking = { readonly member: OneMember }

type Question = {
  readonly act: string
  /** "Reset two-step verification": with the name it is the title. */
  readonly what: string
  readonly effects: readonly [string | Html, ...(string | Html)[]]
  readonly body?: Html | readonly Html[]
  readonly submit: string
  readonly danger?: boolean
}

/** A page that asks before an act on a member, its effects spelled out (A11Y-11). */
function question(view: View, { member }: Asking, asked: Question): Html {
  const places = memberPlaces(view.team?.id ?? '')
  const back = { href: places.one(member.id), label: member.name }
  return settingsPage(view, {
    title: `${asked.what}: ${member.name}`,
    heading: html`${asked.what}: <bdi>${member.name}</bdi>`,
    current: 'team-members',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: places.act(member.id, asked.act),
        effects: asked.effects,
        body: asked.body,
        submit: asked.submit,
        danger: asked.danger,
        cancel: { href: back.href },
      }),
    }),
  })
}

const told = 'They are told by mail, with your name.'

/** Asks before a member's devices are forgotten. */
export function forgetDevicesPage(view: View, asking: Asking): Html {
  const devices = asking.member.trusted_devices
  return question(view, asking, {
    act: 'forget-devices',
    what: 'Forget trusted devices',
    effects: [
      `${count(devices, 'trusted device')} will be asked for a verification code at the next sign-in.`,
      'Sessions that are open stay open.',
      told,
    ],
    submit: 'Forget the devices',
  })
}

/** Asks before a member's sessions are ended. */
export function endSessionsPage(view: View, asking: Asking): Html {
  const { sessions, shared } = asking.member
  return question(view, asking, {
    act: 'end-sessions',
    what: 'End sessions',
    effects: [
      sessions === 0
        ? 'They are signed in nowhere at the moment; sign-ins that were begun end.'
        : `${count(sessions, 'open session')}: none opens anything of this team any more, from the next request on.`,
      shared
        ? 'What they have open in their other teams stays.'
        : 'Trusted devices stay; forget them too if one is lost.',
      told,
    ],
    submit: 'End the sessions',
  })
}

/** Asks before a member's waits are ended. */
export function unlockPage(view: View, asking: Asking): Html {
  const { password_closed_at: closed, locked, kinds } = asking.member
  const off = locked && kinds.length === 0
  return question(view, asking, {
    act: 'unlock',
    what: 'Unlock',
    effects: [
      'Whatever they have to wait for after wrong codes, recovery codes and passwords ends. The next wrong one waits again.',
      ...(closed === null
        ? []
        : [
            'Their password is closed after a hundred wrong ones: they get a mail with the link to choose a new one. Without it the account stays closed.',
          ]),
      ...(off
        ? [
            'Methods that are switched off after a hundred wrong codes stay off. A reset or a one-time pass helps there.',
          ]
        : []),
      told,
    ],
    submit: 'Unlock',
    danger: false,
  })
}

/** Asks for the reason before two-step verification is reset. */
export function resetPage(view: View, asking: Asking): Html {
  return question(view, asking, {
    act: 'reset',
    what: 'Reset two-step verification',
    effects: [
      'All their methods and recovery codes are removed. Nobody can bring them back.',
      'They are signed out everywhere, and no device is trusted any more.',
      'Their next sign-in asks for no code. Where the team requires two steps, a code mailed to their address and a new set-up come before anything else opens.',
      'They are told by mail, with your name and your reason.',
    ],
    body: reasonField(view, 'The member and the security log see it.'),
    submit: 'Reset two-step verification',
  })
}

function reasonField(view: View, hint: string): Html {
  return field(view, {
    name: 'reason',
    label: 'Reason',
    autocomplete: 'off',
    hint,
    dir: 'auto',
  })
}

/** Asks before a one-time pass is made. */
export function passPage(view: View, asking: Asking): Html {
  const hours = limits.passLifetimeHours
  return question(view, asking, {
    act: 'pass',
    what: 'One-time pass',
    effects: [
      `You see a pass once. Within ${hours} hours it stands in for their verification code, once, after their password.`,
      ...(asking.member.pass_until === null ? [] : ['The pass made before it stops working.']),
      'Make sure that it is them who asks: call a number you know, or see them. Never give it to anybody else.',
      'When it is used, all their trusted devices are forgotten.',
      'They are told by mail that it was made, with your name, and again when it is used.',
    ],
    submit: 'Make the pass',
    danger: false,
  })
}

/** The pass, this once (no-store). */
export function givenPassPage(view: View, { member, pass, expires_at: until }: Given): Html {
  const back = memberPlaces(view.team?.id ?? '').one(member.id)
  return settingsPage(view, {
    title: 'The one-time pass',
    heading: html`The one-time pass for <bdi>${member.name}</bdi>`,
    lead: 'You see it now and never again.',
    current: 'team-members',
    focus: 'heading',
    body: card({
      body: html`${secretBlock({ label: 'One-time pass', secret: pass.replaceAll('-', '') })}
        <p>
          It works once, until ${momentInWords(until)}. They enter it at the sign-in, after the
          password, under “Use a recovery code or one-time pass”.
        </p>
        ${callout({
          tone: 'warning',
          body: html`Give it to <bdi>${member.name}</bdi> alone, in a way nobody else can read: best
            by voice. We have told them that it was made.`,
        })}
        <div class="form-end">${linkButton({ href: back, label: 'Done', look: 'primary' })}</div>`,
    }),
  })
}

/** Asks until when and why a member is exempted. */
export function exemptPage(view: View, asking: Asking): Html {
  const day = (days: number) =>
    new Date(view.now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
  return question(view, asking, {
    act: 'exempt',
    what: 'Exempt',
    effects: [
      'What this team requires does not hold for them until the end of that day (UTC). What their other teams require does.',
      'They are told by mail, with your name and your reason; so is the owner.',
      'You can end it early.',
    ],
    body: html`${field(view, {
      name: 'until',
      label: 'Until the end of',
      type: 'date',
      autocomplete: 'off',
      hint: `At most ${limits.exemptionDaysMax} days from now.`,
      value: day(14),
      min: day(1),
      max: day(limits.exemptionDaysMax),
    })}${reasonField(view, 'The member, the owner and the security log see it.')}`,
    submit: 'Exempt them',
    danger: false,
  })
}

/** Asks before an exemption is ended. */
export function endExemptionPage(view: View, asking: Asking): Html {
  return question(view, asking, {
    act: 'end-exemption',
    what: 'End the exemption',
    effects: [
      'What the team requires holds for them from now on, as for everybody.',
      'They are told by mail, with your name.',
    ],
    submit: 'End the exemption',
    danger: false,
  })
}
