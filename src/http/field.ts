import { z } from 'zod'
import { limits } from '../config.ts'

/** Pieces that the rows' inputs are made of. Each takes one string and refuses anything else. */

/*
 * Also those that turn the direction of what follows: unclosed they would reach out of any `<bdi>`.
 * And halves of characters, which no database takes in JSON.
 */
const control = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u

/**
 * One line of text: trimmed, 1 to `max` characters, no control characters, no halves of characters
 * and none that turn the direction of text; right-to-left letters and marks are welcome (WEB-07).
 */
export const line = (max: number = limits.nameCharactersMax) =>
  z
    .string()
    .max(max * 4)
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !control.test(text))

/** Text taken exactly as typed: passwords and codes. Up to 4 kB; what it means is checked later. */
export const typed = z.string().min(1).max(4096)

/** Words to look for, of one line; none when absent or empty. */
export const words = (max: number) =>
  z
    .string()
    .max(max * 4)
    .trim()
    .max(max)
    .refine((text) => !control.test(text))
    .optional()
    .transform((text) => text ?? '')

/** An id of ours. */
export const id = z.uuid()

/** A moment as RFC 3339 text in UTC, as the API gives them. */
export const moment = z.iso.datetime().transform((text) => new Date(text))

/** A tick box: "yes" from a form, true from JSON; absent or false is unticked. */
export const tick = z
  .union([z.literal('yes'), z.boolean()])
  .optional()
  .transform((value) => value === 'yes' || value === true)

/** A whole number from a form or a query: 0 to `most`. */
export const digits = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().max(most))

/** A whole number from JSON: 0 to `most`. */
export const whole = (most: number) => z.int().min(0).max(most)

/** A day of the calendar, "2026-12-12": no time and no zone. */
export const day = z.iso.date()

/** A day from a form or a query, where an empty field means none. */
export const dayOrNone = z.union([z.literal('').transform(() => null), day])

/**
 * A person's own words in several lines, 1 to `max` characters; none when empty. Refused: control
 * characters other than breaks between lines, and those that turn the direction of text (EML-06).
 */
export const ownWords = (max: number) =>
  z
    .string()
    .max(max * 4)
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .max(max)
        .refine((text) => !control.test(text.replaceAll(/[\n\t]/g, ' '))),
    )
    .transform((text) => text || null)

/** A path on this site to go on to; anything else becomes null, never an error (FLOW-13). */
export const returnTo = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' ? sameSitePath(value) : null))

/**
 * The path when it can only lead to this site: one slash, then printable ASCII without backslash.
 * Refuses //host, /\host, schemes, control characters, line breaks and their encoded forms.
 */
export function sameSitePath(value: string): string | null {
  if (value.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value)) return null
  if (/%(0[0-9a-f]|1[0-9a-f]|7f|5c|2f%2f)/i.test(value)) return null
  const { host, pathname, search } = new URL(value, 'http://twostep.invalid')
  // "/.//host" loses its dots on the way: what is left must not begin with two slashes either.
  return host === 'twostep.invalid' && !pathname.startsWith('//') ? pathname + search : null
}
