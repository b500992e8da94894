import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { insertRecoverySet } from '../recovery/store.ts'
import type { NewSet } from '../recovery/store.ts'
import { changeParameters, raiseEpoch } from '../sessions/store.ts'
import type { Change } from '../sessions/store.ts'
import type { Method, Pending } from './method.ts'

const shown = `id, account_id, kind, name, destination, created_at, confirmed_at, last_used_at,
  failures, not_before`

/** The account's confirmed methods, oldest first. */
export function listConfirmed(sql: Sql, accountId: string): Promise<Method[]> {
  return sql.query<Method>(
    `SELECT ${shown} FROM methods WHERE account_id = $1 AND confirmed_at IS NOT NULL
     ORDER BY confirmed_at, id`,
    [accountId],
  )
}

/** One method of this account, confirmed or pending; null when it is not theirs (ENR-09). */
export async function findMethod(sql: Sql, accountId: string, id: string): Promise<Method | null> {
  const [method] = await sql.query<Method>(
    `SELECT ${shown} FROM methods WHERE id = $1 AND account_id = $2`,
    [id, accountId],
  )
  return method ?? null
}

/** The sealed secret of a method that is not on yet, and its parameters; null when there is none. */
export async function readPendingSecret(
  sql: Sql,
  accountId: string,
  id: string,
): Promise<Pick<Pending, 'secret' | 'parameters'> | null> {
  const [row] = await sql.query<Pick<Pending, 'secret' | 'parameters'>>(
    `SELECT secret, parameters FROM methods
     WHERE id = $1 AND account_id = $2 AND confirmed_at IS NULL AND secret IS NOT NULL`,
    [id, accountId],
  )
  return row ?? null
}

export type NewMethod = {
  readonly id: string
  readonly accountId: string
  /** The account's epoch as it was read. */
  readonly epoch: number
  readonly kind: string
  readonly slot: string
  readonly name: string
  readonly destination: string | null
  readonly secret: Buffer | null
  readonly parameters: string
  readonly noticeVersion: string | null
  readonly now: Date
  readonly pendingUntil: Date
  readonly events: string
}

const startPending = `
  WITH unchanged AS (SELECT id FROM accounts
    WHERE id = $2 AND epoch = $11 AND disabled_at IS NULL FOR SHARE),
  started AS (
    INSERT INTO methods AS m (id, account_id, kind, slot, name, destination, secret,
      notice_version, created_at, pending_until, parameters)
    SELECT $1::uuid, id, $3, $4, $5, $6, $7::bytea, $8, $9::timestamptz, $10::timestamptz,
      $13::jsonb
    FROM unchanged
    ON CONFLICT (account_id, kind) WHERE confirmed_at IS NULL DO UPDATE SET id = excluded.id,
      slot = excluded.slot, name = excluded.name, destination = excluded.destination,
      secret = excluded.secret, parameters = excluded.parameters,
      notice_version = excluded.notice_version,
      created_at = excluded.created_at, pending_until = excluded.pending_until, last_step = NULL
    RETURNING m.id),
  logged AS (${insertEvents('$12', 'started')})
  SELECT id FROM started`

/**
 * Stores a pending method; the one pending before it of that kind is void (TOTP-07), but wrong
 * answers given to it still count (LIM-06). False when the account changed meanwhile: the lock
 * decides the race with the removal of the last method, after which no secret may stay (ENR-02).
 */
export async function startMethod(sql: Sql, method: NewMethod): Promise<boolean> {
  const m = method
  const rows = await sql.query(startPending, [
    m.id,
    m.accountId,
    m.kind,
    m.slot,
    m.name,
    m.destination,
    m.secret,
    m.noticeVersion,
    m.now,
    m.pendingUntil,
    m.epoch,
    m.events,
    m.parameters,
  ])
  return rows.length > 0
}

const confirm = `
  WITH ${raiseEpoch(
    `AND EXISTS (SELECT FROM methods m JOIN challenges c ON c.method_id = m.id
      WHERE m.id = $6 AND m.account_id = $1 AND m.confirmed_at IS NULL AND m.pending_until > $5
        AND c.id = $7 AND c.seed = $8 AND c.purpose = 'set-up' AND c.expires_at > $5)`,
    `, second_step_at = $5, second_step_kind = $10, second_step_method = $6`,
  )},
  confirmed AS (
    UPDATE methods m SET confirmed_at = $5, pending_until = NULL, failures = 0,
      not_before = 'epoch', last_step = $9
    FROM changed WHERE m.id = $6 AND m.confirmed_at IS NULL RETURNING m.account_id AS id),
  ${insertRecoverySet('$11', '$12', '$5', 'confirmed')},
  logged AS (${insertEvents('$13', 'confirmed')}),
  ${tell('$14', 'confirmed')}
  SELECT id FROM confirmed`

export type Confirmation = {
  readonly methodId: string
  readonly kind: string
  readonly challengeId: string
  readonly seed: Buffer
  readonly step: number | null
  /** The first recovery codes; null when the account has a set. */
  readonly set: NewSet | null
}

/**
 * Turns a pending method on, once (ENR-02): every other session, sign-in and trusted device ends,
 * this session gets a new id and the proof. False when the set-up ended or the account changed.
 */
export async function confirmMethod(
  sql: Sql,
  change: Change,
  confirmation: Confirmation,
): Promise<boolean> {
  const { methodId, kind, challengeId, seed, step, set } = confirmation
  const rows = await sql.query(confirm, [
    ...changeParameters(change),
    methodId,
    challengeId,
    seed,
    step,
    kind,
    set?.salt ?? null,
    set?.hashes ?? null,
    change.events,
    change.messages,
  ])
  return rows.length > 0
}

const moveNumber = `
  WITH ${raiseEpoch(
    `AND phone = $9 AND EXISTS (SELECT FROM challenges c JOIN methods m ON m.id = c.method_id
      WHERE c.id = $7 AND c.seed = $8 AND c.purpose = 'new-number' AND c.expires_at > $5
        AND m.id = $6 AND m.account_id = $1 AND m.confirmed_at IS NOT NULL)`,
    `, second_step_at = $5, second_step_kind = $10, second_step_method = $6`,
  )},
  moved AS (UPDATE methods m SET destination = $9, failures = 0, not_before = 'epoch'
    FROM changed WHERE m.id = $6 RETURNING m.id, m.account_id),
  unsaid AS (DELETE FROM messages s USING moved WHERE s.account_id = moved.account_id
    AND s.channel = 'text' AND s.template = 'code' AND s.destination <> $9),
  logged AS (${insertEvents('$11', 'moved')}),
  ${tell('$12', 'moved')}
  SELECT id FROM moved`

/** Moves the method to the number just proven, if it is still the profile's (A9). */
export async function moveMethod(
  sql: Sql,
  change: Change,
  move: {
    methodId: string
    kind: string
    challengeId: string
    seed: Buffer
    destination: string
  },
): Promise<boolean> {
  const rows = await sql.query(moveNumber, [
    ...changeParameters(change),
    move.methodId,
    move.challengeId,
    move.seed,
    move.destination,
    move.kind,
    change.events,
    change.messages,
  ])
  return rows.length > 0
}

const rename = `
  WITH renamed AS (UPDATE methods SET name = $3
    WHERE id = $1 AND account_id = $2 AND confirmed_at IS NOT NULL RETURNING id),
  logged AS (${insertEvents('$4', 'renamed')})
  SELECT id FROM renamed`

/** Gives a method another name. False when it is not theirs. */
export async function renameMethod(
  sql: Sql,
  accountId: string,
  id: string,
  name: string,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(rename, [id, accountId, name, events])
  return rows.length > 0
}
