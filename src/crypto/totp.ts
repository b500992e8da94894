import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { toBase32 } from './base32.ts'
import { codesEqual } from './codes.ts'

const secretBytes = 20

/** How an authenticator makes its codes, in the words of its key URI (KEYURI; TOTP-11). */
export type TotpParameters = {
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512'
  readonly digits: number
  /** Seconds. */
  readonly period: number
}

/** What every app takes, and what a key URI that names none of them means. */
export const usualTotp: TotpParameters = { algorithm: 'SHA1', digits: 6, period: 30 }

/** A new shared secret of 160 random bits (TOTP-02; RFC 4226, section 4, R6). */
export function newSecret(random: (bytes: number) => Buffer): Buffer {
  return random(secretBytes)
}

/** The time step an instant lies in: whole periods since 1970 (RFC 6238, section 4). */
export function stepAt(at: Date, { period } = usualTotp): number {
  return Math.floor(at.getTime() / (period * 1000))
}

/**
 * The code of a step, usually six digits: HMAC-SHA-1 over the 64-bit counter, truncated (TOTP-01; RFC 4226,
 * section 5.3). Throws when the step is no whole number from 0 to 2^53 - 1.
 */
export function totpCode(key: KeyObject | Buffer, step: number, as = usualTotp): string {
  if (!Number.isSafeInteger(step) || step < 0) throw new RangeError('A step is a whole number')
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const secret = Buffer.isBuffer(key) ? createSecretKey(key) : key
  const digest = createHmac(as.algorithm, secret).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const truncated = digest.readUInt32BE(offset) & 0x7fffffff
  return String(truncated % 10 ** as.digits).padStart(as.digits, '0')
}

/**
 * The step whose code this is: the one at `at` or, with `around` 1, one on either side; null when
 * none fits (TOTP-03). All candidates are computed and compared in constant time, so a near miss
 * takes as long as any other (TOTP-05). When one code fits two steps, about once in a million, the
 * newest is given: the older one is then spent too, and the code cannot be used again (TOTP-04).
 * Throws when `around` is neither 0 nor 1.
 */
export function findStep(
  secret: Buffer,
  code: string,
  at: Date,
  around: number,
  as = usualTotp,
): number | null {
  if (around !== 0 && around !== 1) throw new RangeError('Steps around are 0 or 1')
  const key = createSecretKey(secret)
  const present = stepAt(at, as)
  let found: number | null = null
  for (let step = Math.max(0, present - around); step <= present + around; step += 1) {
    if (codesEqual(totpCode(key, step, as), code)) found = step
  }
  return found
}

/**
 * The address an authenticator app reads from the QR code (TOTP-10; Google's key URI format).
 * A colon separates issuer and account there, so one inside a name becomes a space. Throws when a
 * name is empty.
 */
export function keyUri(
  of: { issuer: string; account: string; secret: Buffer },
  { algorithm, digits, period } = usualTotp,
): string {
  const issuer = encodeURIComponent(withoutColons(of.issuer))
  const account = encodeURIComponent(withoutColons(of.account))
  const how = `algorithm=${algorithm}&digits=${digits}&period=${period}`
  const parameters = `secret=${toBase32(of.secret)}&issuer=${issuer}&${how}`
  return `otpauth://totp/${issuer}:${account}?${parameters}`
}

function withoutColons(name: string): string {
  const plain = name
    .toWellFormed()
    .replace(/\s*:\s*/g, ' ')
    .trim()
  if (plain === '') throw new RangeError('A key URI needs a name')
  return plain
}
