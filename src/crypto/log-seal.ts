import { createHash, createSecretKey } from 'node:crypto'
import type { Keys } from './keys.ts'
import { mac } from './mac.ts'

/** What a seal of the security log says, before it is sealed. */
export type Unsealed = {
  /** 1, 2, 3 …: one that is missing leaves a gap. */
  readonly number: number
  readonly from_id: number
  readonly to_id: number
  readonly count: number
  readonly newest_at: Date
  /** Of the rows in their canonical form (`rowsHash`). */
  readonly rows_hash: Buffer
  /** 32 zero bytes before the first. */
  readonly previous_mac: Buffer
  readonly at: Date
}

/** Stands where the mac of the seal before the first one would. */
export const noMac = Buffer.alloc(32)

/** SHA-256 over rows as text, each with its length in front. */
export function rowsHash(rows: readonly string[]): Buffer {
  const hash = createHash('sha256')
  for (const row of rows) {
    const bytes = Buffer.from(row, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  return hash.digest()
}

/**
 * The seal's HMAC-SHA-256, under a key of its own that follows from the token key (AUD-03). Who can
 * write the database and has not that key can neither make one nor change what one covers.
 */
export function sealMac(keys: Keys, seal: Unsealed): Buffer {
  const key = createSecretKey(mac(keys.tokens, 'key of log seals', []))
  return mac(key, 'log seal', [
    String(seal.number),
    String(seal.from_id),
    String(seal.to_id),
    String(seal.count),
    seal.newest_at.toISOString(),
    seal.rows_hash,
    seal.previous_mac,
    seal.at.toISOString(),
  ])
}
