import { insertEvents } from '../audit/store.ts'
import type { Config } from '../config.ts'
import { limits } from '../config.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import type { Caller, World } from '../world.ts'

/**
 * What bounds wrong passwords (LIM-08). Three keys are charged for each try, before it is looked
 * at: the pair of identifier and source, which waits from its tenth failure on; the identifier,
 * which is closed at a hundred failures in a row; the source, which has so many tries and gets one
 * back a minute. Who knows only the address cannot make its owner, at another source, wait.
 */
export type GuessKeys = { readonly pair: string; readonly account: string; readonly source: string }

/** The keys for this identifier (an email key) and caller; digests, so the table names nobody. */
export function guessKeys(world: World, caller: Caller, identifier: string): GuessKeys {
  const key = (label: string, value: string) => keyedDigest(world.keys, label, value)
  return {
    pair: key('guess-pair', `${identifier}\n${caller.source}`),
    account: key('guess-account', identifier),
    source: key('guess-source', caller.source),
  }
}

/** The parameters $1 to $10 of `chargeGuess`. */
export function chargeParameters(config: Config, keys: GuessKeys, now: Date): unknown[] {
  return [
    keys.pair,
    keys.account,
    keys.source,
    now,
    limits.passwordFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
    config.sourceGuessesMax - 1,
    config.sourceGuessRefillSeconds,
  ]
}

/**
 * CTEs `blocked` and `charged`: charges all three keys, or none when one of them is closed. Decides
 * the race of parallel guesses: the upsert waits for the row and looks at its limits again. A guess
 * may be looked at only if `charged` has three rows.
 */
export const chargeGuess = `
  blocked AS (SELECT FROM guesses
    WHERE key IN ($1, $2, $3) AND (not_before > $4 OR count >= $5) LIMIT 1),
  charged AS (
    INSERT INTO guesses AS g (key, count, not_before, at)
    SELECT v.key, v.counted, CASE v.counted WHEN 1 THEN 'epoch'
        ELSE $4 - make_interval(secs => ($9::int - 1) * $10::int) END, $4
      FROM (VALUES ($1::text, 1), ($2, 1), ($3, 0)) v (key, counted)
      WHERE NOT EXISTS (SELECT FROM blocked) ORDER BY v.key
    ON CONFLICT (key) DO UPDATE SET count = g.count + excluded.count, at = $4,
      not_before = CASE g.key
        WHEN $1 THEN $4::timestamptz + wait_after(g.count + 1, $6, $7, $8)
        WHEN $2 THEN g.not_before
        ELSE greatest(g.not_before, $4 - make_interval(secs => $9::int * $10::int))
          + make_interval(secs => $10::int) END
    WHERE g.not_before <= $4 AND g.count < $5
    RETURNING key)`

/** CTEs that take a right password's charge back: failures in a row end, the source gets one back. */
export function clearGuess(pair: string, account: string, source: string, refill: string): string {
  return `
  cleared AS (DELETE FROM guesses WHERE key IN (${pair}, ${account})),
  refunded AS (UPDATE guesses SET not_before = not_before - make_interval(secs => ${refill}::int)
    WHERE key = ${source})`
}

const chargeAlone = `WITH ${chargeGuess} SELECT count(*)::int AS charged FROM charged`

/** Charges one try at the password of somebody already known. False when a limit refuses it. */
export async function charge(world: World, keys: GuessKeys): Promise<boolean> {
  const [row] = await world.sql.query<{ charged: number }>(
    chargeAlone,
    chargeParameters(world.config, keys, world.clock()),
  )
  return row?.charged === 3
}

const clearAlone = `WITH ${clearGuess('$1', '$2', '$3', '$4')} SELECT 1`

/** Takes the charge back after a right password outside a sign-in. */
export async function clear(world: World, keys: GuessKeys): Promise<void> {
  const { sourceGuessRefillSeconds } = world.config
  await world.sql.query(clearAlone, [
    keys.pair,
    keys.account,
    keys.source,
    sourceGuessRefillSeconds,
  ])
}

const refund = `
  WITH back AS (UPDATE guesses SET count = greatest(count - 1, 0) WHERE key IN ($1, $2)),
    source AS (UPDATE guesses SET not_before = not_before - make_interval(secs => $4::int)
      WHERE key = $3),
    logged AS (${insertEvents('$5', '(SELECT 1) AS always')})
  SELECT 1`

/** Gives one charge back, because the try was not looked at (the server was busy). */
export async function giveBack(world: World, keys: GuessKeys, events: string): Promise<void> {
  const { sourceGuessRefillSeconds } = world.config
  await world.sql.query(refund, [
    keys.pair,
    keys.account,
    keys.source,
    sourceGuessRefillSeconds,
    events,
  ])
}
