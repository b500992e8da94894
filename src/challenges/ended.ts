import type { Sql } from '../database/port.ts'

/** The address of the sign-in this cookie once belonged to, so that it need not be typed again. */
export async function emailOfEnded(sql: Sql, tokenHash: Buffer): Promise<string | null> {
  const [row] = await sql.query<{ email: string }>(
    `SELECT a.email FROM challenges c JOIN accounts a ON a.id = c.account_id
     WHERE c.token_hash = $1 AND c.purpose = 'sign-in'`,
    [tokenHash],
  )
  return row?.email ?? null
}
