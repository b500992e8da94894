import { randomBytes } from 'node:crypto'
import { uuidOf } from './uuid.ts'

const storeBytes = 4096
let store = Buffer.alloc(0)

/**
 * That many bytes from the platform's cryptographic generator; the one home of chance (CRY-01).
 * Small ones are cut from a store asked for at once, each byte given out once: asking costs more
 * than the bytes do.
 */
export function random(bytes: number): Buffer {
  if (bytes > storeBytes / 16) return randomBytes(bytes)
  if (store.length < bytes) store = randomBytes(storeBytes)
  const given = Buffer.from(store.subarray(0, bytes))
  store.fill(0, 0, bytes)
  store = store.subarray(bytes)
  return given
}

/**
 * A new row id: a UUIDv7 as text, the milliseconds of `now` and 74 random bits (RFC 9562, 5.7).
 * Ids sort by age and are not secrets: no token is ever made of one alone (CRY-01).
 */
export function newId(now: Date, chance: (bytes: number) => Buffer): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(now.getTime(), 0, 6)
  chance(10).copy(bytes, 6)
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x70
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
  return uuidOf(bytes)
}
