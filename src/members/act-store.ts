import { endAll } from '../accounts/epoch.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { standsAbove, thisTeamsAlone } from '../policy/store.ts'

/** An act of one member of a team on another, with what is logged and told of it. */
export type Doing = {
  readonly teamId: string
  readonly actorId: string
  readonly memberId: string
  readonly now: Date
  readonly events: string
  readonly messages: string
}

/** Parameters $1 to $6 of every statement here. */
function parameters({ teamId, actorId, memberId, now, events, messages }: Doing): unknown[] {
  return [teamId, actorId, memberId, now, events, messages]
}

/**
 * Holds still, within a transaction, what decides whether an act is allowed: changes of roles and
 * removals wait for the team's row, another membership for the account's (its foreign key asks for
 * it). The statement that follows sees what was done before, and looks at it again (TEAM-07).
 */
export async function holdStill(held: Sql, { teamId, memberId }: Doing): Promise<void> {
  await held.query('SELECT id FROM teams WHERE id = $1 FOR SHARE', [teamId])
  await held.query('SELECT id FROM accounts WHERE id = $1 FOR UPDATE', [memberId])
}

function acting<T>(sql: Sql, doing: Doing, act: (held: Sql) => Promise<T>): Promise<T> {
  return sql.tx(async (held) => {
    await holdStill(held, doing)
    return act(held)
  })
}

const above = standsAbove('$1::uuid', '$2::uuid', '$3::uuid')
const beside = standsAbove('$1::uuid', '$2::uuid', '$3::uuid', '>=')
const alone = thisTeamsAlone('$1::uuid', '$3::uuid')

/** `target` (id): the member, if whoever acts may. */
const target = (where: string) => `target AS (SELECT $3::uuid AS id WHERE ${where})`

const forget = `
  WITH ${target(beside)},
  gone AS (DELETE FROM trusted_devices d USING target t WHERE d.account_id = t.id RETURNING d.id),
  logged AS (${insertEvents('$5', 'gone')}),
  ${tell('$6', 'gone')}
  SELECT (SELECT count(*)::int FROM gone) AS forgotten, $4::timestamptz AS at FROM target`

/** Removes every trusted device of the member (TD-06). Gives how many; null when it may not be. */
export function forgetDevices(sql: Sql, doing: Doing): Promise<number | null> {
  return acting(sql, doing, async (held) => {
    const [row] = await held.query<{ forgotten: number }>(forget, parameters(doing))
    return row?.forgotten ?? null
  })
}

const endSessionsText = `
  WITH ${target(beside)},
  noted AS (UPDATE memberships m SET sessions_from = $4 FROM target t
    WHERE m.team_id = $1 AND m.account_id = t.id RETURNING m.account_id AS id),
  whole AS (SELECT id FROM noted WHERE ${above} AND ${alone}),
  closed AS (DELETE FROM challenges c USING whole w WHERE c.account_id = w.id),
  ended AS (DELETE FROM sessions s USING whole w WHERE s.account_id = w.id),
  logged AS (${insertEvents('$5', 'noted')}),
  ${tell('$6', 'noted')}
  SELECT EXISTS (SELECT FROM whole) AS everywhere FROM noted`

/**
 * Ends the member's sessions for this team (TEAM-09); of an account that is this team's alone, with a
 * lower role, the sessions and pending sign-ins themselves. Gives which; null when it may not be.
 */
export function endMemberSessions(sql: Sql, doing: Doing): Promise<boolean | null> {
  return acting(sql, doing, async (held) => {
    const [row] = await held.query<{ everywhere: boolean }>(endSessionsText, parameters(doing))
    return row?.everywhere ?? null
  })
}

const unlockText = `
  WITH ${target(`${above} AND ${alone}`)},
  freed AS (UPDATE methods m SET not_before = 'epoch' FROM target t
    WHERE m.account_id = t.id AND m.not_before > $4),
  codes AS (UPDATE recovery_sets r SET not_before = 'epoch' FROM target t
    WHERE r.account_id = t.id AND r.not_before > $4),
  pass AS (UPDATE passes p SET not_before = 'epoch' FROM target t
    WHERE p.account_id = t.id AND p.not_before > $4),
  tries AS (UPDATE guesses SET not_before = 'epoch'
    WHERE key = ANY($7::text[]) AND not_before > $4 AND EXISTS (SELECT FROM target)),
  logged AS (${insertEvents('$5', 'target')}),
  ${tell('$6', 'target')}
  SELECT id FROM target`

/**
 * Ends every wait of the member: of methods, recovery codes, a pass, and the keys of guesses given.
 * Counts of wrong answers stay (LIM-04). False when it may not be. Within a transaction, after
 * `holdStill`.
 */
export async function endWaits(held: Sql, doing: Doing, keys: readonly string[]): Promise<boolean> {
  return (await held.query(unlockText, [...parameters(doing), keys])).length > 0
}

const resetText = `
  WITH ${target(`${above} AND ${alone}`)},
  raised AS (UPDATE accounts a SET epoch = a.epoch + 1 FROM target t WHERE a.id = t.id
    RETURNING a.id, a.epoch),
  ${endAll()},
  removed AS (DELETE FROM methods m USING changed WHERE m.account_id = changed.id),
  no_codes AS (DELETE FROM recovery_sets r USING changed WHERE r.account_id = changed.id),
  no_pass AS (DELETE FROM passes p USING changed WHERE p.account_id = changed.id),
  unsaid AS (DELETE FROM messages s USING changed
    WHERE s.account_id = changed.id AND s.template = 'code'),
  anew AS (DELETE FROM guesses WHERE key = $7 AND EXISTS (SELECT FROM raised)),
  logged AS (${insertEvents('$5', 'raised')}),
  ${tell('$6', 'raised')}
  SELECT id, $4::timestamptz AS at FROM raised`

/**
 * Removes all that the member signs in with besides the password, and every session, sign-in and
 * trusted device (TEAM-07); `mailboxKey` counts wrong codes mailed for a required set-up, which start
 * anew. False when it may not be.
 */
export function resetTwoStep(sql: Sql, doing: Doing, mailboxKey: string): Promise<boolean> {
  return acting(sql, doing, async (held) => {
    return (await held.query(resetText, [...parameters(doing), mailboxKey])).length > 0
  })
}

const passText = `
  WITH ${target(`${above} AND ${alone}`)},
  made AS (INSERT INTO passes AS p (account_id, team_id, hash, made_by, created_at, expires_at)
    SELECT t.id, $1, $7, $2, $4, $8 FROM target t
    WHERE EXISTS (SELECT FROM methods m WHERE m.account_id = t.id AND m.confirmed_at IS NOT NULL)
    ON CONFLICT (account_id) DO UPDATE SET team_id = excluded.team_id, hash = excluded.hash,
      made_by = excluded.made_by, created_at = excluded.created_at,
      expires_at = excluded.expires_at, failures = 0, not_before = 'epoch'
    RETURNING p.account_id),
  logged AS (${insertEvents('$5', 'made')}),
  ${tell('$6', 'made')}
  SELECT account_id FROM made`

/** Stores a pass for the member in the place of the one before. False when it may not be. */
export function insertPass(
  sql: Sql,
  doing: Doing,
  hash: Buffer,
  expiresAt: Date,
): Promise<boolean> {
  return acting(sql, doing, async (held) => {
    return (await held.query(passText, [...parameters(doing), hash, expiresAt])).length > 0
  })
}

const exemptText = `
  WITH ${target(above)},
  changed AS (UPDATE memberships m SET exempt_until = $7, exempt_reason = $8,
      exempt_by = CASE WHEN $7::timestamptz IS NULL THEN NULL ELSE $2::uuid END
    FROM target t WHERE m.team_id = $1 AND m.account_id = t.id
      AND ($7::timestamptz IS NOT NULL OR m.exempt_until > $4) RETURNING m.account_id),
  logged AS (${insertEvents('$5', 'changed')}),
  ${tell('$6', 'changed')}
  SELECT account_id FROM changed`

/**
 * Exempts the member from the team's requirement until then, or ends it (null). False when it may
 * not be, or there was nothing to end.
 */
export function setExemption(
  sql: Sql,
  doing: Doing,
  until: Date | null,
  reason: string | null,
): Promise<boolean> {
  return acting(sql, doing, async (held) => {
    return (await held.query(exemptText, [...parameters(doing), until, reason])).length > 0
  })
}
