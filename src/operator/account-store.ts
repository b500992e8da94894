import type { Sql } from '../database/port.ts'

/** An account as the command line works on it, with every way to tell its person something. */
export type Found = {
  readonly id: string
  readonly email: string
  readonly email_key: string
  readonly name: string
  readonly epoch: number
  readonly support_since: Date | null
  /** Kinds of the methods that take answers. */
  readonly kinds: readonly string[]
  /** Where confirmed methods send to: numbers and addresses. */
  readonly destinations: readonly string[]
}

const find = `
  SELECT a.id, a.email, a.email_key, a.name, a.epoch, a.support_since, a.kinds,
    ARRAY(SELECT m.destination FROM methods m WHERE m.account_id = a.id
      AND m.confirmed_at IS NOT NULL AND m.destination IS NOT NULL) AS destinations
  FROM accounts a WHERE a.email_key = $1`

/** The account with this address, or null. */
export async function findByAddress(sql: Sql, emailKey: string): Promise<Found | null> {
  const [found] = await sql.query<Found>(find, [emailKey])
  return found ?? null
}

/**
 * The same, its row held until the transaction ends: nobody changes how this person signs in
 * meanwhile, and what the next statement sees is whole (see `removeMethod`).
 */
export async function holdByAddress(sql: Sql, emailKey: string): Promise<Found | null> {
  await sql.query('SELECT FROM accounts WHERE email_key = $1 FOR NO KEY UPDATE', [emailKey])
  return findByAddress(sql, emailKey)
}
