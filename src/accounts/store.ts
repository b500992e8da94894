import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages, tell } from '../delivery/outbox.ts'
import { useLink } from './link-store.ts'

/** An account as it is made. */
export type NewAccount = {
  readonly id: string
  readonly email: string
  readonly emailKey: string
  readonly name: string
  readonly passwordHash: string
}

export type FirstOwner = NewAccount & {
  readonly team: { readonly id: string; readonly name: string }
  readonly verifyLink: { readonly id: string; readonly expiresAt: Date }
}

/* The row that says the place is taken. It has one id, so that one of several statements gets it. */
const firstOwnerPlace = '00000000-0000-4000-8000-000000000001'

/*
 * Decides the race for the first owner's place, of posts of one link and of links that were minted
 * at the same time: only one can insert the row of the place, and who comes second waits for it.
 */
const insertOwner = `
  WITH used AS (${useLink('first-owner')}),
  placed AS (INSERT INTO links (id, purpose, created_at, expires_at, used_at)
    SELECT '${firstOwnerPlace}', 'first-owner', $2, $2, $2 FROM used
    ON CONFLICT (id) DO NOTHING RETURNING id),
  made AS (INSERT INTO accounts (id, email, email_key, name, password_hash, created_at)
    SELECT $3, $4, $5, $6, $7, $2 FROM placed RETURNING id),
  team AS (INSERT INTO teams (id, name, created_at) SELECT $8, $9, $2 FROM made RETURNING id),
  joined AS (INSERT INTO memberships (team_id, account_id, role, joined_at)
    SELECT team.id, made.id, 'owner', $2 FROM team, made),
  linked AS (INSERT INTO links (id, purpose, account_id, email, created_at, expires_at)
    SELECT $10, 'verify-email', id, $4, $2, $11 FROM made),
  logged AS (${insertEvents('$12', 'made')}),
  told AS (${insertMessages('$13', 'made')})
  SELECT id FROM made`

/** Makes the first owner with their team. False when the link is over or somebody is there. */
export async function createOwner(
  sql: Sql,
  linkId: string,
  now: Date,
  owner: FirstOwner,
  events: string,
  messages: string,
): Promise<boolean> {
  const rows = await sql.query(insertOwner, [
    linkId,
    now,
    owner.id,
    owner.email,
    owner.emailKey,
    owner.name,
    owner.passwordHash,
    owner.team.id,
    owner.team.name,
    owner.verifyLink.id,
    owner.verifyLink.expiresAt,
    events,
    messages,
  ])
  return rows.length > 0
}

export type AtAddress = {
  readonly id: string | null
  readonly email: string | null
  /** Whether there is any account at all. */
  readonly founded: boolean
}

/** The account with this address, if any; costs the same for both. */
export async function lookUpAddress(sql: Sql, emailKey: string): Promise<AtAddress> {
  const [found] = await sql.query<AtAddress>(
    `SELECT a.id, a.email, EXISTS (SELECT FROM accounts) AS founded
     FROM (SELECT) AS always LEFT JOIN accounts a ON a.email_key = $1`,
    [emailKey],
  )
  return found ?? { id: null, email: null, founded: false }
}

const signUp = `
  WITH used AS (${useLink('sign-up')}),
  made AS (
    INSERT INTO accounts (id, email, email_key, email_verified_at, name, password_hash, created_at)
    SELECT $3, $4, $5, $2, $6, $7, $2 FROM used WHERE used.email = $4
    ON CONFLICT (email_key) DO NOTHING RETURNING id),
  logged AS (${insertEvents('$8', 'made')}),
  ${tell('$9', 'made')}
  SELECT id FROM made`

/**
 * Makes an account whose address its link has proven. False when the link is over or the address
 * has an account meanwhile. Of two links to one address, the unique address decides.
 */
export async function createAccount(
  sql: Sql,
  linkId: string,
  now: Date,
  account: NewAccount,
  events: string,
  messages: string,
): Promise<boolean> {
  const { id, email, emailKey, name, passwordHash } = account
  const values = [linkId, now, id, email, emailKey, name, passwordHash, events, messages]
  const rows = await sql.query(signUp, values)
  return rows.length > 0
}

export type ProfileChange = {
  readonly accountId: string
  readonly name: string
  readonly phone: string | null
  /** The phone this change was made from. */
  readonly phoneBefore: string | null
}

const change = `
  WITH changed AS (UPDATE accounts SET name = $2, phone = $3
    WHERE id = $1 AND disabled_at IS NULL AND phone IS NOT DISTINCT FROM $4::text RETURNING id),
  logged AS (${insertEvents('$5', 'changed')}),
  ${tell('$6', 'changed')}
  SELECT id FROM changed`

/** Changes name and phone. False when the phone was changed meanwhile: its notice would be wrong. */
export async function updateProfile(
  sql: Sql,
  profile: ProfileChange,
  events: string,
  messages: string,
): Promise<boolean> {
  const { accountId, name, phone, phoneBefore } = profile
  const rows = await sql.query(change, [accountId, name, phone, phoneBefore, events, messages])
  return rows.length > 0
}
