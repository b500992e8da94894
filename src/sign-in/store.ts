import { chargeGuess, chargeParameters, clearGuess } from '../accounts/guesses.ts'
import type { GuessKeys } from '../accounts/guesses.ts'
import { insertEvents } from '../audit/store.ts'
import { inCompany } from '../database/company.ts'
import type { Sql } from '../database/port.ts'
import type { Membership } from '../policy/policy.ts'
import { readTeams, teamsOf } from '../policy/store.ts'
import type { RawTeams } from '../policy/store.ts'
import type { Known } from '../trusted-devices/recognise.ts'
import type { World } from '../world.ts'

/** What the password step reads: the account behind the identifier, if any, and its means. */
export type Candidate = {
  readonly charged: boolean
  /** Which try in a row this is at the account's password; null when it was refused. */
  readonly tries: number | null
  readonly id: string | null
  readonly email: string
  readonly name: string
  readonly password_hash: string | null
  readonly epoch: number
  readonly disabled_at: Date | null
  readonly methods: readonly MethodFact[] | null
  readonly devices: readonly Known[] | null
  /** The account's teams, with what they require. */
  readonly teams: readonly Membership[]
}

export type MethodFact = {
  readonly id: string
  readonly kind: string
  readonly destination: string | null
  readonly last_used_at: string | null
  readonly failures: number
}

const chargeAndLook = `
  WITH ${chargeGuess}
  SELECT EXISTS (SELECT FROM charged) AS charged, (SELECT count FROM charged) AS tries, a.id, a.email, a.name, a.password_hash,
    a.epoch, a.disabled_at,
    (SELECT json_agg(json_build_object('id', m.id, 'kind', m.kind, 'destination', m.destination,
        'last_used_at', m.last_used_at, 'failures', m.failures))
      FROM methods m WHERE m.account_id = a.id AND m.confirmed_at IS NOT NULL) AS methods,
    (SELECT json_agg(json_build_object('id', d.id, 'generation', d.generation,
        'rotated_at', d.rotated_at, 'created_at', d.created_at))
      FROM trusted_devices d WHERE d.id = ANY($12::uuid[]) AND d.account_id = a.id
        AND d.epoch = a.epoch AND d.expires_at > $4) AS devices,
    ${teamsOf('a.id')} AS teams
  FROM (SELECT) AS always LEFT JOIN accounts a ON a.email_key = $11`

/** Charges the try and reads what decides it, in one round trip, alike for known and unknown. */
export async function chargeAndLookUp(
  world: World,
  keys: GuessKeys,
  deviceIds: readonly string[],
): Promise<Candidate> {
  const [row] = await world.sql.query<RawCandidate>(inCompany(chargeAndLook), [
    ...chargeParameters(world.config, keys, world.clock()),
    deviceIds,
  ])
  if (!row) throw new Error('the password step gave no row')
  return { ...row, teams: readTeams(row.teams) }
}

type RawCandidate = Omit<Candidate, 'teams'> & { readonly teams: RawTeams }

export type NewSignIn = {
  readonly id: string
  readonly tokenHash: Buffer
  readonly accountId: string
  readonly epoch: number
  readonly methodId: string | null
  readonly destination: string | null
  readonly seed: Buffer
  readonly attempts: number
  readonly now: Date
  readonly expiresAt: Date
  readonly returnTo: string | null
  readonly source: string
  readonly browser: string
}

const open = `
  WITH ${clearGuess('$1', '$2', '$3', '$4')},
  opened AS (
    INSERT INTO challenges (id, purpose, token_hash, account_id, epoch, method_id, destination, seed,
      attempts_left, created_at, expires_at, return_to, source, browser)
    SELECT $5, 'sign-in', $6, a.id, a.epoch, $9, $10, $11, $12, $13, $14, $15, $16, $17
    FROM accounts a WHERE a.id = $7 AND a.epoch = $8 AND a.disabled_at IS NULL RETURNING id),
  logged AS (${insertEvents('$18', 'opened')})
  SELECT id FROM opened`

/** Opens the pending sign-in. False when the account changed since it was read. One round trip. */
export async function openSignIn(
  world: World,
  keys: GuessKeys,
  signIn: NewSignIn,
  events: string,
): Promise<boolean> {
  const s = signIn
  const rows = await world.sql.query(inCompany(open), [
    keys.pair,
    keys.account,
    keys.source,
    world.config.sourceGuessRefillSeconds,
    s.id,
    s.tokenHash,
    s.accountId,
    s.epoch,
    s.methodId,
    s.destination,
    s.seed,
    s.attempts,
    s.now,
    s.expiresAt,
    s.returnTo,
    s.source,
    s.browser,
    events,
  ])
  return rows.length > 0
}

const close = `
  WITH gone AS (UPDATE challenges SET expires_at = $2
    WHERE token_hash = $1 AND purpose = 'sign-in' AND expires_at > $2 RETURNING account_id),
  whose AS (SELECT jsonb_agg(e || jsonb_build_object('account_id', account_id,
    'actor_id', account_id)) AS events FROM gone, jsonb_array_elements($3::jsonb) AS e),
  logged AS (${insertEvents('(SELECT events FROM whose)', 'gone')})
  SELECT account_id FROM gone`

/**
 * Ends the pending sign-in at the person's wish: it expires now. Its row stays for the review of
 * unfinished ones (NTF-04); its events become its account's. False when there was none.
 */
export async function closeSignIn(
  sql: Sql,
  tokenHash: Buffer,
  now: Date,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(close, [tokenHash, now, events])
  return rows.length > 0
}

/** Stores a stronger hash of the password just given, unless it was changed meanwhile (PW-04). */
export async function replaceHash(
  sql: Sql,
  accountId: string,
  before: string,
  after: string,
): Promise<void> {
  await sql.query('UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
    accountId,
    before,
    after,
  ])
}
