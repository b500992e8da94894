import type { Config } from '../config.ts'
import type { Sql } from '../database/port.ts'

/** How often something may be sent for one key, which is a keyed digest or names no person. */
export type SendLimit = {
  readonly key: string
  readonly pauseSeconds: number
  readonly perHourMax: number
  readonly perDayMax: number
  /** How many are sent at once; one unless told. */
  readonly count?: number
}

export type SpentSends =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'wait-before-sending' | 'too-many-sends'
      readonly waitSeconds: number
      /** The key that makes one wait longest. */
      readonly key: string
    }

/** The budget of texts of the whole instance (CODE-06). */
export function textBudget({
  config,
}: {
  readonly config: Pick<Config, 'textsPerDayMax'>
}): SendLimit {
  const { textsPerDayMax } = config
  return { key: 'texts', pauseSeconds: 0, perHourMax: textsPerDayMax, perDayMax: textsPerDayMax }
}

/*
 * Decides the race of sends that are asked for at the same time, over all processes: each waits for
 * the row of its key and looks again at what it holds by then. The windows slide: no hour and no
 * day ever holds more than its most. Rows are taken in the order of their keys, so that two sends
 * with keys in common wait for each other and never both.
 * $1 an object of limits by key, $2 now.
 */
const spend = `
  INSERT INTO sends AS s (key, times)
  SELECT key, array_fill($2::timestamptz, ARRAY[n]) FROM jsonb_each($1::jsonb) AS k(key, most),
    coalesce((most ->> 'count')::integer, 1) AS n
  WHERE (most ->> 'perHourMax')::integer >= n AND (most ->> 'perDayMax')::integer >= n
  ORDER BY key
  ON CONFLICT (key) DO UPDATE SET times = array_cat(
    ARRAY(SELECT t FROM unnest(s.times) t WHERE t > $2 - interval '1 day' ORDER BY t),
    excluded.times)
  WHERE (SELECT
      count(*) FILTER (WHERE t > $2 - make_interval(secs => (most ->> 'pauseSeconds')::integer)) = 0
      AND count(*) FILTER (WHERE t > $2 - interval '1 hour') + cardinality(excluded.times)
        <= (most ->> 'perHourMax')::integer
      AND count(*) FILTER (WHERE t > $2 - interval '1 day') + cardinality(excluded.times)
        <= (most ->> 'perDayMax')::integer
    FROM (SELECT $1::jsonb -> s.key AS most) k LEFT JOIN unnest(s.times) t ON true GROUP BY most)
  RETURNING key`

/**
 * Spends one send of every key, or as many as it counts, or refuses. To be called inside the
 * transaction that writes the message; when it refuses, that one must be rolled back, and then
 * nothing was spent.
 * One round trip; two when it refuses. Refused: wait-before-sending, too-many-sends.
 */
export async function spendSends(
  sql: Sql,
  sendLimits: readonly SendLimit[],
  now: Date,
): Promise<SpentSends> {
  const byKey = Object.fromEntries(sendLimits.map(({ key, ...most }) => [key, most]))
  const spent = await sql.query<{ key: string }>(spend, [JSON.stringify(byKey), now])
  const refused = sendLimits.filter(({ key }) => !spent.some((row) => row.key === key))
  if (refused.length === 0) return { ok: true }
  const rows = await sql.query<{ key: string; times: Date[] }>(
    'SELECT key, times FROM sends WHERE key = ANY($1)',
    [refused.map(({ key }) => key)],
  )
  const waits = refused.map((most) => {
    const times = rows.find(({ key }) => key === most.key)?.times ?? []
    return waitFor(most, times, now)
  })
  return waits.reduce((longest, wait) => (wait.waitSeconds > longest.waitSeconds ? wait : longest))
}

function waitFor(
  most: SendLimit,
  times: readonly Date[],
  now: Date,
): Extract<SpentSends, { ok: false }> {
  const newestFirst = times.map(Number).toSorted((a, b) => b - a)
  const until = (count: number, windowSeconds: number) => {
    const oldest = count > 0 ? newestFirst[count - 1] : now.getTime()
    return oldest === undefined ? 0 : Math.ceil((oldest - now.getTime()) / 1000) + windowSeconds
  }
  const further = (most.count ?? 1) - 1
  const hour = until(most.perHourMax - further, 3600)
  const day = until(most.perDayMax - further, 86_400)
  const waitSeconds = Math.max(1, until(1, most.pauseSeconds), hour, day)
  const reason = hour > 0 || day > 0 ? 'too-many-sends' : 'wait-before-sending'
  return { ok: false, reason, waitSeconds, key: most.key }
}
