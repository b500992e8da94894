import { hash } from 'node:crypto'
import { sameBytes } from './equal.ts'
import type { Keys } from './keys.ts'
import { mac } from './mac.ts'
import { bytesOfUuid, uuidOf } from './uuid.ts'

const tokenBytes = 32
const idBytes = 16
const generationBytes = 4
/** A derived token proves itself by 128 bits of a MAC (CRY-01, TD-02). */
const proofBytes = 16

/** A new random token of 256 bits as base64url, and the SHA-256 to store instead of it (SES-01). */
export function newToken(random: (bytes: number) => Buffer): { token: string; hash: Buffer } {
  const bytes = random(tokenBytes)
  return { token: bytes.toString('base64url'), hash: sha256(bytes) }
}

/** The stored form of a token that came back; null when it has not the form of one. */
export function hashToken(token: string): Buffer | null {
  const bytes = decode(token, tokenBytes)
  return bytes === null ? null : sha256(bytes)
}

/**
 * A token of 256 bits that follows from the token key, a purpose, a row's id and further parts: it
 * can be made again and needs no storing.
 */
export function deriveToken(
  keys: Keys,
  purpose: string,
  id: string,
  ...parts: readonly string[]
): string {
  return mac(keys.tokens, 'derived token', [purpose, bytesOfUuid(id), ...parts]).toString(
    'base64url',
  )
}

/** The token of a mailed link: the link's id and a proof for this purpose, as base64url. */
export function linkToken(keys: Keys, id: string, purpose: string): string {
  const head = bytesOfUuid(id)
  return Buffer.concat([head, linkProof(keys, head, purpose)]).toString('base64url')
}

/** The id of the link a token was made for; null when it was not made here for this purpose. */
export function readLinkToken(keys: Keys, token: string, purpose: string): string | null {
  const bytes = decode(token, idBytes + proofBytes)
  if (bytes === null) return null
  const head = bytes.subarray(0, idBytes)
  return sameBytes(bytes.subarray(idBytes), linkProof(keys, head, purpose)) ? uuidOf(head) : null
}

function linkProof(keys: Keys, head: Buffer, purpose: string): Buffer {
  return mac(keys.tokens, 'link', [purpose, head]).subarray(0, proofBytes)
}

/**
 * What the cookie of a trusted device holds: its id, its generation (0 to 4294967295) and a proof,
 * as base64url. Each generation has another (TD-07). Throws on any other generation.
 */
export function deviceToken(keys: Keys, id: string, generation: number): string {
  // Node writes NaN as 0.
  if (!Number.isInteger(generation)) throw new RangeError('A generation is a whole number')
  const head = Buffer.alloc(idBytes + generationBytes)
  bytesOfUuid(id).copy(head)
  head.writeUInt32BE(generation, idBytes)
  return Buffer.concat([head, deviceProof(keys, head)]).toString('base64url')
}

/** The device and generation a cookie was made for; null when it was not made here. */
export function readDeviceToken(
  keys: Keys,
  token: string,
): { id: string; generation: number } | null {
  const headBytes = idBytes + generationBytes
  const bytes = decode(token, headBytes + proofBytes)
  if (bytes === null) return null
  const head = bytes.subarray(0, headBytes)
  if (!sameBytes(bytes.subarray(headBytes), deviceProof(keys, head))) return null
  return { id: uuidOf(head.subarray(0, idBytes)), generation: head.readUInt32BE(idBytes) }
}

function deviceProof(keys: Keys, head: Buffer): Buffer {
  return mac(keys.tokens, 'trusted device', [head]).subarray(0, proofBytes)
}

/** The anti-forgery token of the forms of one cookie value (FLOW-10, WEB-01). */
export function antiForgeryToken(keys: Keys, bound: string): string {
  return mac(keys.tokens, 'anti-forgery', [bound]).toString('base64url')
}

/** Whether a form's anti-forgery token was made for this cookie value; compared in constant time. */
export function antiForgeryTokenFits(keys: Keys, bound: string, given: string): boolean {
  const bytes = decode(given, tokenBytes)
  return bytes !== null && sameBytes(bytes, mac(keys.tokens, 'anti-forgery', [bound]))
}

/** A name for a value that names nobody to whom lacks the key: 43 characters, for the keys of limits. */
export function keyedDigest(keys: Keys, label: string, value: string): string {
  return mac(keys.tokens, 'digest', [label, value]).toString('base64url')
}

/** Exactly so many bytes of base64url; null for any other text, also one with stray last bits. */
function decode(text: string, bytes: number): Buffer | null {
  if (text.length !== Math.ceil((bytes * 4) / 3)) return null
  const decoded = Buffer.from(text, 'base64url')
  return decoded.length === bytes && decoded.toString('base64url') === text ? decoded : null
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer')
}
