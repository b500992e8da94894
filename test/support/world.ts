/** A world for use-case tests: real SQL, real keys, a clock of its own, an inbox for what is sent. */
import { setTimeout as pause } from 'node:timers/promises'
import { guessKeys } from '../../src/accounts/guesses.ts'
import { emailKey } from '../../src/accounts/email.ts'
import type { Config } from '../../src/config.ts'
import { defaults } from '../../src/config.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import type { Keys } from '../../src/crypto/keys.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'
import type { Sql } from '../../src/database/port.ts'
import { createDelivery } from '../../src/delivery/deliver.ts'
import { createInbox } from '../../src/delivery/inbox.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { check } from '../../src/sessions/check.ts'
import type { Member } from '../../src/sessions/session.ts'
import { settle } from '../../src/sign-in/settle.ts'
import type { LinkHolder } from '../../src/accounts/open-link.ts'
import type { Visitor } from '../../src/sign-in/visitor.ts'
import type { World } from '../../src/world.ts'

export type TestWorld = World & {
  readonly time: Time
  /** Sends what is due by the world's clock, and gives all letters so far, oldest first. */
  readonly letters: () => Promise<Letter[]>
  /** What was logged, one JSON text a line: to search for what must not be in it. */
  readonly logged: readonly string[]
}

/** The clock's hands. It stands still until it is moved. */
export type Time = {
  readonly set: (moment: string) => void
  readonly pass: (span: Partial<Record<keyof typeof seconds, number>>) => void
}

const seconds = { days: 86_400, hours: 3600, minutes: 60, seconds: 1 } as const

/**
 * Makes a world on a migrated database. Everything in it is real but the clock, which begins at
 * noon of 24 November 2026, the carriers, and the cost of a password hash.
 */
export function testWorld(
  sql: Sql,
  settings: Partial<Config> = {},
  keys: Keys = someKeys(),
): TestWorld {
  let now = new Date('2026-11-24T12:00:00.000Z')
  const clock = () => new Date(now)
  const cheap = { passwordHashMemoryKib: 256, passwordHashPasses: 1 }
  const config: Config = { ...defaults(), ...cheap, ...settings }
  const logged: string[] = []
  const log = recorder(logged)
  const inbox = createInbox(clock)
  const delivery = createDelivery({ sql, clock, keys, config, log, carriers: inbox.carriers })
  const world = { sql, clock, random, delivery, keys, config, log }
  return {
    ...world,
    passwords: createPasswords(config, 2),
    logged,
    time: {
      set: (moment) => (now = new Date(moment)),
      pass: (span) => (now = new Date(now.getTime() + millisecondsOf(span))),
    },
    letters: async () => {
      await sendAllDue(world)
      return inbox
        .list()
        .map(({ letter }) => letter)
        .toReversed()
    },
  }
}

function someKeys(): Keys {
  const key = () => random(32).toString('base64')
  return readKeys('', { secrets: key(), codes: key(), tokens: key() }, random)
}

function recorder(lines: string[]): World['log'] {
  const write = (fields: object, sentence: string) =>
    void lines.push(JSON.stringify({ ...fields, sentence }))
  return { info: write, warn: write, error: write }
}

function millisecondsOf(span: Partial<Record<keyof typeof seconds, number>>): number {
  const units = Object.keys(seconds) as (keyof typeof seconds)[]
  return units.reduce((sum, unit) => sum + (span[unit] ?? 0) * seconds[unit] * 1000, 0)
}

async function sendAllDue({ sql, clock, delivery }: Pick<World, 'sql' | 'clock' | 'delivery'>) {
  const due = await sql.query<{ id: string }>(
    `SELECT id FROM messages WHERE accepted_at IS NULL AND failed_at IS NULL AND next_try_at <= $1
     ORDER BY created_at, id`,
    [clock()],
  )
  for (const { id } of due) await delivery.sendNow(id, 10)
}

let visitors = 0

/** Somebody at the door, at a source of their own unless told otherwise. */
export function someVisitor(who: Partial<Visitor & LinkHolder> = {}): Visitor & LinkHolder {
  const number = ++visitors
  return {
    requestId: `request-${number}`,
    source: `2001:db8:${number.toString(16)}::/64`,
    browser: 'Firefox on Linux',
    signIn: null,
    deviceCookies: [],
    link: null,
    ...who,
  }
}

/** Signs an account in by its password alone, whatever methods it has, as if it had none. */
export async function signedIn(
  world: World,
  account: { readonly id: string; readonly email: string },
  visitor: Visitor = someVisitor(),
): Promise<Member & { readonly cookie: string }> {
  const [row] = await world.sql.query<{ epoch: number }>(
    'SELECT epoch FROM accounts WHERE id = $1',
    [account.id],
  )
  const guess = guessKeys(world, visitor, emailKey(account.email))
  const proof = { by: 'password', accountId: account.id, epoch: row?.epoch ?? 0, guess } as const
  const opened = await settle(world, visitor, proof, [])
  const session = await check(world, opened?.token ?? null)
  if (!opened || !session) throw new Error('this account cannot sign in')
  return { ...visitor, session, cookie: opened.token }
}

/** The session of a cookie as it is now, for the next act of the same person. */
export async function sameMember(world: World, member: Member, cookie: string): Promise<Member> {
  const session = await check(world, cookie)
  if (!session) throw new Error('this session has ended')
  return { ...member, session }
}

/** The kinds of all events so far, oldest first. */
export async function eventKinds(world: World): Promise<string[]> {
  const rows = await world.sql.query<{ kind: string }>('SELECT kind FROM events ORDER BY id')
  return rows.map(({ kind }) => kind)
}

/**
 * Lets statements meet: holds the rows that `lock` selects until every act waits for them, each with
 * its own view of the time before, then lets go. Needs a connection for each act and one more, on a
 * PostgreSQL server. What each act gives, in their order; `meanwhile` happens while all wait.
 */
export async function atOnce<T>(
  sql: Sql,
  lock: string,
  acts: readonly (() => Promise<T>)[],
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<T[]> {
  const started = await sql.tx(async (holding) => {
    await holding.query(lock)
    const running = acts.map((act) => act())
    await untilWaiting(holding, acts.length)
    await meanwhile()
    return { running }
  })
  return Promise.all(started.running)
}

/** Waits until so many statements wait for rows that others hold: for `meanwhile`, when one more is to. */
export async function untilWaiting(sql: Sql, count: number): Promise<void> {
  for (let tries = 500; (await waiting(sql)) < count; tries--) {
    if (tries === 0) throw new Error('not every act came to wait for these rows')
    await pause(10)
  }
}

async function waiting(sql: Sql): Promise<number> {
  // What a transaction has seen of the activity it keeps seeing, until it is told to look again.
  await sql.query('SELECT pg_stat_clear_snapshot()')
  const [row] = await sql.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return row?.count ?? 0
}
