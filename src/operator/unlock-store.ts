import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

/** Whether the count of wrong passwords under this key has closed it (LIM-08). */
export async function isPasswordClosed(sql: Sql, key: string, max: number): Promise<boolean> {
  const rows = await sql.query('SELECT FROM guesses WHERE key = $1 AND count >= $2', [key, max])
  return rows.length > 0
}

/** Where wrong passwords for the account came from since then, as the log has it. */
export async function recentSources(sql: Sql, accountId: string, since: Date): Promise<string[]> {
  const rows = await sql.query<{ source: string }>(
    `SELECT DISTINCT source FROM events WHERE account_id = $1 AND at > $2
       AND kind IN ('sign-in.password-wrong', 'sign-in.refused-by-limit', 'step-up.password-wrong')
     LIMIT 1000`,
    [accountId, since],
  )
  return rows.map(({ source }) => source)
}

export type Unlocked = {
  /** How many waits ended. */
  readonly waits: number
  /** How many methods stay switched off. */
  readonly off: number
}

const end = `
  WITH found AS (SELECT id FROM accounts WHERE id = $1),
  methods_go AS (UPDATE methods SET not_before = 'epoch'
    WHERE account_id = $1 AND not_before > $2 AND failures < $3 RETURNING 1),
  codes_go AS (UPDATE recovery_sets SET not_before = 'epoch'
    WHERE account_id = $1 AND not_before > $2 AND failures < $3 RETURNING 1),
  pass_go AS (UPDATE passes SET not_before = 'epoch'
    WHERE account_id = $1 AND not_before > $2 RETURNING 1),
  guesses_go AS (UPDATE guesses SET not_before = 'epoch'
    WHERE key = ANY($4::text[]) AND not_before > $2 AND count < $3 RETURNING 1),
  logged AS (${insertEvents('$5', 'found')}),
  ${tell('$6', 'found')}
  SELECT ((SELECT count(*) FROM methods_go) + (SELECT count(*) FROM codes_go)
      + (SELECT count(*) FROM pass_go) + (SELECT count(*) FROM guesses_go))::int AS waits,
    ((SELECT count(*) FROM methods WHERE account_id = $1 AND confirmed_at IS NOT NULL
        AND failures >= $3)
      + (SELECT count(*) FROM recovery_sets WHERE account_id = $1 AND failures >= $3))::int AS off
  FROM found`

/** Ends the account's waits; what was closed for good stays closed, and all counts stay. */
export async function endWaits(
  sql: Sql,
  account: {
    readonly accountId: string
    readonly now: Date
    readonly failuresMax: number
    readonly keys: readonly string[]
    readonly events: string
    readonly messages: string
  },
): Promise<Unlocked> {
  const { accountId, now, failuresMax, keys, events, messages } = account
  const values = [accountId, now, failuresMax, keys, events, messages]
  const [row] = await sql.query<Unlocked>(end, values)
  return row ?? { waits: 0, off: 0 }
}
