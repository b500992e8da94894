import { endAll } from '../accounts/epoch.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

const removeAll = `
  WITH raised AS (UPDATE accounts SET epoch = epoch + 1, frozen_until = $4
    WHERE id = $1 RETURNING id, epoch),
  ${endAll()},
  removed AS (DELETE FROM methods m USING changed WHERE m.account_id = changed.id),
  no_codes AS (DELETE FROM recovery_sets r USING changed WHERE r.account_id = changed.id),
  no_pass AS (DELETE FROM passes p USING changed WHERE p.account_id = changed.id),
  unsaid AS (DELETE FROM messages s USING changed
    WHERE s.account_id = changed.id AND s.template = 'code'),
  logged AS (${insertEvents('$2', 'raised')}),
  ${tell('$3', 'raised')}
  SELECT id FROM raised`

/**
 * Removes the account's methods, pending set-ups, recovery codes and one-time pass, and ends its
 * sessions, pending sign-ins, links to a new password and trusted devices, with the event and the
 * notices. The caller holds the account's row, so that no set-up that is started meanwhile stays
 * (ENR-02); a sign-in that is settled at this moment finds the epoch moved. What protects the account
 * stays as it will be set up until `frozenUntil` (REC-07).
 */
export async function removeEverything(
  sql: Sql,
  accountId: string,
  frozenUntil: Date,
  events: string,
  messages: string,
): Promise<void> {
  await sql.query(removeAll, [accountId, events, messages, frozenUntil])
}
