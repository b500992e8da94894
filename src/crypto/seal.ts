import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Keys } from './keys.ts'
import { random } from './random.ts'

// version (1 byte) | key id (4) | nonce (12) | ciphertext | tag (16)
const version = 1
const headBytes = 5
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts under the present key for secrets: AES-256-GCM with a fresh 96-bit nonce (TOTP-06,
 * CRY-03). `bound` says whom it belongs to; it is not stored and must be the same to open it again.
 * The nonce comes from the platform and not from `world`: no test may ever repeat one.
 */
export function seal(keys: Keys, plain: Buffer, bound: string): Buffer {
  const head = Buffer.concat([Buffer.of(version), Buffer.from(keys.secrets.current.id, 'hex')])
  const nonce = random(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keys.secrets.current.key, nonce, {
    authTagLength: tagBytes,
  })
  cipher.setAAD(associated(head, bound))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([head, nonce, text, cipher.getAuthTag()])
}

/**
 * Decrypts what `seal` gave, under the key it names. Throws, and gives nothing, when it was changed,
 * is bound to another account or method, or its key is not there (FLOW-15).
 */
export function open(keys: Keys, sealed: Buffer, bound: string): Buffer {
  if (sealed.length < headBytes + nonceBytes + tagBytes || sealed[0] !== version) {
    throw new Error('A stored secret has an unknown form')
  }
  const head = sealed.subarray(0, headBytes)
  const nonce = sealed.subarray(headBytes, headBytes + nonceBytes)
  const id = head.toString('hex', 1)
  const key = keys.secrets.all.get(id)
  if (key === undefined) throw new Error(`A stored secret needs the key ${id}, which is not there`)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(associated(head, bound))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const text = sealed.subarray(headBytes + nonceBytes, -tagBytes)
  return Buffer.concat([decipher.update(text), decipher.final()])
}

function associated(head: Buffer, bound: string): Buffer {
  return Buffer.concat([head, Buffer.from(bound, 'utf8')])
}
