import type { Config } from './config.ts'
import type { Keys } from './crypto/keys.ts'
import type { Passwords } from './crypto/passwords.ts'
import type { Sql } from './database/port.ts'
import type { Delivery } from './delivery/port.ts'
import type { Log } from './log.ts'

/** Everything a use case may touch outside itself. Tests hand in another. */
export type World = {
  readonly sql: Sql
  /** The server's present time; no statement asks the database's. */
  readonly clock: () => Date
  /** That many bytes from the platform's cryptographic generator (CRY-01). */
  readonly random: (bytes: number) => Buffer
  readonly delivery: Delivery
  readonly keys: Keys
  readonly passwords: Passwords
  readonly config: Config
  readonly log: Log
}

/** What a request says about itself; nothing here proves who asks. */
export type Caller = {
  readonly requestId: string
  /** The client's address, IPv6 cut to its /64 (LIM-09). */
  readonly source: string
  /** A short label made from the User-Agent, such as "Firefox on Windows". */
  readonly browser: string
  /** Id of the API key that stands in for a session; set only once it was found good. */
  readonly apiKey?: string
}
