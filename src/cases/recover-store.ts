import type { Sql } from '../database/port.ts'

/** What the link of an approved case, whose wait is over, opens. */
export type Recovery = {
  readonly link: string
  readonly case: string
  readonly account_id: string
  readonly email: string
  readonly name: string
  readonly password_hash: string
  readonly password_lost: boolean
  readonly closes_at: Date
}

const find = `
  SELECT l.id AS link, k.id AS case, a.id AS account_id, a.email, a.name, a.password_hash,
    k.password_lost, k.closes_at
  FROM links l JOIN cases k ON k.link_id = l.id JOIN accounts a ON a.id = k.account_id
  WHERE l.id = $1`

/** The recovery a link belongs to; whether that link is still good is for `openLink` to say. */
export async function findRecovery(sql: Sql, linkId: string): Promise<Recovery | null> {
  const [found] = await sql.query<Recovery>(find, [linkId])
  return found ?? null
}
