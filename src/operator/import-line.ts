import { emailKey, readEmail } from '../accounts/email.ts'
import { readPhone } from '../accounts/phone.ts'
import { limits } from '../config.ts'
import { readHash } from '../crypto/foreign-hashes.ts'
import { readForeign } from '../methods/bring.ts'
import type { Foreign } from '../methods/method.ts'
import type { Role } from '../policy/policy.ts'
import type { Row } from './read-table.ts'

/** The columns, and what each means. */
export const columns = {
  email: 'the address; needed',
  name: 'how the person is called; else the first part of the address',
  password_hash: 'argon2id or bcrypt, scrypt as PHC or salt:hash; empty: they choose one by mail',
  otpauth: 'otpauth://totp/… of each authenticator, with spaces between',
  phone: 'mobile number for the profile, with + and country code',
  email_verified: 'true when the address was confirmed',
  team: 'a team’s name or id',
  role: 'owner, admin or member in it',
} as const

type Column = keyof typeof columns

/** A line that was read and can be taken, but for what others say of it. */
export type Wanted = {
  readonly number: number
  readonly email: string
  readonly emailKey: string
  readonly name: string
  /** Null: no password was brought along. */
  readonly passwordHash: string | null
  readonly phone: string | null
  readonly emailVerified: boolean
  readonly team: string | null
  readonly role: Role
  readonly secrets: readonly Extract<Foreign, { ok: true }>[]
}

/** A line that cannot be taken, and all that is wrong with it. */
export type Unfit = { readonly number: number; readonly why: readonly string[] }

/** Reads one line by itself. No sentence quotes a hash or a secret (AUD-02). */
export function readLine({ number, fields }: Row): Wanted | Unfit {
  const why: string[] = []
  const text = (column: Column) => readField(fields, column, why)
  const email = readEmail(text('email'))
  if (email === null) why.push('email: this is not an email address')
  const name = readName(text('name'), email, why)
  const passwordHash = readPassword(text('password_hash'), why)
  const phone = readNumber(text('phone'), why)
  const emailVerified = readYes(text('email_verified'), why)
  const team = text('team') || null
  const role = readRole(text('role'), team, why)
  const secrets = readSecrets(listOf(fields['otpauth'], why), why)
  if (why.length > 0 || email === null) return { number, why }
  const key = emailKey(email)
  const proven = { passwordHash, emailVerified, secrets }
  return { number, email, emailKey: key, name, phone, team, role, ...proven }
}

function readField(fields: Row['fields'], column: Column, why: string[]): string {
  const value = fields[column] ?? ''
  if (typeof value === 'string') return value.trim()
  if (typeof value === 'boolean') return String(value)
  why.push(`${column}: should be text`)
  return ''
}

/* As for names that are typed: control characters, and what turns the direction of text. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u

function readName(text: string, email: string | null, why: string[]): string {
  const name = text || (email?.slice(0, email.lastIndexOf('@')) ?? '')
  const max = limits.nameCharactersMax
  if ([...name].length > max) why.push(`name: may have ${max} characters`)
  else if (unseen.test(name)) why.push('name: has characters that nobody sees')
  return name
}

function readPassword(text: string, why: string[]): string | null {
  if (text === '') return null
  const read = readHash(text)
  if (read.ok) return read.stored
  why.push(`password_hash: ${read.why}`)
  return null
}

function readNumber(text: string, why: string[]): string | null {
  if (text === '') return null
  const read = readPhone(text)
  if (read.ok) return read.e164
  const cause =
    read.reason === 'phone-not-mobile' ? 'no mobile number' : 'not a number with + and country'
  why.push(`phone: ${cause}`)
  return null
}

function readYes(text: string, why: string[]): boolean {
  if (/^(true|yes|1)$/i.test(text)) return true
  if (!/^(false|no|0|)$/i.test(text)) why.push('email_verified: say true or false')
  return false
}

function readRole(text: string, team: string | null, why: string[]): Role {
  const role = text.toLowerCase() || 'member'
  if (team === null && text !== '') why.push('role: needs a team')
  if (team !== null && [...team].length > limits.nameCharactersMax) why.push('team: too long')
  if (team !== null && unseen.test(team)) why.push('team: has characters that nobody sees')
  if (role === 'owner' || role === 'admin' || role === 'member') return role
  why.push('role: owner, admin or member')
  return 'member'
}

function listOf(value: unknown, why: string[]): string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return value.split(/\s+/).filter(Boolean)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  why.push('otpauth: should be text, or a list of texts')
  return []
}

function readSecrets(texts: readonly string[], why: string[]): Wanted['secrets'] {
  if (texts.length > limits.methodsPerAccountMax) {
    why.push(`otpauth: ${limits.methodsPerAccountMax} methods at most`)
    return []
  }
  return texts.flatMap((text) => {
    const read = readForeign(text)
    if (read.ok) return [read]
    why.push(`otpauth: ${read.why}`)
    return []
  })
}
