/** A small installation for the tests of delivery: database, clock, log, and somebody to write to. */
import { readKeys } from '../../src/crypto/keys.ts'
import type { Keys } from '../../src/crypto/keys.ts'
import { newId, random } from '../../src/crypto/random.ts'
import type { Config } from '../../src/config.ts'
import type { Sql } from '../../src/database/port.ts'
import { createDelivery } from '../../src/delivery/deliver.ts'
import type { RunningDelivery } from '../../src/delivery/deliver.ts'
import { insertMessages, insertNotMeLinks } from '../../src/delivery/outbox.ts'
import type { Message } from '../../src/delivery/outbox.ts'
import type { Carrier } from '../../src/delivery/port.ts'
import { settings } from './readable.ts'

const key = () => random(32).toString('base64')

export type Trial = {
  readonly sql: Sql
  readonly keys: Keys
  readonly config: Config
  readonly clock: () => Date
  readonly random: typeof random
  readonly pass: (seconds: number) => void
  /** All that was logged, as JSON. */
  readonly logged: string[]
  readonly accountId: string
  /** A delivery of a process of its own; on another connection when one is given. */
  readonly deliver: (carriers: readonly Carrier[], sql?: Sql) => RunningDelivery
  /** Opens a sign-in that asks for a code at that destination. */
  readonly openChallenge: (destination: string) => Promise<Challenge>
  /** Writes messages, and their links, in the statement that changes the account's name. */
  readonly write: (messages: readonly Message[], account?: string) => Promise<void>
  readonly state: (id: string) => Promise<State>
}

export type Challenge = {
  readonly id: string
  readonly purpose: 'sign-in'
  readonly account_id: string
  readonly method_id: string
  readonly channel: 'text' | 'mail'
  readonly destination: string
  readonly seed: Buffer
  readonly expires_at: Date
  readonly action: null
}

export type State = {
  readonly tries: number
  readonly accepted_at: Date | null
  readonly failed_at: Date | null
  readonly next_try_at: Date
  readonly failure: string | null
  readonly carrier: string | null
  readonly carrier_reference: string | null
}

/** An installation with one account. The database is emptied first. */
export async function createTrial(sql: Sql, changes: Partial<Config> = {}): Promise<Trial> {
  let now = new Date('2026-11-24T14:05:00Z')
  const clock = () => new Date(now)
  const config = settings({ carrierTimeoutSeconds: 5, ...changes })
  const keys = readKeys('', { secrets: key(), codes: key(), tokens: key() }, random)
  const logged: string[] = []
  const note = (fields: object, sentence: string) =>
    void logged.push(JSON.stringify({ ...fields, sentence }))
  const log = { info: note, warn: note, error: note }
  await sql.query('TRUNCATE accounts, links, messages, sends CASCADE')
  const accountId = await insertAccount(sql, clock())
  return {
    sql,
    keys,
    config,
    clock,
    random,
    logged,
    accountId,
    pass: (seconds) => (now = new Date(now.getTime() + seconds * 1000)),
    deliver: (carriers, other = sql) =>
      createDelivery({ sql: other, clock, keys, config, log, carriers }),
    openChallenge: (destination) => insertChallenge(sql, clock(), accountId, destination),
    write: (messages, account = accountId) => insert(sql, account, messages),
    state: (id) => readRow(sql, id),
  }
}

async function insertAccount(sql: Sql, now: Date): Promise<string> {
  const id = newId(now, random)
  await sql.query(
    `INSERT INTO accounts (id, email, email_key, password_hash, name, created_at)
     VALUES ($1, 'ann@example.com', $2, '', 'Ann', $3)`,
    [id, id, now],
  )
  return id
}

async function insertChallenge(
  sql: Sql,
  now: Date,
  accountId: string,
  destination: string,
): Promise<Challenge> {
  const challenge = {
    id: newId(now, random),
    purpose: 'sign-in' as const,
    account_id: accountId,
    method_id: newId(now, random),
    channel: destination.startsWith('+') ? ('text' as const) : ('mail' as const),
    destination,
    seed: random(16),
    expires_at: new Date(now.getTime() + 600_000),
    action: null,
  }
  const { id, method_id, seed, expires_at } = challenge
  await sql.query(
    `INSERT INTO challenges (id, purpose, token_hash, account_id, epoch, method_id, destination,
       seed, sent_at, attempts_left, created_at, expires_at, source, browser)
     VALUES ($1, 'sign-in', $2, $3, 1, $4, $5, $6, $7, 5, $7, $8, '', '')`,
    [id, random(32), accountId, method_id, destination, seed, now, expires_at],
  )
  return challenge
}

const change = `WITH changed AS (UPDATE accounts SET name = 'Ann Lee' WHERE id = $1 RETURNING id),
  told AS (${insertMessages('$2', 'changed')}), linked AS (${insertNotMeLinks('$2', 'changed')})
  SELECT id FROM changed`

async function insert(sql: Sql, account: string, messages: readonly Message[]): Promise<void> {
  await sql.query(change, [account, JSON.stringify(messages)])
}

async function readRow(sql: Sql, id: string): Promise<State> {
  const [row] = await sql.query<State>(
    `SELECT tries, accepted_at, failed_at, next_try_at, failure, carrier, carrier_reference
     FROM messages WHERE id = $1`,
    [id],
  )
  if (!row) throw new Error('no such message')
  return row
}
