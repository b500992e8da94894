import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

/** A pending sign-in that ended without a session, with its account. */
export type Ended = {
  readonly id: string
  readonly account_id: string
  readonly email: string
  /** When the right password was given. */
  readonly created_at: Date
  readonly source: string
  readonly browser: string
  /** The same source and browser got in within the sign-in's own ten minutes. */
  readonly followed: boolean
}

/* Closed by wrong codes, which is told at once, unless the process died in between. */
const toldAtOnce = `EXISTS (SELECT FROM events t
  WHERE t.account_id = c.account_id AND t.kind = 'sign-in.ended-by-tries' AND t.at >= c.created_at
    AND t.at <= c.created_at + make_interval(secs => ${limits.signInLifetimeSeconds}))`

/*
 * An account's newest events hold a success of those minutes; where a flood has pushed it out, the
 * owner is told rather than not.
 */
const ended = `
  SELECT c.id, c.account_id, a.email, c.created_at, c.source, c.browser, EXISTS (
    SELECT FROM (SELECT e.kind, e.at, e.source, e.browser FROM events e
      WHERE e.account_id = c.account_id ORDER BY e.at DESC, e.id DESC LIMIT 200) e
    WHERE e.kind IN ('sign-in.done', 'sign-in.done-with-recovery-code',
        'sign-in.done-with-one-time-pass', 'sign-in.done-on-trusted-device',
        'sign-in.done-without-second-step')
      AND e.source = c.source AND e.browser = c.browser AND e.at >= c.created_at
      AND e.at <= c.created_at + make_interval(secs => ${limits.signInLifetimeSeconds})) AS followed
  FROM challenges c JOIN accounts a ON a.id = c.account_id
  WHERE c.purpose = 'sign-in' AND c.reviewed_at IS NULL AND c.expires_at <= $1
    AND (c.attempts_left > 0 OR NOT ${toldAtOnce})
    AND c.created_at <= $1 - make_interval(secs => ${limits.signInLifetimeSeconds})
  ORDER BY c.expires_at LIMIT $2`

/**
 * Up to `count` of those that expired or were cancelled and are not reviewed yet, once their ten
 * minutes are over. Those closed by wrong codes were told of at once.
 */
export function findEnded(sql: Sql, now: Date, count: number): Promise<Ended[]> {
  return sql.query<Ended>(ended, [now, count])
}

/** Notes that nothing is to be told of these. */
export async function markReviewed(sql: Sql, ids: readonly string[], now: Date): Promise<void> {
  await sql.query('UPDATE challenges SET reviewed_at = $2 WHERE id = ANY($1::uuid[])', [ids, now])
}

/*
 * Decides two races of copies that review at the same time: of one sign-in, each waits for its row
 * and finds it reviewed; of two of one account, each waits for the account's row and finds that it
 * was told. Locks account, then challenge, as every statement does.
 */
const report = `
  WITH held AS (SELECT id FROM accounts WHERE id = $2 FOR NO KEY UPDATE),
  reviewed AS (UPDATE challenges c SET reviewed_at = $3 FROM held
    WHERE c.id = $1 AND c.account_id = held.id AND c.reviewed_at IS NULL RETURNING held.id),
  logged AS (${insertEvents('$4', 'reviewed')}),
  mailed AS (UPDATE accounts a SET unfinished_told_at = $3 FROM reviewed
    WHERE a.id = reviewed.id AND a.disabled_at IS NULL AND (a.unfinished_told_at IS NULL
      OR a.unfinished_told_at <= $3 - make_interval(hours => ${limits.unfinishedMailHours}))
    RETURNING a.id),
  ${tell('$5', 'mailed')}
  SELECT id FROM mailed`

/** Records an unfinished sign-in, once; the mail goes only when a day has passed since the last. */
export async function reportOne(
  sql: Sql,
  { id, account_id }: Pick<Ended, 'id' | 'account_id'>,
  now: Date,
  events: string,
  messages: string,
): Promise<boolean> {
  const rows = await sql.query(report, [id, account_id, now, events, messages])
  return rows.length > 0
}

export type UnfinishedRow = {
  readonly at: Date
  readonly kind: 'sign-in.unfinished' | 'sign-in.ended-by-tries'
  readonly source: string
  readonly browser: string
  readonly password_at: string | null
}

const unseen = `
  SELECT e.at, e.kind, e.source, e.browser, e.details ->> 'password_at' AS password_at
  FROM events e JOIN accounts a ON a.id = e.account_id
  WHERE e.account_id = $1 AND e.kind IN ('sign-in.unfinished', 'sign-in.ended-by-tries')
    AND e.at > greatest(a.unfinished_seen_at, $2)
  ORDER BY e.at DESC, e.id DESC LIMIT $3`

/** The newest that the owner has not seen, not older than `since`, newest first. One round trip. */
export function listUnseen(
  sql: Sql,
  accountId: string,
  since: Date,
  count: number,
): Promise<UnfinishedRow[]> {
  return sql.query<UnfinishedRow>(unseen, [accountId, since, count])
}

const see = `
  WITH seen AS (UPDATE accounts SET unfinished_seen_at = greatest(unfinished_seen_at, $2)
    WHERE id = $1 RETURNING id),
  logged AS (${insertEvents('$3', 'seen')})
  SELECT id FROM seen`

/** Notes that the owner has seen those up to that time; never takes back what was seen later. */
export async function markSeen(
  sql: Sql,
  accountId: string,
  until: Date,
  events: string,
): Promise<void> {
  await sql.query(see, [accountId, until, events])
}
