import type { Event } from '../audit/event.ts'
import { insertEvents, record } from '../audit/store.ts'
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
export type GuessKeys = {
  readonly pair: string
  readonly account: string
  readonly source: string
  /** What the digests were made of; looked up, never stored with them. */
  readonly identifier: string
}

/** The keys for this identifier (an email key) and caller; digests, so the table names nobody. */
export function guessKeys(world: World, caller: Caller, identifier: string): GuessKeys {
  const key = (label: string, value: string) => keyedDigest(world.keys, label, value)
  return {
    pair: key('guess-pair', `${identifier}\n${caller.source}`),
    account: key('guess-account', identifier),
    source: key('guess-source', caller.source),
    identifier,
  }
}

/** The parameters $1 to $11 of `chargeGuess`. */
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
    keys.identifier,
  ]
}

/**
 * CTEs up to `charged`: charges all three keys, or none when one of them is closed. A guess may be
 * looked at only if `charged` has a row. Decides the race of parallel guesses: each upsert waits for
 * its row and looks at its limits again. The source comes first and the identifier last, so that of
 * many at once only those that are looked at bring the account nearer to its closing. One that is
 * refused writes too, and so takes as long (FLOW-11).
 */
export const chargeGuess = `
  blocked AS (SELECT FROM guesses
    WHERE key IN ($1, $2, $3) AND (not_before > $4 OR count >= $5) LIMIT 1),
  written AS (
    INSERT INTO guesses (key, count, not_before, at)
    SELECT $3::text, 0, 'epoch', $4 FROM blocked ON CONFLICT (key) DO UPDATE SET at = $4),
  source AS (
    INSERT INTO guesses AS g (key, count, not_before, at)
    SELECT $3::text, 0, $4 - make_interval(secs => ($9::int - 1) * $10::int), $4
      WHERE NOT EXISTS (SELECT FROM blocked)
    ON CONFLICT (key) DO UPDATE SET at = $4,
      not_before = greatest(g.not_before, $4 - make_interval(secs => $9::int * $10::int))
        + make_interval(secs => $10::int)
    WHERE g.not_before <= $4 RETURNING key),
  pair AS (
    INSERT INTO guesses AS g (key, count, not_before, at)
    SELECT $1::text, 1, 'epoch', $4 FROM source
    ON CONFLICT (key) DO UPDATE SET count = g.count + 1, at = $4,
      not_before = $4 + wait_after(g.count + 1, $6, $7, $8)
    WHERE g.not_before <= $4 AND g.count < $5 RETURNING key),
  charged AS (
    INSERT INTO guesses AS g (key, count, not_before, at, known)
    SELECT $2::text, 1, 'epoch', $4, EXISTS (SELECT FROM accounts WHERE email_key = $11) FROM pair
    ON CONFLICT (key) DO UPDATE SET count = g.count + 1, at = $4, known = excluded.known
    WHERE g.count < $5 RETURNING key, count)`

/** CTEs that take a right password's charge back: failures in a row end, the source gets one back. */
export function clearGuess(pair: string, account: string, source: string, refill: string): string {
  return `
  cleared AS (DELETE FROM guesses WHERE key IN (${pair}, ${account})),
  refunded AS (UPDATE guesses SET not_before = not_before - make_interval(secs => ${refill}::int)
    WHERE key = ${source})`
}

const chargeAlone = `WITH ${chargeGuess} SELECT count FROM charged`

/**
 * Charges one try at the password of somebody already known. Gives how many tries in a row it makes;
 * null when a limit refuses it.
 */
export async function charge(world: World, keys: GuessKeys): Promise<number | null> {
  const parameters = chargeParameters(world.config, keys, world.clock())
  const [charged] = await world.sql.query<{ count: number }>(chargeAlone, parameters)
  return charged?.count ?? null
}

const close = `
  WITH closed AS (UPDATE accounts SET password_closed_at = $2
    WHERE email_key = $1 AND password_closed_at IS NULL
      AND EXISTS (SELECT FROM guesses WHERE key = $3 AND count >= $4) RETURNING id),
  logged AS (${insertEvents('$5', '(SELECT 1) AS always')}),
  logged_too AS (${insertEvents('$6', 'closed')})
  SELECT 1`

/**
 * Logs a wrong password after its try was charged; with the hundredth in a row the account is marked
 * as closed until a reset (LIM-08). Not the charge itself does it: a hundredth try that is right, or
 * that was not looked at, closes nothing. One round trip, as any wrong password takes (FLOW-11).
 */
export async function recordWrongPassword(
  world: World,
  keys: GuessKeys,
  triesInARow: number | null,
  wrong: Event,
): Promise<void> {
  const most = limits.passwordFailuresMax
  if (triesInARow === null || triesInARow < most) return record(world.sql, wrong)
  const events = [[wrong], [{ ...wrong, kind: 'password.closed' }]].map((one) =>
    JSON.stringify(one),
  )
  await world.sql.query(close, [keys.identifier, wrong.at, keys.account, most, ...events])
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
