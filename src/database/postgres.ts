import { readAddress } from './address.ts'
import { lanesMax, withLanes } from './lanes.ts'
import { overPool } from './pool.ts'
import type { Migratable, PoolOptions } from './pool.ts'

/** Milliseconds, as `pg` and PostgreSQL take them. */
const times = {
  connectionTimeoutMillis: 10_000,
  idleTimeoutMillis: 300_000,
  statement_timeout: 10_000,
  // Beyond the server's own limit: when it is up, the line is dead.
  query_timeout: 15_000,
  idle_in_transaction_session_timeout: 30_000,
}

/**
 * A server may be set up otherwise; dates must not depend on it. Every statement finds its rows by
 * a key, so one plan fits all values: planning anew costs more than running does.
 */
const session =
  '-c TimeZone=UTC -c DateStyle=ISO -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off'

/**
 * Opens a PostgreSQL server by its URL, with at most that many connections, made when needed.
 * Anywhere but on this machine they are encrypted and the server's certificate is verified; a URL
 * that asks for less is refused (CRY-04). A statement may take 10 seconds, a transaction 20.
 */
export function openPostgres(
  url: string,
  connectionsMax: number,
  options: PoolOptions = {},
): Migratable {
  const config = {
    ...readAddress(url),
    ...times,
    keepAlive: true,
    application_name: 'twostep',
    options: session,
  }
  // With few connections none is set aside.
  if (connectionsMax < 2 * lanesMax) return overPool({ ...config, max: connectionsMax }, options)
  const database = overPool({ ...config, max: connectionsMax - lanesMax }, options)
  return withLanes(database, config, options)
}
