import type { Caller } from '../world.ts'
import type { EventKind } from './kinds.ts'

/** One row of the security log, as the statements that write it take it. */
export type Event = {
  readonly at: Date
  readonly kind: EventKind
  readonly account_id: string | null
  readonly actor_id: string | null
  readonly team_id: string | null
  readonly method_kind: string | null
  readonly source: string
  readonly browser: string
  readonly session_hash: string | null
  readonly request_id: string
  readonly details: Readonly<Record<string, string | number | boolean>>
}

/** What an event is about, besides who asked. The actor is the account itself unless named. */
export type About = {
  readonly account?: string | null
  readonly actor?: string | null
  readonly team?: string | null
  readonly methodKind?: string | null
  readonly sessionHash?: Buffer | null
  readonly details?: Event['details']
}

/** Makes the row for `kind` (AUD-01); of what an API key did, it names the key. */
export function event(caller: Caller, at: Date, kind: EventKind, about: About = {}): Event {
  const account = about.account ?? null
  return {
    at,
    kind,
    account_id: account,
    actor_id: about.actor === undefined ? account : about.actor,
    team_id: about.team ?? null,
    method_kind: about.methodKind ?? null,
    source: caller.source,
    browser: caller.browser,
    session_hash: about.sessionHash ? nameOf(about.sessionHash) : null,
    request_id: caller.requestId,
    details: { ...about.details, ...(caller.apiKey !== undefined && { api_key: caller.apiKey }) },
  }
}

/** The same events, of the session that they opened, by the hash of its token. */
export function inSession(events: readonly Event[], sessionHash: Buffer): Event[] {
  return events.map((one) => ({ ...one, session_hash: nameOf(sessionHash) }))
}

/** A session appears as the start of its hash. */
function nameOf(sessionHash: Buffer): string {
  return sessionHash.toString('hex').slice(0, 16)
}
