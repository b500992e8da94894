import { endAll } from './epoch.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages } from '../delivery/outbox.ts'

export type LinkPurpose =
  | 'first-owner'
  | 'sign-up'
  | 'verify-email'
  | 'not-me'
  | 'reset-password'
  | 'change-email'
  | 'notify-email'
  | 'invitation'
  | 'recovery-case'
  | 'recover-account'

/** A link that can still be used. */
export type FoundLink = {
  readonly id: string
  readonly account_id: string | null
  readonly email: string | null
}

/*
 * What else must hold of a link: the first owner's is the newest one, and nobody is there yet; the
 * account of one for a new password, or for an address, is as it was (PW-07); an invitation carries
 * no newer one (TEAM-10); a case is open, and its wait over (REC-04).
 */
const holds: Readonly<Record<LinkPurpose, string>> = {
  'first-owner': `NOT EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT FROM links n
    WHERE n.purpose = 'first-owner' AND n.created_at > l.created_at)`,
  'sign-up': 'l.email IS NOT NULL',
  'verify-email': `EXISTS (SELECT FROM accounts a WHERE a.id = l.account_id AND a.email = l.email)`,
  'not-me': 'l.account_id IS NOT NULL',
  'change-email': `EXISTS (SELECT FROM accounts a WHERE a.id = l.account_id AND a.epoch = l.epoch
      AND a.disabled_at IS NULL)`,
  'notify-email': `EXISTS (SELECT FROM notification_addresses n JOIN accounts a
      ON a.id = n.account_id AND a.epoch = l.epoch AND a.disabled_at IS NULL
    WHERE n.link_id = l.id AND n.verified_at IS NULL)`,
  'reset-password': `EXISTS (SELECT FROM accounts a WHERE a.id = l.account_id AND a.email = l.email
      AND a.epoch = l.epoch AND a.disabled_at IS NULL)`,
  invitation: `EXISTS (SELECT FROM invitations i WHERE i.link_id = l.id AND i.expires_at > $2)`,
  'recovery-case': `EXISTS (SELECT FROM cases k JOIN accounts a ON a.id = k.account_id
    WHERE k.id = l.id AND k.closed_at IS NULL AND a.disabled_at IS NULL)`,
  'recover-account': `EXISTS (SELECT FROM accounts a JOIN cases k ON k.account_id = a.id
    WHERE a.id = l.account_id AND a.email = l.email AND a.epoch = l.epoch AND a.disabled_at IS NULL
      AND k.link_id = l.id AND k.closed_at IS NULL AND k.opens_at <= $2)`,
}

/** The condition that link `l` is $1, of that purpose, and still good at $2. */
export const isOpen = (purpose: LinkPurpose) =>
  `l.id = $1 AND l.purpose = '${purpose}' AND l.used_at IS NULL AND l.expires_at > $2
   AND ${holds[purpose]}`

/**
 * The piece of a statement that uses link $1 up at $2 (account_id, email). Decides the race of several
 * posts of one link: each waits for its row and looks again (EML-04).
 */
export const useLink = (purpose: LinkPurpose) =>
  `UPDATE links l SET used_at = $2 WHERE ${isOpen(purpose)} RETURNING l.id, l.account_id, l.email`

/** The link while it can still be used. Changes nothing (EML-04). */
export async function findLink(
  sql: Sql,
  purpose: LinkPurpose,
  id: string,
  now: Date,
): Promise<FoundLink | null> {
  const [link] = await sql.query<FoundLink>(
    `SELECT l.id, l.account_id, l.email FROM links l WHERE ${isOpen(purpose)}`,
    [id, now],
  )
  return link ?? null
}

const mint = `
  WITH nobody AS (SELECT 1 WHERE NOT EXISTS (SELECT FROM accounts)),
  voided AS (DELETE FROM links l USING nobody WHERE l.purpose = 'first-owner'),
  made AS (INSERT INTO links (id, purpose, created_at, expires_at)
    SELECT $1, 'first-owner', $2, $3 FROM nobody RETURNING id)
  SELECT id FROM made`

/** Makes the first owner's link and voids those before it; false when there is an account. */
export async function insertFirstOwnerLink(
  sql: Sql,
  id: string,
  now: Date,
  expiresAt: Date,
): Promise<boolean> {
  const rows = await sql.query(mint, [id, now, expiresAt])
  return rows.length > 0
}

export type NewLink = {
  readonly id: string
  readonly purpose: LinkPurpose
  readonly accountId: string | null
  readonly email: string
  readonly now: Date
  readonly expiresAt: Date
  /** Set for a link that is never to be used. */
  readonly usedAt: Date | null
}

const writeLink = `
  WITH made AS (INSERT INTO links (id, purpose, account_id, email, created_at, expires_at, used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id),
  logged AS (${insertEvents('$8', 'made')}),
  told AS (${insertMessages('$9', 'made')})
  SELECT id FROM made`

/** Writes a link with the mail that carries it. */
export async function insertLink(
  sql: Sql,
  link: NewLink,
  events: string,
  messages: string,
): Promise<void> {
  const { id, purpose, accountId, email, now, expiresAt, usedAt } = link
  const values = [id, purpose, accountId, email, now, expiresAt, usedAt, events, messages]
  await sql.query(writeLink, values)
}

const verify = `
  WITH used AS (${useLink('verify-email')}),
  verified AS (UPDATE accounts a SET email_verified_at = coalesce(a.email_verified_at, $2)
    FROM used WHERE a.id = used.account_id AND a.email = used.email RETURNING a.id),
  logged AS (${insertEvents('$3', 'verified')})
  SELECT id FROM verified`

/** Confirms the address a link was sent to, if it is still the account's. */
export async function verifyAddress(
  sql: Sql,
  linkId: string,
  now: Date,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(verify, [linkId, now, events])
  return rows.length > 0
}

const shut = `
  WITH used AS (${useLink('not-me')}),
  raised AS (UPDATE accounts a SET epoch = a.epoch + 1 FROM used WHERE a.id = used.account_id
    RETURNING a.id, a.epoch),
  ${endAll()},
  unkeyed AS (DELETE FROM api_keys k USING changed WHERE k.made_by = changed.id),
  no_pass AS (DELETE FROM passes p USING changed WHERE p.account_id = changed.id),
  logged AS (${insertEvents('$3', 'raised')})
  SELECT id FROM raised`

/**
 * Ends every session, pending sign-in and trusted device of the account a notice was about: the next
 * epoch makes all of them void, also those that are being made at this moment. With them go the API
 * keys it made for its teams, and a one-time pass that was made for it.
 */
export async function shutOut(
  sql: Sql,
  linkId: string,
  now: Date,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(shut, [linkId, now, events])
  return rows.length > 0
}
