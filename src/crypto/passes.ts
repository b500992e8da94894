import { hash } from 'node:crypto'
import { limits } from '../config.ts'
import { toBase32 } from './base32.ts'
import { bareCode, showRecoveryCode } from './recovery-codes.ts'

const bitsPerCharacter = 5
/** From so many bits on a plain SHA-256 is enough (RC-03). */
const bitsMin = 112

/**
 * A new one-time pass in base32, in groups of four, and what is stored in its place: each character
 * five random bits, 120 in all.
 */
export function newPass(random: (bytes: number) => Buffer): { pass: string; hash: Buffer } {
  const bits = limits.passCharacters * bitsPerCharacter
  if (bits < bitsMin) throw new RangeError('A pass has 112 bits')
  const bare = toBase32(random(Math.ceil(bits / 8))).slice(0, limits.passCharacters)
  return { pass: showRecoveryCode(bare), hash: hashOf(bare) }
}

/**
 * The stored form of a pass that was typed: case, spaces and hyphens do not count. Null when it has
 * not the form of one.
 */
export function hashPass(typed: string): Buffer | null {
  const bare = bareCode(typed, limits.passCharacters)
  return bare === null ? null : hashOf(bare)
}

function hashOf(bare: string): Buffer {
  return hash('sha256', bare, 'buffer')
}
