import { clearGuess } from '../accounts/guesses.ts'
import type { GuessKeys } from '../accounts/guesses.ts'
import { inSession } from '../audit/event.ts'
import type { Event } from '../audit/event.ts'
import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { newToken } from '../crypto/tokens.ts'
import { inCompany } from '../database/company.ts'
import { tell } from '../delivery/outbox.ts'
import { passCounts } from '../passes/store.ts'
import { approvedByEnough } from '../policy/store.ts'
import { insertDevice } from '../trusted-devices/store.ts'
import type { Caller, World } from '../world.ts'
import type { Proof } from './proof.ts'

export type Opened = {
  readonly token: string
  readonly generation: number | null
  /** Whether the device is trusted now: not where a team forbids it (TD-08). */
  readonly remembered: boolean
}

/**
 * The only place that creates a session (FLOW-08). One statement takes the proof, ends the pending
 * sign-in, opens the session, makes the device trusted if asked, and writes events and messages; it
 * gives null, having changed nothing that could let anybody in, when the proof was spent, the
 * sign-in ended or the account changed in the meantime. Decides the race of one right code sent
 * many times: the first deletes the challenge, the others find it gone (CODE-03, TOTP-04, RC-04).
 * Locks account, then challenge, then method.
 */
export async function settle(
  world: World,
  caller: Caller,
  proof: Proof,
  events: readonly Event[],
): Promise<Opened | null> {
  const { token, hash } = newToken(world.random)
  const now = world.clock()
  const [row] = await world.sql.query<Omit<Opened, 'token'>>(inCompany(statementFor(proof)), [
    now,
    newId(now, world.random),
    hash,
    new Date(now.getTime() + world.config.sessionLifetimeHours * 3_600_000),
    caller.source,
    caller.browser,
    JSON.stringify(inSession(events, hash)),
    ...particulars(world, proof, now, hash),
  ])
  return row ? { token, ...row } : null
}

function statementFor(proof: Proof): string {
  if (proof.by === 'code') return proof.remember ? byCodeAndRemember : byCode
  return statements[proof.by]
}

function particulars(world: World, proof: Proof, now: Date, hash: Buffer): unknown[] {
  switch (proof.by) {
    case 'code': {
      const { challengeId, seed, methodId, step, kind, remember } = proof
      const until = new Date(now.getTime() + limits.trustLifetimeDays * 86_400_000)
      const code = [challengeId, seed, methodId, step, kind]
      if (!remember) return code
      const { id, messages, events } = remember
      return [...code, id, until, JSON.stringify(messages), JSON.stringify(inSession(events, hash))]
    }
    case 'recovery-code':
    case 'pass':
      return [proof.challengeId, proof.hash, JSON.stringify(proof.messages)]
    case 'trusted-device':
      return [
        ...guessParameters(world, proof.guess),
        proof.accountId,
        proof.epoch,
        proof.deviceId,
        proof.generation,
        limits.previousTrustTokenSeconds,
      ]
    case 'password':
      return [...guessParameters(world, proof.guess), proof.accountId, proof.epoch]
    case 'recovery': {
      const until = new Date(now.getTime() + limits.recoverSessionMinutes * 60_000)
      return [proof.linkId, until, proof.passwordHash]
    }
  }
}

function guessParameters(world: World, guess: GuessKeys): unknown[] {
  return [guess.pair, guess.account, guess.source, world.config.sourceGuessRefillSeconds]
}

/** From `proven` (id, epoch, password_at, …) to the session. */
const opened = `
  opened AS (
    INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
      password_at, second_step_at, second_step_kind, second_step_method, trusted_device_id,
      source, browser)
    SELECT $2, $3, p.id, p.epoch, $1, $1, $4, p.password_at, p.second_step_at, p.second_step_kind,
      p.second_step_method, p.trusted_device_id, $5, $6 FROM proven p RETURNING id)`

/** The same, and to the log. */
const session = `${opened}, logged AS (${insertEvents('$7', 'opened')})`

const result = 'SELECT proven.generation, false AS remembered FROM proven, opened'

/* A sign-in with the second step ends a recovery that somebody asked for (REC-01). */
const stopping = `(SELECT stop_case(k.id, 'signed-in', $1, proven.id, NULL, $5, $6,
    $7::jsonb -> 0 ->> 'request_id', $7::jsonb -> 0 ->> 'session_hash')
  FROM cases k WHERE k.account_id = proven.id AND k.closed_at IS NULL) AS stopped`

const resultWithSecondStep = `
  SELECT proven.generation, false AS remembered, ${stopping} FROM proven, opened`

/** `gone`: the pending sign-in, taken once, if its account is still as it was (FLOW-05). */
const takeSignIn = (where: string) => `
  admitted AS (
    UPDATE accounts a SET last_sign_in_at = $1 FROM challenges c
    WHERE c.id = $8 AND c.purpose = 'sign-in' AND c.expires_at > $1 ${where}
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
    RETURNING a.id, a.epoch, c.created_at),
  gone AS (DELETE FROM challenges c USING admitted a
    WHERE c.id = $8 AND c.expires_at > $1 ${where}
    RETURNING a.id, a.epoch, a.created_at)`

const provenByCode = `
  ${takeSignIn('AND c.seed = $9 AND c.method_id = $10')},
  proven AS (
    UPDATE methods m SET failures = 0, not_before = 'epoch', last_used_at = $1,
      last_step = coalesce($11::bigint, m.last_step)
    FROM gone g WHERE m.id = $10 AND m.account_id = g.id AND m.confirmed_at IS NOT NULL
      AND ($11::bigint IS NULL OR m.last_step IS NULL OR m.last_step < $11)
    RETURNING g.id, g.epoch, g.created_at AS password_at, $1::timestamptz AS second_step_at,
      $12::text AS second_step_kind, m.id AS second_step_method, NULL::uuid AS trusted_device_id,
      NULL::integer AS generation)`

const byCode = `WITH ${provenByCode}, ${session} ${resultWithSecondStep}`

const device = { id: '$13', now: '$1', until: '$14', source: '$5', browser: '$6' }

/* What is logged of the device comes after the sign-in itself, in one insertion. */
const eventsAndDevice = `(CASE WHEN EXISTS (SELECT FROM remembered) THEN $7::jsonb || $16::jsonb
  ELSE $7::jsonb END)`

const byCodeAndRemember = `
  WITH ${provenByCode}, ${opened},
    allowing AS (SELECT id, epoch FROM proven p WHERE NOT EXISTS (SELECT FROM memberships m
      JOIN policies y ON y.team_id = m.team_id WHERE m.account_id = p.id AND y.trust_days = 0)),
    remembered AS (${insertDevice(device, 'allowing')} RETURNING id),
    logged AS (${insertEvents(eventsAndDevice, 'opened')}),
    ${tell('$15', 'remembered')}
  SELECT proven.generation, EXISTS (SELECT FROM remembered) AS remembered, ${stopping}
  FROM proven, opened`

const byRecoveryCode = `
  WITH ${takeSignIn('')},
  used AS (UPDATE recovery_codes k SET used_at = $1 FROM gone g
    WHERE k.account_id = g.id AND k.hash = $9 AND k.used_at IS NULL
    RETURNING g.id, g.epoch, g.created_at),
  proven AS (
    UPDATE recovery_sets r SET codes_left = r.codes_left - 1, failures = 0, not_before = 'epoch'
    FROM used u WHERE r.account_id = u.id
    RETURNING u.id, u.epoch, u.created_at AS password_at, $1::timestamptz AS second_step_at,
      'recovery-code'::text AS second_step_kind, NULL::uuid AS second_step_method,
      NULL::uuid AS trusted_device_id, NULL::integer AS generation),
  untrusted AS (DELETE FROM trusted_devices d USING proven p WHERE d.account_id = p.id),
  ${session}, ${tell('$10', 'opened')}
  ${resultWithSecondStep}`

const byPass = `
  WITH ${takeSignIn('')},
  proven AS (DELETE FROM passes p USING gone g
    WHERE p.account_id = g.id AND p.hash = $9 AND ${passCounts('$1')}
    RETURNING g.id, g.epoch, g.created_at AS password_at, $1::timestamptz AS second_step_at,
      'one-time-pass'::text AS second_step_kind, NULL::uuid AS second_step_method,
      NULL::uuid AS trusted_device_id, NULL::integer AS generation),
  untrusted AS (DELETE FROM trusted_devices d USING proven p WHERE d.account_id = p.id),
  ${session}, ${tell('$10', 'opened')}
  ${resultWithSecondStep}`

const admitAccount = `
  ${clearGuess('$8', '$9', '$10', '$11')},
  admitted AS (UPDATE accounts SET last_sign_in_at = $1
    WHERE id = $12 AND epoch = $13 AND disabled_at IS NULL RETURNING id, epoch)`

const byDevice = `
  WITH ${admitAccount},
  proven AS (
    UPDATE trusted_devices d SET last_used_at = $1,
      generation = d.generation + (d.generation = $15)::int,
      rotated_at = CASE d.generation WHEN $15 THEN $1 ELSE d.rotated_at END
    FROM admitted a WHERE d.id = $14 AND d.account_id = a.id AND d.epoch = a.epoch
      AND d.expires_at > $1 AND (d.generation = $15 OR (d.generation = $15 + 1
        AND d.rotated_at > $1 - make_interval(secs => $16::int)))
    RETURNING a.id, a.epoch, $1::timestamptz AS password_at, NULL::timestamptz AS second_step_at,
      NULL::text AS second_step_kind, NULL::uuid AS second_step_method,
      d.id AS trusted_device_id, d.generation),
  ${session} ${result}`

const byPassword = `
  WITH ${admitAccount},
  proven AS (SELECT id, epoch, $1::timestamptz AS password_at,
    NULL::timestamptz AS second_step_at, NULL::text AS second_step_kind,
    NULL::uuid AS second_step_method, NULL::uuid AS trusted_device_id, NULL::integer AS generation
    FROM admitted),
  ${session} ${result}`

/*
 * Account, then case, then its link: of many posts of one link, or of one that is stopped at this
 * moment, one finds all three as they must be (REC-05). The case keeps the new password meanwhile,
 * and stays open as long as the session it opens.
 */
const byRecovery = `
  WITH admitted AS (
    SELECT a.id, a.epoch FROM links l JOIN accounts a ON a.id = l.account_id AND a.epoch = l.epoch
    WHERE l.id = $8 AND l.purpose = 'recover-account' AND a.email = l.email
      AND a.disabled_at IS NULL FOR NO KEY UPDATE OF a),
  held AS (
    SELECT k.id, a.id AS account_id, a.epoch FROM cases k JOIN admitted a ON a.id = k.account_id
    WHERE k.link_id = $8 AND k.closed_at IS NULL AND k.opens_at <= $1 AND ${approvedByEnough}
      AND ($10::text IS NULL OR k.password_lost) FOR UPDATE OF k),
  used AS (
    UPDATE links l SET used_at = $1 FROM held
    WHERE l.id = $8 AND l.used_at IS NULL AND l.expires_at > $1
    RETURNING held.id, held.account_id, held.epoch),
  proven AS (
    UPDATE cases k SET opened_at = $1, closes_at = greatest(k.closes_at, $9), password_hash = $10
    FROM used u WHERE k.id = u.id
    RETURNING u.account_id AS id, u.epoch, k.id AS recovery_case, NULL::integer AS generation),
  opened AS (
    INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
      password_at, source, browser, recovery_case)
    SELECT $2, $3, p.id, p.epoch, $1, $1, least($4::timestamptz, $9::timestamptz), $1, $5, $6, p.recovery_case
    FROM proven p RETURNING id),
  logged AS (${insertEvents('$7', 'opened')})
  ${result}`

const statements = {
  'recovery-code': byRecoveryCode,
  pass: byPass,
  'trusted-device': byDevice,
  password: byPassword,
  recovery: byRecovery,
} as const
