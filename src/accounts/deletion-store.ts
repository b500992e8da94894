import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages } from '../delivery/outbox.ts'

export type Deletion = {
  readonly accountId: string
  /** The account's epoch as whoever deletes it has it; null for the operator. */
  readonly epoch: number | null
  /** Keys of counts of wrong answers that name this account. */
  readonly guesses: readonly string[]
  readonly events: string
  readonly messages: string
}

/** Gone; or still there, because the account owns this team, which has other members. */
export type Deleted = { readonly gone: boolean; readonly owns: string | null }

/**
 * Erases an account with its security data: what hangs on its row goes with it, and what names it or
 * its address without hanging there goes by name (PRV-03). Teams of which it is the only member go
 * too. The log keeps its rows, which name it by an id that then belongs to nobody. An account that has
 * changed since whoever deletes it was let in is left as it is. Account and teams
 * are held by statements of their own: whoever joins one of these teams meanwhile has either joined
 * before, and is seen, or finds no team.
 */
export function eraseAccount(sql: Sql, deletion: Deletion): Promise<Deleted> {
  return sql.tx(async (held) => {
    const found = await held.query(holdAccount, [deletion.accountId, deletion.epoch])
    if (found.length === 0) return { gone: false, owns: null }
    await held.query(holdTeams, [deletion.accountId])
    const [team] = await held.query<{ name: string }>(ownedWithOthers, [deletion.accountId])
    if (team) return { gone: false, owns: team.name }
    const { accountId, guesses, events, messages } = deletion
    const rows = await held.query(erase, [accountId, guesses, events, messages])
    return { gone: rows.length > 0, owns: null }
  })
}

const holdAccount = `SELECT FROM accounts
  WHERE id = $1 AND ($2::integer IS NULL OR epoch = $2) FOR UPDATE`

const owned = `SELECT m.team_id FROM memberships m WHERE m.account_id = $1 AND m.role = 'owner'`

const holdTeams = `SELECT FROM teams WHERE id IN (${owned}) ORDER BY id FOR UPDATE`

const ownedWithOthers = `
  SELECT t.name FROM teams t WHERE t.id IN (${owned}) AND EXISTS (SELECT FROM memberships o
    WHERE o.team_id = t.id AND o.account_id <> $1) ORDER BY t.id LIMIT 1`

const erase = `
  WITH gone AS (DELETE FROM accounts WHERE id = $1 RETURNING id, email, email_key),
  teams_gone AS (DELETE FROM teams t USING gone WHERE t.id IN (${owned})),
  letters AS (DELETE FROM messages s USING gone
    WHERE s.account_id = gone.id OR s.destination = gone.email),
  links_gone AS (DELETE FROM links l USING gone
    WHERE l.account_id = gone.id OR l.email = gone.email),
  asked AS (DELETE FROM invitations i USING gone WHERE i.email_key = gone.email_key),
  forgiven AS (DELETE FROM guesses g USING gone WHERE g.key = ANY($2::text[])),
  logged AS (${insertEvents('$3', 'gone')}),
  told AS (${insertMessages('$4', 'gone')})
  SELECT id FROM gone`

/** The team that stands in the way, if any: the account owns it, and others are in it. */
export async function teamInTheWay(sql: Sql, accountId: string): Promise<string | null> {
  const [team] = await sql.query<{ name: string }>(ownedWithOthers, [accountId])
  return team?.name ?? null
}

/** Names of the teams that go with the account: it owns them, and nobody else is in them. */
export async function teamsThatGo(sql: Sql, accountId: string): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT t.name FROM teams t WHERE t.id IN (${owned}) AND NOT EXISTS (SELECT FROM memberships o
       WHERE o.team_id = t.id AND o.account_id <> $1) ORDER BY t.id`,
    [accountId],
  )
  return rows.map(({ name }) => name)
}
