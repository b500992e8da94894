import { endAll } from '../accounts/epoch.ts'
import { isOpen, useLink } from '../accounts/link-store.ts'
import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages, tell } from '../delivery/outbox.ts'

/** A change of the account's address that waits for the new one to be confirmed. */
export type PendingChange = {
  readonly id: string
  readonly email: string
  readonly created_at: Date
  readonly expires_at: Date
}

/** The account's open change of address, or null. */
export async function findPendingChange(
  sql: Sql,
  accountId: string,
  now: Date,
): Promise<PendingChange | null> {
  const [found] = await sql.query<PendingChange>(
    `SELECT l.id, l.email, l.created_at, l.expires_at FROM links l
     JOIN accounts a ON a.id = l.account_id AND a.epoch = l.epoch
     WHERE l.account_id = $1 AND l.purpose = 'change-email' AND l.used_at IS NULL
       AND l.expires_at > $2 ORDER BY l.created_at DESC LIMIT 1`,
    [accountId, now],
  )
  return found ?? null
}

export type NewChange = {
  readonly linkId: string
  readonly accountId: string
  readonly epoch: number
  readonly email: string
  readonly now: Date
  readonly expiresAt: Date
}

const askChange = `
  WITH unchanged AS (SELECT id FROM accounts
    WHERE id = $2 AND epoch = $3 AND disabled_at IS NULL FOR NO KEY UPDATE),
  older AS (UPDATE links l SET used_at = $5 FROM unchanged
    WHERE l.account_id = unchanged.id AND l.purpose = 'change-email' AND l.used_at IS NULL),
  made AS (
    INSERT INTO links (id, purpose, account_id, epoch, email, created_at, expires_at)
    SELECT $1::uuid, 'change-email', id, $3, $4, $5, $6 FROM unchanged RETURNING id),
  logged AS (${insertEvents('$7', 'made')}),
  mailed AS (${insertMessages('$8', 'made')}),
  ${tell('$9', 'made')}
  SELECT id FROM made`

/**
 * Writes the link to the new address, voids those before it, and tells the old one. False when the
 * account changed meanwhile.
 */
export async function insertChange(
  sql: Sql,
  change: NewChange,
  events: string,
  mail: string,
  notices: string,
): Promise<boolean> {
  const { linkId, accountId, epoch, email, now, expiresAt } = change
  const values = [linkId, accountId, epoch, email, now, expiresAt, events, mail, notices]
  return (await sql.query(askChange, values)).length > 0
}

const cancel = `
  WITH gone AS (UPDATE links SET used_at = $2 WHERE account_id = $1 AND purpose = 'change-email'
    AND used_at IS NULL AND expires_at > $2 RETURNING id),
  logged AS (${insertEvents('$3', 'gone')})
  SELECT id FROM gone`

/** Ends the open change of address. False when there was none. */
export async function cancelPending(
  sql: Sql,
  accountId: string,
  now: Date,
  events: string,
): Promise<boolean> {
  return (await sql.query(cancel, [accountId, now, events])).length > 0
}

/** A link of this noun while it can still be used, with the address in force and the new one. */
export type FoundAddressLink = {
  readonly id: string
  readonly account_id: string
  readonly email: string
  readonly present: string
}

const find = (purpose: 'change-email' | 'notify-email') => `
  SELECT l.id, l.account_id, l.email, a.email AS present FROM links l
  JOIN accounts a ON a.id = l.account_id WHERE ${isOpen(purpose)}`

const findBy = { 'change-email': find('change-email'), 'notify-email': find('notify-email') }

/** The link with that id; null when it is over. Changes nothing (EML-04). */
export async function findAddressLink(
  sql: Sql,
  purpose: keyof typeof findBy,
  id: string,
  now: Date,
): Promise<FoundAddressLink | null> {
  const [found] = await sql.query<FoundAddressLink>(findBy[purpose], [id, now])
  return found ?? null
}

/* Where codes went to the old address they go to the new one: the method is the account's mailbox. */
const change = `
  WITH used AS (${useLink('change-email')}),
  before AS (SELECT a.id, a.email FROM accounts a JOIN used ON a.id = used.account_id),
  raised AS (
    UPDATE accounts a SET email = used.email, email_key = $3, email_verified_at = $2,
      epoch = a.epoch + 1
    FROM used WHERE a.id = used.account_id
      AND NOT EXISTS (SELECT FROM accounts taken WHERE taken.email_key = $3 AND taken.id <> a.id)
    RETURNING a.id, a.epoch),
  ${endAll()},
  void AS (UPDATE links l SET used_at = $2 FROM changed WHERE l.account_id = changed.id
    AND l.id <> $1 AND l.used_at IS NULL AND l.purpose IN ('verify-email', 'reset-password')),
  unsaid AS (DELETE FROM messages m USING before WHERE m.account_id = before.id
    AND m.destination = before.email AND m.template <> 'notice' AND m.accepted_at IS NULL),
  moved AS (UPDATE methods m SET destination = used.email FROM used, before, changed
    WHERE m.account_id = changed.id AND m.destination = before.email),
  logged AS (${insertEvents('$4', 'raised')}),
  ${tell('$5', 'raised')}
  SELECT id FROM raised`

/**
 * Puts the new address in force, once: the next epoch ends every session, sign-in, trusted device,
 * open code and link of before (EML-03). False when the link is over or the address was taken. Of two
 * accounts that change to one address at once the unique address decides: the second one's statement
 * is rolled back whole.
 */
export async function putInForce(
  sql: Sql,
  linkId: string,
  now: Date,
  emailKey: string,
  events: string,
  notices: string,
): Promise<boolean> {
  const rows = await sql
    .query(change, [linkId, now, emailKey, events, notices])
    .catch((error: unknown) => {
      if ((error as { code?: string }).code === uniqueViolation) return []
      throw error
    })
  return rows.length > 0
}

const uniqueViolation = '23505'

/** An address for notices. */
export type NotificationAddress = {
  readonly id: string
  readonly email: string
  readonly created_at: Date
  readonly verified_at: Date | null
}

/** The account's further addresses, oldest first. */
export function listAddresses(sql: Sql, accountId: string): Promise<NotificationAddress[]> {
  return sql.query<NotificationAddress>(
    `SELECT id, email, created_at, verified_at FROM notification_addresses
     WHERE account_id = $1 ORDER BY created_at, id`,
    [accountId],
  )
}

export type NewAddress = {
  readonly id: string
  readonly linkId: string
  readonly accountId: string
  readonly epoch: number
  readonly email: string
  readonly emailKey: string
  readonly now: Date
  readonly expiresAt: Date
}

const add = `
  WITH room AS (SELECT id, epoch FROM accounts WHERE id = $3 AND (SELECT count(*) FROM notification_addresses n
    WHERE n.account_id = $3 AND n.email_key <> $5) < ${limits.notificationAddressesMax}),
  written AS (
    INSERT INTO notification_addresses AS n (id, account_id, email, email_key, link_id, created_at)
    SELECT $1::uuid, room.id, $4, $5, $2::uuid, $6 FROM room
    ON CONFLICT (account_id, email_key) DO UPDATE SET link_id = excluded.link_id
      WHERE n.verified_at IS NULL
    RETURNING n.id),
  linked AS (INSERT INTO links (id, purpose, account_id, epoch, email, created_at, expires_at)
    SELECT $2::uuid, 'notify-email', room.id, room.epoch, $4, $6, $7 FROM written, room),
  logged AS (${insertEvents('$8', 'written')}),
  mailed AS (${insertMessages('$9', 'written')})
  SELECT id FROM written`

const hold = `SELECT FROM accounts
  WHERE id = $1 AND epoch = $2 AND disabled_at IS NULL FOR NO KEY UPDATE`

/**
 * Adds an address, which counts once its link is used; asked again, the link before is void, and so
 * is it when the account's sessions end. 'full' when there are as many as there may be, or it counts
 * already; 'changed' when the account changed meanwhile.
 */
export async function insertAddress(
  sql: Sql,
  address: NewAddress,
  events: string,
  mail: string,
): Promise<'added' | 'full' | 'changed'> {
  const { id, linkId, accountId, epoch, email, emailKey, now, expiresAt } = address
  const values = [id, linkId, accountId, email, emailKey, now, expiresAt, events, mail]
  return sql.tx(async (held) => {
    // A statement that waited would count as they were before: the account is locked on its own.
    if ((await held.query(hold, [accountId, epoch])).length === 0) return 'changed'
    return (await held.query(add, values)).length > 0 ? 'added' : 'full'
  })
}

const confirm = `
  WITH used AS (${useLink('notify-email')}),
  confirmed AS (UPDATE notification_addresses n SET verified_at = $2 FROM used
    WHERE n.link_id = used.id AND n.account_id = used.account_id AND n.verified_at IS NULL
    RETURNING n.id),
  logged AS (${insertEvents('$3', 'confirmed')}),
  ${tell('$4', 'confirmed')}
  SELECT id FROM confirmed`

/** Lets the address of a link count. False when the link is over or the address is gone. */
export async function confirmAddress(
  sql: Sql,
  linkId: string,
  now: Date,
  events: string,
  notices: string,
): Promise<boolean> {
  return (await sql.query(confirm, [linkId, now, events, notices])).length > 0
}

const remove = `
  WITH gone AS (DELETE FROM notification_addresses WHERE id = $1 AND account_id = $2
    RETURNING email, verified_at),
  logged AS (${insertEvents('$3', 'gone')}),
  ${tell('$4', 'gone')}
  SELECT email FROM gone`

/** Removes an address; it is told once more, in the same statement. False when it is not theirs. */
export async function deleteAddress(
  sql: Sql,
  accountId: string,
  id: string,
  events: string,
  notices: string,
): Promise<boolean> {
  return (await sql.query(remove, [id, accountId, events, notices])).length > 0
}
