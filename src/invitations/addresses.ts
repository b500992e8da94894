import { emailKey, readEmail } from '../accounts/email.ts'
import { limits } from '../config.ts'
import { plain } from '../delivery/words.ts'
import { refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import { done } from '../reasons.ts'

/** Somebody to invite: the address as it is written to, and what it is looked up by. */
export type Address = { readonly email: string; readonly key: string }

/**
 * The addresses in a text, each once: one a line, or separated by commas or semicolons; also as
 * `Name <address>`, where a name in double quotes may hold separators. All or nothing.
 * Refused: bad-input (none at all), too-many-addresses, addresses-not-right, which names each that is
 * no address or stands there twice.
 */
export function readAddresses(typed: string | readonly string[]): Outcome<{ all: Address[] }> {
  const pieces = (typeof typed === 'string' ? split(typed) : typed.map((one) => one.trim())).filter(
    (piece) => piece !== '',
  )
  const max = limits.invitationsAtOnceMax
  if (pieces.length === 0) return refuse('bad-input', undefined, { addresses: 'field-missing' })
  if (pieces.length > max) {
    const details = { max, count: pieces.length }
    return refuse('too-many-addresses', details)
  }
  const read = pieces.map((piece) => readEmail(bare(piece)) ?? { bad: piece })
  const wrong = read.flatMap((one) => (typeof one === 'string' ? [] : [one.bad]))
  const all = read.flatMap((email) =>
    typeof email === 'string' ? [{ email, key: emailKey(email) }] : [],
  )
  const keys = all.map(({ key }) => key)
  const twice = all.filter(({ key }, i) => keys.indexOf(key) < i).map(({ email }) => email)
  return wrong.length + twice.length > 0 ? refuseList({ wrong, twice }) : done({ all })
}

/** Which addresses of a list are in the way, by what is wrong with them. */
export type Problems = {
  readonly wrong?: readonly string[]
  readonly twice?: readonly string[]
  readonly members?: readonly string[]
  readonly invited?: readonly string[]
}

/** The refusal that names every address in the way. */
export function refuseList({ wrong, twice, members, invited }: Problems): Refusal {
  const problems = [
    problem('No email address', wrong),
    problem('More than once in the list', twice),
    problem('In the team already', members),
    problem('Invited already', invited),
  ].filter((one) => one !== '')
  const details = { problems: problems.join(' ') }
  return refuse('addresses-not-right', details)
}

const namedMax = 20

function problem(what: string, addresses: readonly string[] = []): string {
  if (addresses.length === 0) return ''
  const names = addresses.slice(0, namedMax).map((one) => plain(one, 100))
  const more = addresses.length - names.length
  return `${what}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}

/** At line breaks, commas and semicolons, but not inside double quotes that close on their line. */
function split(typed: string): string[] {
  const pieces = typed.match(/(?:"[^"\r\n]*"|[^\r\n,;])+/g) ?? []
  return pieces.map((piece) => piece.trim())
}

/** The address of `Name <address>`; anything else stays as it is. */
function bare(piece: string): string {
  return /^[^<>]*<([^<>]*)>$/.exec(piece)?.[1]?.trim() ?? piece
}
