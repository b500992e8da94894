import type { Sql } from '../database/port.ts'

/** The account's stored password hash. */
export async function readPasswordHash(sql: Sql, accountId: string): Promise<string | null> {
  const [row] = await sql.query<{ password_hash: string }>(
    'SELECT password_hash FROM accounts WHERE id = $1',
    [accountId],
  )
  return row?.password_hash ?? null
}
