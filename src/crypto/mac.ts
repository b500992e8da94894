import { createHmac, type KeyObject } from 'node:crypto'

/**
 * HMAC-SHA-256, 32 bytes, over a label and parts. Each is written with its length in front, so no
 * two different lists give the same input; the label keeps the uses of one key apart.
 */
export function mac(key: KeyObject, label: string, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of [label, ...parts]) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hmac.update(length).update(bytes)
  }
  return hmac.digest()
}
