import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

const set = `
  WITH changed AS (UPDATE accounts SET support_since = $2::timestamptz
    WHERE id = $1 AND (support_since IS NULL) <> ($2::timestamptz IS NULL)
      AND ($2::timestamptz IS NULL OR cardinality(kinds) > 0) RETURNING id),
  logged AS (${insertEvents('$3', 'changed')}),
  ${tell('$4', 'changed')}
  SELECT id FROM changed`

/**
 * Makes the account a support person since then, or with null no longer. False when it is so
 * already, and for one without a second step (REC-06).
 */
export async function setSupport(
  sql: Sql,
  accountId: string,
  since: Date | null,
  events: string,
  messages: string,
): Promise<boolean> {
  const rows = await sql.query(set, [accountId, since, events, messages])
  return rows.length > 0
}
