import { saysMethod, sentenceOf, spoken } from '../audit/words.ts'
import type { Piece } from '../audit/words.ts'
import { kindOf } from '../methods/index.ts'
import type { LogRow } from './store.ts'

/** Somebody an event names; `name` is null of an account that was deleted. */
export type Party = { readonly id: string; readonly name: string | null }

/** An event as the team's admins read it. It holds no address and no number (PRV-02). */
export type LogEntry = {
  readonly id: number
  readonly at: Date
  readonly kind: string
  readonly sentence: string
  readonly pieces: readonly Piece[]
  /** Whom it is about, and who did it. */
  readonly account: Party | null
  readonly actor: Party | null
  /** The kind of method it was about, as people call it; `named` when the sentence says it. */
  readonly method: string | null
  readonly named: boolean
  /** Done by a program with an API key: the key's name while there is one. */
  readonly api_key: { readonly id: string; readonly name: string | null } | null
  readonly browser: string
  readonly source: string
}

const gone = 'a former account'

/** Puts an event into words, with the names of those it speaks of. */
export function tell(row: LogRow): LogEntry {
  const { kind, details, account_id, actor_id } = row
  const method = titleOf(row.method_kind)
  const account = account_id === null ? null : { id: account_id, name: row.account }
  const actor = actor_id === null ? null : { id: actor_id, name: row.actor }
  const parties = { account: nameOf(account), actor: nameOf(actor) }
  const key = details['api_key']
  const pieces = large(sentenceOf({ kind, details, method, parties }))
  return {
    id: row.id,
    at: row.at,
    kind,
    sentence: spoken(pieces),
    pieces,
    account,
    actor,
    method,
    named: saysMethod(kind),
    api_key: key === undefined ? null : { id: String(key), name: row.key },
    browser: row.browser,
    source: row.source,
  }
}

function nameOf(party: Party | null): string | null {
  return party && (party.name ?? gone)
}

function titleOf(kind: string | null): string | null {
  if (kind === null) return null
  return kind === 'recovery-code' ? 'Recovery code' : (kindOf(kind)?.title ?? kind)
}

/** A sentence begins large, except with a name. */
function large(pieces: readonly Piece[]): Piece[] {
  const [first, ...rest] = pieces
  if (!first || (first.name && first.text !== gone)) return [...pieces]
  return [{ ...first, text: first.text.slice(0, 1).toUpperCase() + first.text.slice(1) }, ...rest]
}
