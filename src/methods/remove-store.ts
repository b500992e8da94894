import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { changeParameters, raiseEpoch } from '../sessions/store.ts'
import type { Change } from '../sessions/store.ts'

const remove = `
  WITH ${raiseEpoch(
    `AND EXISTS (SELECT FROM methods
      WHERE id = $6 AND account_id = $1 AND confirmed_at IS NOT NULL)`,
    `, second_step_at = CASE WHEN s.second_step_method = $6 THEN NULL ELSE s.second_step_at END,
      second_step_kind = CASE WHEN s.second_step_method = $6 THEN NULL ELSE s.second_step_kind END,
      second_step_method = nullif(s.second_step_method, $6)`,
  )},
  removed AS (DELETE FROM methods m USING changed WHERE m.id = $6
    RETURNING m.account_id, m.destination),
  unsaid AS (DELETE FROM messages s USING removed WHERE s.account_id = removed.account_id
    AND s.destination = removed.destination AND s.template = 'code'),
  last AS (SELECT account_id FROM removed WHERE NOT EXISTS (SELECT FROM methods m
    WHERE m.account_id = $1 AND m.confirmed_at IS NOT NULL AND m.id <> $6)),
  pending AS (DELETE FROM methods m USING last
    WHERE m.account_id = last.account_id AND m.confirmed_at IS NULL),
  no_codes AS (DELETE FROM recovery_sets r USING last WHERE r.account_id = last.account_id),
  no_pass AS (DELETE FROM passes p USING last WHERE p.account_id = last.account_id),
  logged AS (${insertEvents('$7', 'removed')}),
  ${tell(`(CASE WHEN EXISTS (SELECT FROM last) THEN $9::jsonb ELSE $8::jsonb END)`, 'removed')}
  SELECT account_id FROM removed`

/* Whoever changes what a team requires, or its people, waits for the team's row (TEAM-04). */
const holdTeams = `SELECT FROM teams t WHERE EXISTS (SELECT FROM memberships m
  WHERE m.team_id = t.id AND m.account_id = $1) ORDER BY t.id FOR SHARE`

/**
 * Turns a method off and deletes what it held, open challenges and codes sent, with their
 * destinations, too; with the last one go the recovery codes, a one-time pass and every pending set-up
 * (ENR-06), and `messagesOfLast` are sent instead. False when the account changed meanwhile. Of two at
 * once, one wins. Teams and account are locked by statements of their own: one that waited would not
 * see, and so not delete, the set-up that was started meanwhile (ENR-02), nor what a team began to
 * require. `may` looks at that once both are held (ENR-05).
 */
export function removeMethod(
  sql: Sql,
  change: Change,
  methodId: string,
  messagesOfLast: string,
  may: (held: Sql) => Promise<boolean>,
): Promise<boolean> {
  return sql.tx(async (held) => {
    await held.query(holdTeams, [change.accountId])
    await held.query('SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [change.accountId])
    if (!(await may(held))) return false
    const { events, messages } = change
    const values = [...changeParameters(change), methodId, events, messages, messagesOfLast]
    return (await held.query(remove, values)).length > 0
  })
}
