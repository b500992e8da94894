import { emailKey, readEmail } from '../accounts/email.ts'
import type { Event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import type { Message, NoticeDetails } from '../delivery/outbox.ts'
import type { NoticeEvent } from '../delivery/notice-events.ts'
import { plain } from '../delivery/words.ts'
import type { Caller, World } from '../world.ts'
import type { Found } from './account-store.ts'
import { NotDone, textOf, WrongUse } from './command.ts'
import type { Desk, Given } from './command.ts'

const reasonCharactersMax = 200

/** How log and notices name who acts from the command line. */
export function operatorAt(world: Pick<World, 'random'>): Caller {
  const requestId = world.random(8).toString('hex')
  return { requestId, source: 'the server’s command line', browser: 'none: by the operator' }
}

/** What every event of the command line says besides: no account acted (OPS-03). */
export function byOperator(details: Event['details'] = {}): {
  actor: null
  details: Event['details']
} {
  return { actor: null, details: { actor: 'operator', ...details } }
}

/** The key of the address typed. Throws WrongUse when it is none. */
export function keyOf(typed: string): string {
  if (readEmail(typed) === null) throw new WrongUse(`“${plain(typed)}” is not an email address.`)
  return emailKey(typed)
}

/** Says that nobody has this address. */
export function nobody(typed: string): WrongUse {
  return new WrongUse(`There is no account with the address ${plain(typed)}. Nothing was changed.`)
}

/** Why it is done, as given. Throws WrongUse without one, and on one that is too long. */
export function reasonOf(given: Given): string {
  const reason = plain(textOf(given, 'reason') ?? '', reasonCharactersMax + 1)
  if (reason === '') throw new WrongUse('Say why, with --reason "…". It is kept in the log.')
  if ([...reason].length > reasonCharactersMax) {
    throw new WrongUse(`The reason may have ${reasonCharactersMax} characters.`)
  }
  return reason
}

/**
 * Spells out what will happen and asks for the address once more, unless --yes was given. Throws
 * NotDone when anything else is typed.
 */
export async function confirm(
  { terminal }: Desk,
  given: Given,
  effects: readonly string[],
  again: { readonly question: string; readonly fits: (typed: string) => boolean },
): Promise<void> {
  for (const effect of effects) terminal.say(effect)
  if (given.options['yes'] === true) return
  const typed = await terminal.ask(`${again.question} `)
  if (typed === null || !again.fits(typed)) throw new NotDone('Nothing was changed.')
}

/** The address, typed again. */
export function addressAgain(emailKeyWanted: string) {
  const question = 'Type the address again to go on:'
  return { question, fits: (typed: string) => emailKey(typed) === emailKeyWanted }
}

/**
 * The notices of an act on an account, to every address and number it has (NTF-01, NTF-02): the
 * account's own, and where its methods send to.
 */
export function noticesTo(
  world: World,
  who: Caller,
  account: Found,
  event: NoticeEvent,
  details: NoticeDetails = {},
): Message[] {
  const { id, email, destinations } = account
  const others = [...new Set(destinations)].filter((one) => one !== email)
  const texts = world.config.textsPossible
  const more = others.flatMap((destination) =>
    destination.startsWith('+')
      ? noticeMessages(world, who, { id, email, phone: destination }, event, details).filter(
          ({ channel }) => texts && channel === 'text',
        )
      : noticeMessages(world, who, { id, email: destination }, event, details),
  )
  return [...noticeMessages(world, who, { id, email }, event, details), ...more]
}
