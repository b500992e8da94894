import { insertEvents } from '../audit/store.ts'
import { inCompany } from '../database/company.ts'
import type { Sql } from '../database/port.ts'
import { limits } from '../config.ts'
import { insertMessages } from '../delivery/outbox.ts'
import type { World } from '../world.ts'

/** Where a challenge belongs: to a sign-in or a reset by its cookie, or to a session by its purpose. */
export type Place =
  | { readonly tokenHash: Buffer; readonly purpose?: 'reset' | 'case' }
  | { readonly sessionId: string; readonly purpose: SessionPurpose }

export type SessionPurpose = 'step-up' | 'set-up' | 'new-number' | 'mailbox'
export type Purpose = 'sign-in' | 'reset' | 'case' | SessionPurpose

/** A spent attempt: the challenge, the method asked, and the account, as the answer needs them. */
export type Spent = {
  readonly id: string
  readonly purpose: Purpose
  readonly account_id: string
  readonly epoch: number
  readonly email: string
  readonly method_id: string
  readonly kind: string
  readonly method_name: string
  readonly destination: string | null
  readonly secret: Buffer | null
  readonly parameters: Readonly<Record<string, string | number>>
  readonly last_step: number | null
  readonly failures: number
  readonly seed: Buffer
  readonly sent_at: Date | null
  readonly attempts_left: number
  readonly return_to: string | null
}

/** Conditions on `challenges c` for the two kinds of place; $1 and $2 come from `placed`. */
export const atDoor = `c.token_hash = $1 AND c.purpose = coalesce($2, 'sign-in')`
export const inSession = `c.session_id = $1 AND c.purpose = $2`

/**
 * Takes one attempt before anything is compared (LIM-05): one from the challenge's few, and one
 * failure on the method, which the right answer takes back. Decides the race of parallel guesses:
 * each waits for the challenge's row lock and looks at attempts_left again, so that no more are
 * ever looked at than there were attempts. Locks challenge, then method, as `settle` does.
 */
const spend = (where: string) => `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1
    FROM methods m, accounts a
    WHERE ${where} AND c.attempts_left > 0 AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
      AND m.id = c.method_id AND m.account_id = c.account_id
      AND m.not_before <= $3 AND m.failures < $4
      AND CASE WHEN c.purpose = 'set-up' THEN m.confirmed_at IS NULL AND m.pending_until > $3
        ELSE m.confirmed_at IS NOT NULL END
    RETURNING c.id, c.purpose, c.account_id, c.epoch, a.email, c.method_id, c.destination, c.seed,
      c.sent_at, c.attempts_left, c.return_to),
  counted AS (
    UPDATE methods m SET failures = m.failures + 1,
      not_before = $3 + wait_after(m.failures + 1, $5, $6, $7)
    FROM spent WHERE m.id = spent.method_id AND m.not_before <= $3 AND m.failures < $4
    RETURNING m.kind, m.name AS method_name, m.secret, m.parameters, m.last_step, m.failures)
  SELECT * FROM spent, counted`

const spendAtDoor = spend(atDoor)
const spendInSession = spend(inSession)

/** Spends one attempt; null when there is none to spend. One round trip. */
export async function spendAttempt(world: World, place: Place): Promise<Spent | null> {
  const { config } = world
  const text = 'tokenHash' in place ? spendAtDoor : spendInSession
  const [spent] = await world.sql.query<Spent>(inCompany(text), [
    ...placed(place),
    world.clock(),
    limits.methodFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
  ])
  return spent ?? null
}

/** The parameters $1 and $2 of a statement that starts at a place. */
export function placed(place: Place): [Buffer | string, string | null] {
  const { purpose = null } = place
  return ['tokenHash' in place ? place.tokenHash : place.sessionId, purpose]
}

/** A challenge as pages show it and refusals explain it. */
export type Open = {
  readonly id: string
  readonly purpose: Purpose
  readonly account_id: string
  readonly epoch: number
  readonly email: string
  readonly name: string
  /** Somebody of support: no team changes how they sign in (REC-06). */
  readonly support: boolean
  readonly method_id: string | null
  readonly kind: string | null
  readonly method_name: string | null
  readonly destination: string | null
  readonly failures: number | null
  readonly not_before: Date | null
  readonly sent_at: Date | null
  readonly attempts_left: number
  readonly created_at: Date
  readonly expires_at: Date
  /** Of a reset: when its second step was passed. */
  readonly proven_at: Date | null
  readonly return_to: string | null
  readonly message_state: 'waiting' | 'accepted' | 'failed' | null
  readonly message_at: Date | null
}

const look = (where: string) => `
  SELECT c.id, c.purpose, c.account_id, c.epoch, a.email, a.name,
    a.support_since IS NOT NULL AS support, m.id AS method_id, m.kind,
    m.name AS method_name, c.destination, m.failures, m.not_before, c.sent_at, c.attempts_left,
    c.created_at, c.expires_at, c.proven_at, c.return_to, s.state AS message_state,
    s.created_at AS message_at
  FROM challenges c
  JOIN accounts a ON a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
  LEFT JOIN methods m ON m.id = c.method_id AND m.account_id = c.account_id
  LEFT JOIN LATERAL (
    SELECT created_at, CASE WHEN accepted_at IS NOT NULL THEN 'accepted'
      WHEN failed_at IS NOT NULL OR tries > 0 THEN 'failed' ELSE 'waiting' END AS state
    FROM messages WHERE challenge_id = c.id AND destination = c.destination
    ORDER BY created_at DESC LIMIT 1) s ON true
  WHERE ${where} AND c.expires_at > $3`

const lookAtDoor = look(atDoor)
const lookInSession = look(inSession)

/** The open challenge at that place, or null. One round trip. */
export async function findOpen(sql: Sql, place: Place, now: Date): Promise<Open | null> {
  const text = 'tokenHash' in place ? lookAtDoor : lookInSession
  const [open] = await sql.query<Open>(text, [...placed(place), now])
  return open ?? null
}

export type NewChallenge = {
  readonly id: string
  readonly purpose: SessionPurpose
  readonly sessionId: string
  readonly accountId: string
  readonly epoch: number
  readonly methodId: string | null
  readonly destination: string | null
  readonly seed: Buffer
  readonly attempts: number
  readonly now: Date
  readonly expiresAt: Date
  readonly source: string
  readonly browser: string
}

/**
 * Opens the session's challenge for that purpose; one opened before for it is void. False when the
 * session ended meanwhile: the lock decides the race with whatever ends it.
 */
export async function openInSession(sql: Sql, challenge: NewChallenge): Promise<boolean> {
  const c = challenge
  const rows = await sql.query(
    `INSERT INTO challenges AS c (id, purpose, session_id, account_id, epoch, method_id, destination,
       seed, attempts_left, created_at, expires_at, source, browser)
     SELECT $1, $2, s.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
     FROM (SELECT id FROM sessions WHERE id = $3 AND account_id = $4 FOR KEY SHARE) s
     ON CONFLICT (session_id, purpose) DO UPDATE SET id = excluded.id, epoch = excluded.epoch,
       method_id = excluded.method_id, destination = excluded.destination, seed = excluded.seed,
       sent_at = NULL, attempts_left = excluded.attempts_left, created_at = excluded.created_at,
       expires_at = excluded.expires_at, source = excluded.source, browser = excluded.browser
     RETURNING c.id`,
    [
      c.id,
      c.purpose,
      c.sessionId,
      c.accountId,
      c.epoch,
      c.methodId,
      c.destination,
      c.seed,
      c.attempts,
      c.now,
      c.expiresAt,
      c.source,
      c.browser,
    ],
  )
  return rows.length > 0
}

/**
 * Turns the challenge to another confirmed method of the same account: a new seed, so the code
 * sent before is void (CODE-04); attempts stay as they are (LIM-04). Gives false when the method
 * cannot be used (FLOW-07).
 */
export async function turnTo(
  sql: Sql,
  challengeId: string,
  methodId: string,
  seed: Buffer,
  failuresMax: number,
): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE challenges c SET method_id = m.id, destination = m.destination,
       seed = CASE WHEN c.method_id = m.id AND c.destination IS NOT DISTINCT FROM m.destination
         THEN c.seed ELSE $3 END,
       sent_at = CASE WHEN c.method_id = m.id AND c.destination IS NOT DISTINCT FROM m.destination
         THEN c.sent_at END
     FROM methods m WHERE c.id = $1 AND m.id = $2 AND m.account_id = c.account_id
       AND m.confirmed_at IS NOT NULL AND m.failures < $4
     RETURNING c.id`,
    [challengeId, methodId, seed, failuresMax],
  )
  return rows.length > 0
}

const markSent = `
  WITH marked AS (
    UPDATE challenges SET
      seed = CASE WHEN sent_at IS NULL OR sent_at > $3 THEN seed ELSE $4 END,
      sent_at = CASE WHEN sent_at IS NULL OR sent_at <= $3 THEN $2 ELSE sent_at END
    WHERE id = $1 AND expires_at > $2 AND attempts_left > 0 RETURNING sent_at),
  written AS (${insertMessages('$5', 'marked')}),
  logged AS (${insertEvents('$6', 'marked')})
  SELECT sent_at FROM marked`

/**
 * Notes that a code goes out, with its message and event. Within its life the code stays the same
 * and is not prolonged; after it (sent at or before `expiredSince`) a new seed makes a new one.
 * Gives false when the challenge is gone.
 */
export async function markCodeSent(
  sql: Sql,
  challengeId: string,
  now: Date,
  expiredSince: Date,
  seed: Buffer,
  messages: string,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(markSent, [challengeId, now, expiredSince, seed, messages, events])
  return rows.length > 0
}

/** Whether that challenge is there still: neither ended nor opened anew under another id. */
export async function isThere(sql: Sql, challengeId: string): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM challenges WHERE id = $1', [challengeId])).length > 0
}

/** The account of the sign-in, open or over, that this cookie belongs to; for the security log. */
export async function accountOf(sql: Sql, tokenHash: Buffer): Promise<string | null> {
  const [row] = await sql.query<{ account_id: string }>(
    'SELECT account_id FROM challenges WHERE token_hash = $1',
    [tokenHash],
  )
  return row?.account_id ?? null
}
