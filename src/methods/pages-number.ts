import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { places } from '../http/html/places.ts'
import type { Html } from '../http/html/view.ts'
import { masked } from '../http/html/words.ts'
import type { OtherNumber } from './other-number.ts'

const root = '/settings/security/methods'

/**
 * The profile's phone is another than the one in use: the two ways on, or the one that a team leaves,
 * with the reason (A9). Without a phone in the profile there is no other number to move to.
 */
export function otherNumberCallout(number: OtherNumber): Html {
  return number.to === null ? removedCallout(number) : changedCallout({ ...number, to: number.to })
}

type Changed = OtherNumber & { readonly to: string }

function changedCallout({ method, from, to, kept_by: team }: Changed): Html {
  const move = { href: `${root}/${method}/new-number`, label: 'Use the new number' }
  const ways =
    team === null
      ? html`To use ${masked(to)} instead, turn SMS off and on again, or prove the new number with
        one code.`
      : html`To use ${masked(to)} instead, prove it with one code. SMS can’t be turned off and on
          for that: <bdi>${team}</bdi> requires two-step authentication, and SMS is your last method
          that counts.`
  return callout({
    tone: 'warning',
    heading: 'The phone number in your profile has changed',
    body: html`Codes still go to ${masked(from)}. ${ways} It was not you? Then put your own number
    back in your profile.`,
    actions: html`${linkButton({ ...move, look: 'primary' })}${team === null && off(method)}${profile}`,
  })
}

function removedCallout({ method, from, kept_by: team }: OtherNumber): Html {
  const ways =
    team === null
      ? 'If that is not yours any more, turn SMS off.'
      : html`If that is not yours any more, put your new number into your profile: SMS can’t be
          turned off, because <bdi>${team}</bdi> requires two-step authentication, and SMS is your
          last method that counts.`
  return callout({
    tone: 'warning',
    heading: 'There is no phone number in your profile any more',
    body: html`Codes still go to ${masked(from)}, the number you turned SMS on with. ${ways}`,
    actions: html`${team === null && off(method)}${profile}`,
  })
}

function off(method: string): Html {
  return linkButton({ href: `${root}/${method}/remove`, label: 'Turn SMS off' })
}

const profile = linkButton({ href: places.profile, label: 'Go to Profile' })
