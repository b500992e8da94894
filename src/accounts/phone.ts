import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { NumberType } from 'libphonenumber-js/max'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'

const e164 = /^\+[1-9][0-9]{6,14}$/

/* Undefined is a range the metadata does not know yet; the carrier has the last word on it. */
const textTypes: ReadonlySet<NumberType> = new Set<NumberType>([
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  undefined,
])

/**
 * Reads a number of any country as E.164 (SMS-01). It starts with + or 00 and the country's code;
 * spaces, hyphens, dots and brackets may stand in it. Refused: not-a-phone, when no number of that
 * country has this form; phone-not-mobile, when texts do not reach it or cost extra: fixed lines,
 * premium, toll-free, shared-cost, personal, satellite and internet numbers (SMS-04).
 */
export function readPhone(typed: string): Outcome<{ e164: string }> {
  const text = typed.normalize('NFKC').trim().replace(/^00/, '+')
  const number = text.startsWith('+') ? parsePhoneNumberFromString(text, { extract: false }) : null
  if (!number?.isPossible() || number.ext || !e164.test(number.number)) return refuse('not-a-phone')
  // A number that its own written form does not lead back to belongs to no plan of its country.
  if (readsAs(number.formatInternational()) !== number.number) return refuse('not-a-phone')
  if (number.isNonGeographic() || !textTypes.has(number.getType())) {
    return refuse('phone-not-mobile')
  }
  return done({ e164: number.number })
}

function readsAs(text: string): string | undefined {
  return parsePhoneNumberFromString(text, { extract: false })?.number
}

/** A stored number in the groups people of its country write: "+44 7700 900123". */
export function phoneInGroups(stored: string): string {
  return parsePhoneNumberFromString(stored)?.formatInternational() ?? stored
}
