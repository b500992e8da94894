import { sameBytes } from './equal.ts'
import type { Keys } from './keys.ts'
import { mac } from './mac.ts'

const values = 1_000_000
/** The greatest multiple of `values` that 32 bits hold: what lies above would favour low codes. */
const fairBelow = Math.floor(2 ** 32 / values) * values
const seedBytesMin = 16

/** What a sent code is for: another value in any field gives another code (FLOW-04, CODE-04). */
export type CodeFor = {
  /** The challenge's random seed, 128 bits or more. */
  readonly seed: Buffer
  readonly methodId: string
  readonly destination: string
  readonly purpose: string
}

/**
 * The verification code of a challenge: six digits, leading zeros kept, derived by HMAC-SHA-256
 * under the key for codes and reduced without bias (CODE-01, CODE-05). Throws on a short seed.
 */
export function deriveCode(keys: Keys, what: CodeFor): string {
  if (what.seed.length < seedBytesMin) throw new RangeError('A seed has 128 bits or more')
  const parts = [what.seed, what.methodId, what.destination, what.purpose]
  for (let block = 0; ; block += 1) {
    const code = firstFairCode(mac(keys.codes, 'verification code', [...parts, String(block)]))
    if (code !== null) return code
  }
}

/**
 * The first code among the 32-bit words of `bytes`; null when each word would favour low codes,
 * which of eight random words happens once in 10^29.
 */
export function firstFairCode(bytes: Buffer): string | null {
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const word = bytes.readUInt32BE(at)
    if (word < fairBelow) return String(word % values).padStart(6, '0')
  }
  return null
}

const spaces = /[\t\n\v\f\r \u00a0\u2007\u2009\u202f]+/g
const innerDashes = /(?<=[0-9])[-\u2010-\u2015\u2212]+(?=[0-9])/g
const typedCharactersMax = 64

/**
 * What a person typed as the one form every check uses: exactly so many ASCII digits, or null.
 * Spaces and inner hyphens are dropped, also those a phone's keyboard or a copied mail puts in;
 * full-width digits, zero-width characters and everything else are refused (CODE-08).
 */
export function normaliseCode(typed: string, digits: number): string | null {
  if (typed.length > typedCharactersMax) return null
  const code = typed.replace(spaces, '').replace(innerDashes, '')
  return code.length === digits && /^[0-9]+$/.test(code) ? code : null
}

/** Whether two codes are the same, compared in constant time (CODE-08). */
export function codesEqual(a: string, b: string): boolean {
  return sameBytes(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}
