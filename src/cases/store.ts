import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { managesOthers } from '../policy/store.ts'
import type { Case } from './case.ts'

/** Whether account `a` manages others. */
export const privileged = managesOthers('a.id')

const columns = `k.id, k.account_id, a.email, a.email_verified_at, k.asked_at, k.password_lost,
  k.strict, k.expires_at, k.proof, k.proven_at, k.approved_at, k.opens_at,
  k.link_id IS NOT NULL AS link_sent, k.closes_at, k.opened_at`

/** The open case of that id; null when it is over. Changes nothing. */
export async function findCase(sql: Sql, id: string): Promise<Case | null> {
  const [found] = await sql.query<Case>(
    `SELECT ${columns} FROM cases k JOIN accounts a ON a.id = k.account_id
     WHERE k.id = $1 AND k.closed_at IS NULL AND a.disabled_at IS NULL`,
    [id],
  )
  return found ?? null
}

/** The account's open case, if any. */
export async function findOpenCase(sql: Sql, accountId: string): Promise<Case | null> {
  const [found] = await sql.query<Case>(
    `SELECT ${columns} FROM cases k JOIN accounts a ON a.id = k.account_id
     WHERE k.account_id = $1 AND k.closed_at IS NULL`,
    [accountId],
  )
  return found ?? null
}

/** When a sign-in of the account last stopped a case, since that time; null when none did. */
export async function lastStopped(sql: Sql, accountId: string, since: Date): Promise<Date | null> {
  const [found] = await sql.query<{ closed_at: Date }>(
    `SELECT closed_at FROM cases WHERE account_id = $1 AND outcome = 'signed-in' AND closed_at > $2
     ORDER BY asked_at DESC LIMIT 1`,
    [accountId, since],
  )
  return found?.closed_at ?? null
}

export type AtAddress = { readonly id: string | null }

/** The account with this address; the same work when there is none (REC-08). */
export async function lookUpForCase(sql: Sql, emailKey: string): Promise<AtAddress> {
  const [found] = await sql.query<AtAddress>(
    'SELECT a.id FROM (SELECT) AS always LEFT JOIN accounts a ON a.email_key = $1',
    [emailKey],
  )
  return found ?? { id: null }
}

export type NewCase = {
  readonly id: string
  readonly accountId: string | null
  readonly contact: string
  readonly passwordLost: boolean
  /** The password was given a moment ago. */
  readonly proof: 'password' | null
  readonly askedBy: string | null
  readonly now: Date
  readonly expiresAt: Date
  readonly linkExpiresAt: Date
  readonly source: string
  readonly browser: string
  /** What is logged of the asking, whatever comes of it, of a case that begins, and of a proof. */
  readonly asked: string
  readonly opened: string
  readonly proven: string
}

/* The id of the case that was found is known to the statement alone. */
const provenEvents = `(jsonb_set($14::jsonb, '{0,details,case}',
  coalesce((SELECT to_jsonb(id) FROM made), 'null')))`

/*
 * Decides the race of requests: an account has one open case, and who asks a second time finds the
 * first (REC-08). What the password proves is added to it as long as nobody has approved it, and the
 * word of who gave the password counts more than of who did not. Whose account is being deleted at
 * this moment is treated as nobody.
 */
const open = `
  WITH wanted AS (
    SELECT a.id, ${privileged} AS strict FROM accounts a
    WHERE a.id = $2 AND a.disabled_at IS NULL AND EXISTS (SELECT FROM methods m
      WHERE m.account_id = a.id AND m.confirmed_at IS NOT NULL) FOR KEY SHARE),
  made AS (
    INSERT INTO cases AS k (id, account_id, asked_at, asked_by, contact, password_lost, strict, source,
      browser, expires_at, proof, proven_at)
    SELECT $1::uuid, w.id, $3::timestamptz, $4::uuid, $5, $6, w.strict, $7, $8, $9,
      $10::text, CASE WHEN $10 IS NOT NULL THEN $3::timestamptz END
    FROM wanted w
    ON CONFLICT (account_id) WHERE closed_at IS NULL DO UPDATE SET
      proof = coalesce(k.proof, excluded.proof),
      proven_at = coalesce(k.proven_at, excluded.proven_at),
      contact = CASE WHEN excluded.proof IS NOT NULL AND k.first_approver IS NULL
        THEN excluded.contact ELSE k.contact END,
      password_lost = k.password_lost AND (excluded.proof IS NULL OR k.first_approver IS NOT NULL)
    RETURNING k.id, k.account_id, k.id = $1 AS fresh, k.proven_at = $3 AS proven),
  begun AS (SELECT id FROM made WHERE fresh),
  proven AS (SELECT id FROM made WHERE proven),
  linked AS (
    INSERT INTO links (id, purpose, account_id, created_at, expires_at, used_at)
    SELECT $1, 'recovery-case', b.account_id, $3, $11, CASE WHEN b.id IS NULL THEN $3 END
    FROM (SELECT) AS always LEFT JOIN (SELECT id, account_id FROM made WHERE fresh) b ON true),
  always AS (SELECT 1),
  asked AS (${insertEvents('$12', 'always')}),
  opened AS (${insertEvents('$13', 'begun')}),
  noted AS (${insertEvents(provenEvents, 'proven')})
  SELECT id, fresh, tell_case(id, account_id, CASE WHEN fresh THEN 'asked' ELSE 'asked-again' END, $3,
    jsonb_build_object('source', $7::text, 'browser', $8::text)) FROM made`

/** Opens a case, or finds the one that is open; null when there is nobody to open one for. */
export async function insertCase(
  sql: Sql,
  one: NewCase,
): Promise<{ readonly id: string; readonly fresh: boolean } | null> {
  const [made] = await sql.query<{ id: string; fresh: boolean }>(open, [
    one.id,
    one.accountId,
    one.now,
    one.askedBy,
    one.contact,
    one.passwordLost,
    one.source,
    one.browser,
    one.expiresAt,
    one.proof,
    one.linkExpiresAt,
    one.asked,
    one.opened,
    one.proven,
  ])
  return made ?? null
}

/** Who ends a case, and why. */
export type Stop = {
  readonly how: 'stopped-by-mail' | 'stopped-in-session' | 'stopped-by-support' | 'declined'
  readonly now: Date
  readonly actor: string | null
  readonly reason: string | null
  readonly source: string
  readonly browser: string
  readonly requestId: string
  readonly sessionHash: Buffer | null
}

const stopping = `stop_case(k.id, $2, $3, $4, $5, $6, $7, $8, $9)`

/** An open case, taken after its account, as everything does that ends sessions and so the case. */
export const heldCase = (where: string, how = '') => `(SELECT k.id FROM cases k
  JOIN accounts a ON a.id = k.account_id WHERE k.closed_at IS NULL AND ${where}
  FOR NO KEY UPDATE OF a ${how} FOR UPDATE OF k ${how})`

function stopParameters(id: string, stop: Stop): unknown[] {
  const { how, now, actor, reason, source, browser, requestId, sessionHash } = stop
  const session = sessionHash === null ? null : sessionHash.toString('hex').slice(0, 16)
  return [id, how, now, actor, reason, source, browser, requestId, session]
}

/** Ends the open case of that id. False when it was over. */
export async function stopCase(sql: Sql, id: string, stop: Stop): Promise<boolean> {
  const [row] = await sql.query<{ stopped: string | null }>(
    `SELECT ${stopping} AS stopped FROM ${heldCase('k.id = $1')} k`,
    stopParameters(id, stop),
  )
  return row?.stopped != null
}

/** The role and the account of whoever of support acts, as their session has them, at this moment. */
export const maySupport = (account: string, epoch: string) => `EXISTS (SELECT FROM accounts s
  WHERE s.id = ${account} AND s.epoch = ${epoch} AND s.support_since IS NOT NULL
    AND s.disabled_at IS NULL)`

const stopOfOther = `SELECT ${stopping} AS stopped FROM ${heldCase(
  `k.id = $1 AND k.account_id <> $4::uuid AND ($2::text <> 'declined' OR k.approved_at IS NULL)
   AND ${maySupport('$4::uuid', '$10')}`,
)} k`

/**
 * The same by somebody of support, whose account's epoch is named: never of their own account; to
 * decline, only undecided.
 */
export async function stopCaseOfOther(
  sql: Sql,
  id: string,
  stop: Stop,
  epoch: number,
): Promise<boolean> {
  const [row] = await sql.query<{ stopped: string | null }>(stopOfOther, [
    ...stopParameters(id, stop),
    epoch,
  ])
  return row?.stopped != null
}
