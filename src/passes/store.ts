import { atDoor, placed } from '../challenges/store.ts'
import type { Place } from '../challenges/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { standsAbove, thisTeamsAlone } from '../policy/store.ts'
import type { World } from '../world.ts'

/** A spent attempt at the one-time pass, and what the answer is compared with. */
export type PassSpent = {
  readonly id: string
  readonly account_id: string
  readonly team_id: string
  readonly email: string
  readonly attempts_left: number
  readonly failures: number
  readonly hash: Buffer
}

/**
 * The condition that pass `p` may still be used at that time: it lives as long as its maker might
 * give it, so not when its holder has risen in the team, joined another or become support since
 * (TEAM-07).
 */
export const passCounts = (now: string) => `p.expires_at > ${now}
  AND ${standsAbove('p.team_id', 'p.made_by', 'p.account_id')}
  AND ${thisTeamsAlone('p.team_id', 'p.account_id')}`

/*
 * As `spendAttempt`, with the pass in the method's place: its own count (LIM-06), spent before
 * anything is compared. Decides the race of parallel guesses: each waits for the challenge's row.
 */
const spend = `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1
    FROM passes p, accounts a
    WHERE ${atDoor} AND c.attempts_left > 0 AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
      AND p.account_id = c.account_id AND p.not_before <= $3 AND p.failures < $4
      AND ${passCounts('$3')}
    RETURNING c.id, c.account_id, a.email, c.attempts_left),
  counted AS (
    UPDATE passes p SET failures = p.failures + 1,
      not_before = $3 + wait_after(p.failures + 1, $5, $6, $7)
    FROM spent WHERE p.account_id = spent.account_id AND p.not_before <= $3 AND p.failures < $4
    RETURNING p.failures, p.hash, p.team_id)
  SELECT * FROM spent, counted`

/** Takes one attempt from the sign-in and one from the pass; null when there is none. */
export async function spendPassAttempt(world: World, tokenHash: Buffer): Promise<PassSpent | null> {
  const { config } = world
  const place: Place = { tokenHash }
  const [row] = await world.sql.query<PassSpent>(spend, [
    ...placed(place),
    world.clock(),
    limits.methodFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
  ])
  return row ?? null
}

/** A pass that can be used, as pages and refusals need it: never what it is. */
export type Pass = {
  readonly expires_at: Date
  readonly failures: number
  readonly not_before: Date
}

const find = `SELECT p.expires_at, p.failures, p.not_before FROM passes p
  WHERE p.account_id = $1 AND ${passCounts('$2')}`

/** The account's one-time pass while it can be used; null when there is none. */
export async function findPass(sql: Sql, accountId: string, now: Date): Promise<Pass | null> {
  const [pass] = await sql.query<Pass>(find, [accountId, now])
  return pass ?? null
}
