import { endAll } from '../accounts/epoch.ts'
import { isOpen } from '../accounts/link-store.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages, tell } from '../delivery/outbox.ts'
import { changeParameters, raiseEpoch } from '../sessions/store.ts'
import type { Change } from '../sessions/store.ts'

const change = `
  WITH ${raiseEpoch(
    'AND EXISTS (SELECT FROM sessions WHERE id = $3 AND account_id = $1 AND epoch = $2)',
    ', password_at = $5',
    ', password_hash = $6, unfinished_seen_at = $5',
  )},
  logged AS (${insertEvents('$7', 'raised')}),
  ${tell('$8', 'raised')}
  SELECT id FROM raised`

/**
 * Stores another password: the next epoch ends every other session, sign-in, trusted device, open code
 * and reset link. False when the account changed, or the session ended, meanwhile.
 */
export async function changePassword(
  sql: Sql,
  { events, messages, ...who }: Change,
  passwordHash: string,
): Promise<boolean> {
  const values = [...changeParameters({ ...who, events, messages }), passwordHash, events, messages]
  const rows = await sql.query(change, values)
  return rows.length > 0
}

export type AtAddress = {
  readonly id: string | null
  readonly email: string | null
  readonly epoch: number | null
}

/** The account with this address that may get a link; the same work when there is none. */
export async function lookUpForReset(sql: Sql, emailKey: string): Promise<AtAddress> {
  const [found] = await sql.query<AtAddress>(
    `SELECT a.id, a.email, a.epoch FROM (SELECT) AS always
     LEFT JOIN accounts a ON a.email_key = $1 AND a.disabled_at IS NULL`,
    [emailKey],
  )
  return found ?? { id: null, email: null, epoch: null }
}

export type NewResetLink = {
  readonly id: string
  readonly accountId: string | null
  readonly email: string
  readonly epoch: number | null
  readonly now: Date
  readonly expiresAt: Date
  /** Set for a link that is never to be used. */
  readonly usedAt: Date | null
}

/* Held, so that the link of an account that is deleted at this moment is nobody's. */
const writeLink = `
  WITH held AS (SELECT id FROM accounts WHERE id = $2 FOR KEY SHARE),
  older AS (UPDATE links SET used_at = $5
    WHERE account_id = $2 AND purpose = 'reset-password' AND used_at IS NULL),
  made AS (
    INSERT INTO links (id, purpose, account_id, email, epoch, created_at, expires_at, used_at)
    VALUES ($1, 'reset-password', (SELECT id FROM held), $3, $4, $5, $6, $7) RETURNING id),
  logged AS (${insertEvents('$8', 'made')}),
  told AS (${insertMessages('$9', 'made')})
  SELECT id FROM made`

/**
 * Writes a link with the mail that carries it, and voids those before it (PW-09). Two at once wait for
 * each other at the limit of the address, which is spent in the same transaction.
 */
export async function insertResetLink(
  sql: Sql,
  link: NewResetLink,
  events: string,
  messages: string,
): Promise<void> {
  const { id, accountId, email, epoch, now, expiresAt, usedAt } = link
  await sql.query(writeLink, [
    id,
    accountId,
    email,
    epoch,
    now,
    expiresAt,
    usedAt,
    events,
    messages,
  ])
}

/** A link that can still be used, with its account. */
export type FoundReset = {
  readonly id: string
  readonly account_id: string
  readonly email: string
  readonly name: string
  /** After a recovery no link sets a password before then (REC-07). */
  readonly frozen_until: Date | null
}

const find = `
  SELECT l.id, a.id AS account_id, a.email, a.name, a.frozen_until
  FROM links l JOIN accounts a ON a.id = l.account_id
  WHERE ${isOpen('reset-password')}`

/** The link with that id while it can still be used. Changes nothing. */
export async function findReset(sql: Sql, id: string, now: Date): Promise<FoundReset | null> {
  const [found] = await sql.query<FoundReset>(find, [id, now])
  return found ?? null
}

export type NewResetChallenge = {
  readonly id: string
  readonly tokenHash: Buffer
  readonly linkId: string
  readonly seed: Buffer
  readonly attempts: number
  readonly now: Date
  readonly source: string
  readonly browser: string
}

const open = `
  INSERT INTO challenges (id, purpose, token_hash, account_id, epoch, seed, attempts_left, created_at,
    expires_at, source, browser)
  SELECT $3, 'reset', $4, l.account_id, l.epoch, $5, $6, $2, l.expires_at, $7, $8
  FROM links l WHERE ${isOpen('reset-password')}
  ON CONFLICT (token_hash) DO NOTHING`

/** Opens the challenge of the link's second step, once: the attempts are those of the link. */
export async function openChallenge(sql: Sql, challenge: NewResetChallenge): Promise<void> {
  const { id, tokenHash, linkId, seed, attempts, now, source, browser } = challenge
  await sql.query(open, [linkId, now, id, tokenHash, seed, attempts, source, browser])
}

export type ResetChange = {
  readonly linkId: string
  readonly now: Date
  readonly passwordHash: string
  readonly tokenHash: Buffer
  /** The second step must have been passed since. */
  readonly provenSince: Date
  /** Keys of wrong passwords that are forgiven: the account's, and its pair with this source. */
  readonly guesses: readonly string[]
  readonly events: string
  readonly messages: string
}

const set = `
  WITH raised AS (
    UPDATE accounts a SET epoch = a.epoch + 1, password_hash = $3, password_closed_at = NULL,
      unfinished_seen_at = $2 FROM links l
    WHERE ${isOpen('reset-password')} AND a.id = l.account_id AND a.epoch = l.epoch
      AND a.disabled_at IS NULL AND (a.frozen_until IS NULL OR a.frozen_until <= $2)
      AND (NOT EXISTS (SELECT FROM methods m
          WHERE m.account_id = l.account_id AND m.confirmed_at IS NOT NULL)
        OR EXISTS (SELECT FROM challenges c
          WHERE c.token_hash = $4 AND c.purpose = 'reset' AND c.account_id = l.account_id
            AND c.epoch = l.epoch AND c.expires_at > $2 AND c.proven_at > $5))
    RETURNING a.id, a.epoch),
  used AS (UPDATE links l SET used_at = $2 FROM raised
    WHERE l.account_id = raised.id AND l.purpose = 'reset-password' AND l.used_at IS NULL),
  ${endAll()},
  forgiven AS (DELETE FROM guesses g USING raised WHERE g.key = ANY($6::text[])),
  logged AS (${insertEvents('$7', 'raised')}),
  ${tell('$8', 'raised')}
  SELECT id FROM raised`

/**
 * Sets the new password by the link, once. Decides the race of many posts of one link: each waits for
 * the account's row, and its epoch is no longer the link's (PW-09). The second step is looked at here
 * too: turning a method on or off moves the epoch, so what was read of it still holds.
 */
export async function resetPassword(sql: Sql, change: ResetChange): Promise<boolean> {
  const rows = await sql.query(set, [
    change.linkId,
    change.now,
    change.passwordHash,
    change.tokenHash,
    change.provenSince,
    change.guesses,
    change.events,
    change.messages,
  ])
  return rows.length > 0
}
