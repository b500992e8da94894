import { emailKey } from '../src/accounts/email.ts'
import { defaults, limits } from '../src/config.ts'
import { deriveCode } from '../src/crypto/codes.ts'
import type { Keys } from '../src/crypto/keys.ts'
import { newId, random } from '../src/crypto/random.ts'
import { seal } from '../src/crypto/seal.ts'
import { antiForgeryToken, newToken } from '../src/crypto/tokens.ts'
import { newSecret, stepAt, totpCode } from '../src/crypto/totp.ts'
import type { Sql } from '../src/database/port.ts'
import { boundTo } from '../src/methods/totp.ts'

export type Account = { readonly id: string; readonly email: string }
type Row = Readonly<Record<string, unknown>>

/** Puts so many accounts into the database, all with a hash that is never looked at. */
export async function addAccounts(sql: Sql, count: number, label: string): Promise<Account[]> {
  const now = new Date()
  const accounts = Array.from({ length: count }, (_none, i) => ({
    id: newId(now, random),
    email: `${label}-${i}@example.com`,
  }))
  const rows = accounts.map(({ id, email }) => ({ id, email, email_key: emailKey(email) }))
  await insert(
    sql,
    rows,
    `INSERT INTO accounts (id, email, email_key, email_verified_at, password_hash, name, created_at,
       last_sign_in_at)
     SELECT id, email, email_key, now(), '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$', email,
       now(), now() FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, email text, email_key text)`,
  )
  return accounts
}

/** Gives each account an authenticator app or text messages. */
export async function addMethods(
  sql: Sql,
  keys: Keys,
  accounts: readonly Account[],
  kind: 'totp' | 'sms',
): Promise<{ id: string; secret: Buffer; destination: string }[]> {
  const now = new Date()
  const methods = accounts.map((account, i) => {
    const id = newId(now, random)
    const secret = newSecret(random)
    const sealed = seal(keys, secret, boundTo(account.id, id)).toString('hex')
    return { id, secret, sealed, account: account.id, destination: `+1202${5_000_000 + i}` }
  })
  const rows = methods.map(({ id, account, sealed, destination }) => ({
    id,
    account,
    kind,
    slot: kind === 'totp' ? id : kind,
    sealed: kind === 'totp' ? sealed : null,
    destination: kind === 'totp' ? null : destination,
  }))
  await insert(
    sql,
    rows,
    `INSERT INTO methods (id, account_id, kind, slot, name, destination, secret, created_at,
       confirmed_at)
     SELECT id, account, kind, slot, kind, destination, decode(sealed, 'hex'), now(), now()
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, account uuid, kind text, slot text,
       sealed text, destination text)`,
  )
  return methods
}

/** Opens a sign-in for each account at the second step; gives the right answer's request. */
export async function openSignIns(
  sql: Sql,
  keys: Keys,
  accounts: readonly Account[],
  kind: 'totp' | 'sms',
  port: number,
): Promise<string[]> {
  const methods = await addMethods(sql, keys, accounts, kind)
  const signIns = methods.map((method, i) => {
    const seed = random(16)
    const { token, hash } = newToken(random)
    const { id: methodId, destination } = method
    const code =
      kind === 'totp'
        ? totpCode(method.secret, stepAt(new Date()))
        : deriveCode(keys, { seed, methodId, destination, purpose: 'sign-in' })
    const row: Row = {
      id: newId(new Date(), random),
      hash: hash.toString('hex'),
      account: accounts[i]?.id,
      method: methodId,
      destination: kind === 'totp' ? null : destination,
      seed: seed.toString('hex'),
    }
    return {
      row,
      request: post('/sign-in/code', { code }, `sign-in=${token}`, token, keys, port, i),
    }
  })
  await insert(
    sql,
    signIns.map(({ row }) => row),
    `INSERT INTO challenges (id, purpose, token_hash, account_id, epoch, method_id, destination, seed,
       sent_at, attempts_left, created_at, expires_at, source, browser)
     SELECT id, 'sign-in', decode(hash, 'hex'), account, 1, method, destination,
       decode(seed, 'hex'), now(), ${defaults().attemptsMax}, now(),
       now() + make_interval(secs => ${limits.signInLifetimeSeconds}), '127.0.0.1', 'bench'
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, hash text, account uuid, method uuid,
       destination text, seed text)`,
  )
  return signIns.map(({ request }) => request)
}

/** Opens a session for each account; gives so many requests that check one. */
export async function openSessions(
  sql: Sql,
  accounts: readonly Account[],
  count: number,
  port: number,
): Promise<string[]> {
  const sessions = accounts.map((account) => ({ account: account.id, ...newToken(random) }))
  const rows = sessions.map(({ account, hash }) => ({
    id: newId(new Date(), random),
    account,
    hash: hash.toString('hex'),
  }))
  await insert(
    sql,
    rows,
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
       password_at, second_step_at, second_step_kind, source, browser)
     SELECT id, decode(hash, 'hex'), account, 1, now(), now(), now() + interval '7 days', now(),
       now(), 'totp', '127.0.0.1', 'bench'
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, account uuid, hash text)`,
  )
  return Array.from({ length: count }, (_none, i) => {
    const { token } = sessions[i % sessions.length] as { token: string }
    return `GET /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: session=${token}\r\n\r\n`
  })
}

/** The password step for each account, from an address of its own. */
export function passwordSteps(accounts: readonly Account[], keys: Keys, port: number): string[] {
  return accounts.map(({ email }, i) =>
    post('/sign-in', { email, password: 'x' }, 'visitor=v', 'v', keys, port, i),
  )
}

function post(
  path: string,
  fields: object,
  cookie: string,
  bound: string,
  keys: Keys,
  port: number,
  i: number,
): string {
  const body = JSON.stringify(fields)
  return [
    `POST /api/v1${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}`,
    `X-Forwarded-For: 10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    `Cookie: ${cookie}`,
    `Anti-Forgery-Token: ${antiForgeryToken(keys, bound)}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}

async function insert(sql: Sql, rows: readonly Row[], text: string): Promise<void> {
  for (let i = 0; i < rows.length; i += 1000) {
    await sql.query(text, [JSON.stringify(rows.slice(i, i + 1000))])
  }
}
