import { insertEvents } from '../audit/store.ts'
import { maySupport, privileged } from '../cases/store.ts'
import type { Sql } from '../database/port.ts'

/** Whoever of support acts on a case, as their session was read. */
export type Decider = { readonly accountId: string; readonly epoch: number }

const mayDecide = maySupport('$2', '$3')

const note = `
  WITH noted AS (
    UPDATE cases k SET evidence = $5, evidence_note = $6, evidence_by = $2, evidence_at = $4
    WHERE k.id = $1 AND k.closed_at IS NULL AND k.first_approver IS NULL AND k.account_id <> $2
      AND ${mayDecide} RETURNING k.id),
  logged AS (${insertEvents('$7', 'noted')})
  SELECT id FROM noted`

/** Notes how support checked who asks; not once somebody has approved it. False when that is so. */
export async function noteEvidence(
  sql: Sql,
  caseId: string,
  { accountId, epoch }: Decider,
  evidence: { readonly kind: string; readonly note: string; readonly now: Date },
  events: string,
): Promise<boolean> {
  const { kind, note: words, now } = evidence
  const rows = await sql.query(note, [caseId, accountId, epoch, now, kind, words, events])
  return rows.length > 0
}

/* An approval counts as long as who gave it is of support. */
const firstCounts = `EXISTS (SELECT FROM accounts f WHERE f.id = k.first_approver
  AND f.support_since IS NOT NULL AND f.disabled_at IS NULL)`

const enough = `(${firstCounts} OR NOT (k.strict OR ${privileged}))`

/*
 * Decides it all at once: both proofs, who may not approve, how many have to, and the wait. Of two
 * people at the same moment each waits for the case's row, and the second counts as the second; of one
 * person twice, the second time is refused (REC-02, REC-03). What stops the case waits for it, too.
 */
const approval = `
  WITH decided AS (
    UPDATE cases k SET
      first_approver = CASE WHEN ${firstCounts} THEN k.first_approver ELSE $2::uuid END,
      first_approved_at = CASE WHEN ${firstCounts} THEN k.first_approved_at ELSE $4::timestamptz END,
      second_approver = CASE WHEN ${firstCounts} THEN $2::uuid END,
      strict = k.strict OR ${privileged},
      approved_at = CASE WHEN ${enough} THEN $4::timestamptz END,
      opens_at = CASE WHEN ${enough}
        THEN $4::timestamptz + make_interval(hours =>
          CASE WHEN k.strict OR ${privileged} THEN $6::int ELSE $5::int END) END
    FROM accounts a
    WHERE k.id = $1 AND k.closed_at IS NULL AND k.approved_at IS NULL AND k.expires_at > $4
      AND k.proven_at IS NOT NULL AND k.evidence_at IS NOT NULL
      AND k.account_id <> $2 AND k.asked_by IS DISTINCT FROM $2
      AND k.first_approver IS DISTINCT FROM $2
      AND a.id = k.account_id AND a.disabled_at IS NULL AND a.email_verified_at IS NOT NULL
      AND ${mayDecide}
    RETURNING k.id, k.account_id, k.approved_at, k.opens_at),
  whole AS (SELECT * FROM decided WHERE approved_at IS NOT NULL),
  half AS (SELECT * FROM decided WHERE approved_at IS NULL),
  logged AS (${insertEvents('$7', 'whole')}),
  logged_half AS (${insertEvents('$8', 'half')})
  SELECT id, approved_at IS NOT NULL AS whole, opens_at, CASE WHEN approved_at IS NOT NULL
    THEN tell_case(id, account_id, 'approved', $4, jsonb_build_object('opens', opens_at)) END
  FROM decided`

export type Approved = {
  readonly whole: boolean
  readonly opens_at: Date | null
}

/** Approves a case, wholly or as the first of two; null when any rule forbids it. One round trip. */
export async function approveCase(
  sql: Sql,
  caseId: string,
  { accountId, epoch }: Decider,
  at: { readonly now: Date; readonly waitHours: number; readonly longWaitHours: number },
  events: { readonly whole: string; readonly half: string },
): Promise<Approved | null> {
  const { now, waitHours, longWaitHours } = at
  const [decided] = await sql.query<Approved>(approval, [
    caseId,
    accountId,
    epoch,
    now,
    waitHours,
    longWaitHours,
    events.whole,
    events.half,
  ])
  return decided ?? null
}
