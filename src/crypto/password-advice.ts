import type { Reason } from '../reasons.ts'
import { guessesLog10 } from './guesses.ts'

/** Why a new password is refused. */
export type PasswordReason = Extract<
  Reason,
  'password-too-short' | 'password-too-long' | 'password-too-common' | 'password-too-personal'
>

/** What a new password must keep to: lengths in code points, and words that belong to its owner. */
export type PasswordRules = {
  readonly min: number
  readonly max: number
  /** Address, name, team, product: as they stand; their parts count too. */
  readonly words: readonly string[]
}

// Below a thousand million guesses zxcvbn calls a password no better than "somewhat guessable".
const guessesLog10Min = 9
// Random characters are worth 1.0 each in this measure; a short text need not reach the above.
const guessesLog10PerCharacter = 0.6
const guessesLog10BesideWordsMin = 6
const readingCharactersMin = 8
const wordCharactersMin = 3
const wordsMax = 40
// The whole is hashed, but judging it takes longer with its square.
const examinedCharactersMax = 64

/**
 * Says why a new password is not good enough, or null. Its length is counted by code point in NFC
 * (PW-01). It is judged as a whole: refused is what is nothing but a common or breached password, a
 * keyboard run, a sequence or a word, also repeated, spaced or padded, or is made of the owner's
 * own words (PW-03); a passphrase that holds such a word passes. No kinds of characters are asked
 * for (PW-02).
 */
export function refusePassword(password: string, rules: PasswordRules): PasswordReason | null {
  const characters = [...password.normalize('NFC')]
  if (characters.length < rules.min) return 'password-too-short'
  if (characters.length > rules.max) return 'password-too-long'
  const text = characters.slice(0, examinedCharactersMax).join('')
  const words = formsOf(rules.words)
  if (isMadeOf(text, words)) return 'password-too-personal'
  if (!isGuessable(text, words)) return null
  return isGuessable(text, []) ? 'password-too-common' : 'password-too-personal'
}

/** Whether the text, or what is left of it without its padding, is found early. */
function isGuessable(text: string, words: readonly string[]): boolean {
  return readingsOf(text).some((reading) => isFoundWithin(reading, words, enoughFor(reading)))
}

/** The text, then without signs, then its letters alone where they prevail; each also without runs. */
function readingsOf(text: string): string[] {
  const bare = withoutSigns(text)
  const letters = bare.replace(/\P{L}/gu, '')
  const readings = letters.length * 3 >= bare.length * 2 ? [text, bare, letters] : [text, bare]
  const others = [...readings, ...readings.map(withoutRuns)]
  return [...new Set([text, ...others.filter((each) => each.length >= readingCharactersMin)])]
}

function withoutSigns(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}]/gu, '')
}

/** Each character once where it stands several times in a row. */
function withoutRuns(text: string): string {
  return text.replace(/(.)\1+/gu, '$1')
}

/** Whether half of it and more is the owner's own words, and the rest next to nothing. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  const whole = fold(withoutSigns(text))
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), whole)
  if (whole.length < readingCharactersMin || rest.length * 2 > whole.length) return false
  return isFoundWithin(rest, words, Math.min(guessesLog10BesideWordsMin, enoughFor(text)))
}

// A number that is none counts as found: what cannot be judged is refused.
function isFoundWithin(text: string, words: readonly string[], enough: number): boolean {
  return !(guessesLog10(text, words) >= enough)
}

function enoughFor(text: string): number {
  return Math.min(guessesLog10Min, [...text].length * guessesLog10PerCharacter)
}

/** Each word whole and in its parts, as they stand and without accents and signs, longest first. */
function formsOf(words: readonly string[]): string[] {
  const parts = words.flatMap((word) => [word, ...word.split(/[^\p{L}\p{M}\p{N}]+/u)])
  const local = words.map((word) => word.replace(/@.*$/, ''))
  const forms = [...parts, ...local].flatMap((part) => [
    part.normalize('NFC').toLowerCase(),
    fold(withoutSigns(part)),
  ])
  return [...new Set(forms)]
    .filter((form) => form.length >= wordCharactersMin)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, wordsMax)
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
