import type { Sql } from '../../src/database/port.ts'

/** Every row of every table as text, as somebody sees it who has the database. */
export async function dump(sql: Sql): Promise<string> {
  const tables = await sql.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`,
  )
  const parts: string[] = []
  for (const { name } of tables) {
    const rows = await sql.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`)
    parts.push(name, ...rows.map(({ row }) => row))
  }
  return parts.join('\n')
}

/** The ways a secret could stand in a text: as it is, its bytes in hexadecimal or base64. */
export function forms(secret: string, bytes: Buffer = Buffer.from(secret, 'utf8')): string[] {
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}
