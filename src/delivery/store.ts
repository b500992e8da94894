import type { Sql } from '../database/port.ts'
import type { Message } from './outbox.ts'
import type { DeliveryState } from './port.ts'

/** A message this process has claimed, with the challenge or link it names as they are now. */
export type Claimed = Message & {
  readonly tries: number
  /** Until then it is ours; also what the claim is known by. */
  readonly locked_until: Date
  readonly challenge_purpose: string | null
  readonly challenge_method_id: string | null
  readonly challenge_destination: string | null
  readonly challenge_seed: Buffer | null
  readonly challenge_sent_at: Date | null
  readonly challenge_expires_at: Date | null
  readonly challenge_attempts_left: number | null
  readonly link_purpose: string | null
  readonly link_expires_at: Date | null
  readonly link_used_at: Date | null
  /** Of a reminder: whether its member is still without a method that counts. True of all others. */
  readonly reminder_wanted: boolean
}

/* Who became ready, exempt or left before it goes out is not reminded, nor of what has changed. */
const reminderWanted = `CASE WHEN claimed.template <> 'reminder' THEN true ELSE EXISTS (
    SELECT FROM memberships m JOIN policies p ON p.team_id = m.team_id
    WHERE m.team_id = (claimed.parameters ->> 'team')::uuid AND m.account_id = claimed.account_id
      AND p.required AND p.version = (claimed.parameters ->> 'version')::integer
      AND NOT m.kinds && ARRAY(SELECT jsonb_array_elements_text(claimed.parameters -> 'kinds'))
      AND coalesce(m.exempt_until
        <= greatest($1, (claimed.parameters ->> 'due')::timestamptz), true)) END`

/*
 * Decides which process sends a message: each due row is locked, and claimed until $2, by one of
 * those who look at the same time; the others skip it. A claim that runs out hands it over.
 */
const claim = (which: string) => `
  WITH due AS MATERIALIZED (
    SELECT id FROM messages
    WHERE accepted_at IS NULL AND failed_at IS NULL AND locked_until <= $1 AND ${which}
    FOR UPDATE SKIP LOCKED),
  claimed AS (
    UPDATE messages m SET locked_until = $2 FROM due WHERE m.id = due.id
    RETURNING m.id, m.channel, m.template, m.account_id, m.destination, m.parameters,
      m.challenge_id, m.link_id, m.created_at, m.expires_at, m.tries, m.locked_until)
  SELECT claimed.*, c.purpose AS challenge_purpose, c.method_id AS challenge_method_id,
    c.destination AS challenge_destination, c.seed AS challenge_seed,
    c.sent_at AS challenge_sent_at, c.expires_at AS challenge_expires_at,
    c.attempts_left AS challenge_attempts_left,
    l.purpose AS link_purpose, l.expires_at AS link_expires_at, l.used_at AS link_used_at,
    ${reminderWanted} AS reminder_wanted
  FROM claimed LEFT JOIN challenges c ON c.id = claimed.challenge_id
    LEFT JOIN links l ON l.id = claimed.link_id`

const claimMany = claim('next_try_at <= $1 ORDER BY next_try_at LIMIT $3')
const claimThis = claim('id = $3')

/** Claims up to `count` due messages until `until`, longest due first. One round trip. */
export function claimDue(sql: Sql, now: Date, until: Date, count: number): Promise<Claimed[]> {
  return sql.query<Claimed>(claimMany, [now, until, count])
}

/** Claims one message, due or not; null when another process has it or it is settled. */
export async function claimOne(
  sql: Sql,
  now: Date,
  until: Date,
  id: string,
): Promise<Claimed | null> {
  const [claimed] = await sql.query<Claimed>(claimThis, [now, until, id])
  return claimed ?? null
}

/** How far a message has come; null while nothing came of it yet. One that is not there failed. */
export async function readState(sql: Sql, now: Date, id: string): Promise<DeliveryState | null> {
  const [row] = await sql.query<{ state: DeliveryState | null }>(
    `SELECT CASE WHEN accepted_at IS NOT NULL THEN 'accepted'
       WHEN failed_at IS NOT NULL THEN 'failed' WHEN locked_until > $1 THEN NULL
       WHEN tries > 0 THEN 'failed' END AS state
     FROM messages WHERE id = $2`,
    [now, id],
  )
  return row ? row.state : 'failed'
}

/** What came of a try. A failure is a short word that names nobody. */
export type Result =
  | { readonly came: 'accepted'; readonly carrier: string; readonly reference: string | null }
  | { readonly came: 'later'; readonly failure: string; readonly nextTryAt: Date }
  | { readonly came: 'failed'; readonly failure: string }
  /** Never handed to a carrier, because it is of no use any more. */
  | { readonly came: 'dropped'; readonly failure: string }

/*
 * Only who still holds the claim may settle it: one whose claim ran out, and whose message another
 * has taken over, changes nothing.
 */
const settle = `
  UPDATE messages SET tries = tries + 1, locked_until = '-infinity',
    accepted_at = $3, failed_at = $4, next_try_at = coalesce($5, next_try_at), failure = $6,
    carrier = $7, carrier_reference = $8
  WHERE id = $1 AND locked_until = $2 AND accepted_at IS NULL AND failed_at IS NULL
  RETURNING id`

/** Writes what came of a try; false when the claim was lost. One round trip. */
export async function settleClaim(
  sql: Sql,
  claimed: Pick<Claimed, 'id' | 'locked_until'>,
  result: Result,
  now: Date,
): Promise<boolean> {
  const accepted = result.came === 'accepted'
  const over = result.came === 'failed' || result.came === 'dropped'
  const rows = await sql.query(settle, [
    claimed.id,
    claimed.locked_until,
    accepted ? now : null,
    over ? now : null,
    result.came === 'later' ? result.nextTryAt : null,
    accepted ? null : result.failure,
    accepted ? result.carrier : null,
    accepted ? result.reference : null,
  ])
  return rows.length > 0
}
