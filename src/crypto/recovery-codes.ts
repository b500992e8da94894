import { limits } from '../config.ts'
import { toBase32 } from './base32.ts'

const bitsPerCharacter = 5
const bitsMin = 64

/**
 * New recovery codes in base32, upper case, ungrouped: each character five random bits, so no value
 * is likelier than another (RC-02). Throws below 64 bits a code.
 */
export function newRecoveryCodes(
  count: number,
  characters: number,
  random: (bytes: number) => Buffer,
): string[] {
  if (characters * bitsPerCharacter < bitsMin) throw new RangeError('A recovery code has 64 bits')
  const bytes = Math.ceil((characters * bitsPerCharacter) / 8)
  return Array.from({ length: count }, () => toBase32(random(bytes)).slice(0, characters))
}

/** A recovery code as people read it: groups of four with hyphens. */
export function showRecoveryCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, '$&-')
}

/**
 * A typed recovery code as `newRecoveryCodes` made it: case, spaces and hyphens do not count
 * (RC-02). Null when its length or alphabet is wrong.
 */
export function normaliseRecoveryCode(typed: string): string | null {
  return bareCode(typed, limits.recoveryCodeCharacters)
}

/** Typed base32 of so many characters without what only groups them; null when it is none. */
export function bareCode(typed: string, characters: number): string | null {
  if (typed.length > characters * 4) return null
  const bare = typed.replace(/[\t\n\v\f\r \u00a0\u2007\u2009\u202f\u2010-\u2015\u2212-]/g, '')
  // Letters are checked before they are raised: some that are not ASCII would become so.
  if (bare.length !== characters || !/^[A-Za-z2-7]+$/.test(bare)) return null
  return bare.toUpperCase()
}
