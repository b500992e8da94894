import { scrypt } from 'node:crypto'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import { sameBytes } from './equal.ts'

/**
 * Password hashes made by other programs: bcrypt, and scrypt as a PHC string. They are verified once,
 * at the first sign-in, and then replaced by Argon2id (PW-04).
 */
const bcryptForm = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const scryptForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([\w+/]+)\$([\w+/]+)$/
const argonForm =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
/* `crypto.scrypt(password, salt, 64)` with Node's defaults, the hexadecimal salt used as text. */
const nodeForm = /^([0-9a-f]{16,128}):([0-9a-f]{128})$/

const limit = {
  bcryptCost: [4, 14],
  /** Of scrypt's N, as a power of two. */
  scryptLn: [10, 17],
  memoryBytes: 134_217_728,
  /** N × r × p: what a hash costs in time. */
  scryptWork: 2_097_152,
  argonPasses: [1, 16],
  argonLanes: [1, 16],
  saltBytes: [8, 128],
  hashBytes: [16, 64],
} as const

type Range = readonly [number, number]
type Read =
  | { readonly ok: true; readonly stored: string }
  | { readonly ok: false; readonly why: string }

/**
 * A hash of another program in the form it is stored in: argon2id, bcrypt and scrypt strings as they
 * are, Node's `salt:hash` as the PHC string that means the same. Refused, with a sentence: what is none
 * of these, what would cost more than 128 MiB or some seconds to verify, and what is too short to
 * keep anybody out.
 */
export function readHash(text: string): Read {
  const node = nodeForm.exec(text)
  if (node) {
    const [, salt = '', hash = ''] = node
    return accept(
      `$scrypt$ln=14,r=8,p=1$${base64(Buffer.from(salt))}$${base64(Buffer.from(hash, 'hex'))}`,
    )
  }
  const why = faultOf(text)
  return why === null ? accept(text) : { ok: false, why }
}

const accept = (stored: string): Read => ({ ok: true, stored })

function faultOf(text: string): string | null {
  const bcrypt = bcryptForm.exec(text)
  if (bcrypt) return outside('bcrypt cost', Number(bcrypt[1]), limit.bcryptCost)
  const scrypted = scryptForm.exec(text)
  if (scrypted) return scryptFault(scrypted)
  const argon = argonForm.exec(text)
  if (argon) return argonFault(argon)
  if (/^\$argon2(i|d)\$/.test(text)) return 'argon2i and argon2d are not taken, only argon2id'
  if (/^\$2x?\$/.test(text)) return 'this old form of bcrypt is not taken, only $2a, $2b and $2y'
  if (text.startsWith('$')) return 'this form of password hash is not known here'
  return 'this is no password hash of a form known here'
}

function scryptFault([, ln, r, p, salt = '', hash = '']: RegExpExecArray): string | null {
  const work = 2 ** Number(ln) * Number(r) * Number(p)
  return (
    outside('scrypt ln', Number(ln), limit.scryptLn) ??
    (Number(r) < 1 || Number(p) < 1 ? 'scrypt r and p are 1 or more' : null) ??
    (128 * 2 ** Number(ln) * Number(r) > limit.memoryBytes || work > limit.scryptWork
      ? 'this scrypt hash would take too much memory or time to verify'
      : null) ??
    lengthsFault(salt, hash)
  )
}

function argonFault([, m, t, p, salt = '', hash = '']: RegExpExecArray): string | null {
  const memory = Number(m) * 1024
  return (
    outside('argon2 passes', Number(t), limit.argonPasses) ??
    outside('argon2 lanes', Number(p), limit.argonLanes) ??
    (memory > limit.memoryBytes ? 'this argon2 hash would take too much memory to verify' : null) ??
    (Number(m) < 8 * Number(p) ? 'this argon2 hash has too little memory for its lanes' : null) ??
    lengthsFault(salt, hash)
  )
}

function lengthsFault(salt: string, hash: string): string | null {
  return (
    outside('bytes of salt', bytesOf(salt).length, limit.saltBytes) ??
    outside('bytes of hash', bytesOf(hash).length, limit.hashBytes)
  )
}

function outside(what: string, value: number, [least, most]: Range): string | null {
  return value >= least && value <= most
    ? null
    : `${what}: ${least} to ${most} are taken, not ${value}`
}

/** Whether a stored hash is one of another program, to be verified by `verifyForeign`. */
export function isForeign(stored: string): boolean {
  return bcryptForm.test(stored) || scryptForm.test(stored)
}

/**
 * Whether a password fits a stored hash of another program. bcrypt looks at its first 72 bytes only:
 * that is how it was made. Throws on anything that `isForeign` does not know.
 */
export async function verifyForeign(stored: string, password: string): Promise<boolean> {
  if (bcryptForm.test(stored)) return verifyBcrypt(password, stored)
  const [, ln, r, p, salt = '', hash = ''] = scryptForm.exec(stored) ?? []
  const wanted = bytesOf(hash)
  const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p), maxmem: 2 * limit.memoryBytes }
  return sameBytes(await scrypted(password, bytesOf(salt), wanted.length, cost), wanted)
}

type Cost = { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number }

function scrypted(password: string, salt: Buffer, bytes: number, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
