import { sentenceOf, spoken } from '../audit/words.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findSupportCase, listHistory } from './store.ts'
import type { HistoryRow, SupportCase } from './store.ts'

/** A case on its page, with what this person of support may do about it. */
export type CaseView = Omit<SupportCase, 'email' | 'phone' | 'first_approver' | 'evidence_by'> & {
  readonly masked: string
  /** The profile's number, masked: what support may hold what it knows against (PRV-02). */
  readonly masked_phone: string | null
  readonly history: readonly (HistoryRow & { readonly words: string })[]
  /** Why this person may not approve it now; null when they may. */
  readonly why_not: Reason | null
  /** It is this person's own account: they may look, and nothing else. */
  readonly own: boolean
}

/** One case: who asks, what is proven, what was done. Refused: not-found. */
export async function lookAtCase(
  world: World,
  who: Member,
  input: { case: string },
): Promise<Outcome<CaseView>> {
  const found = await findSupportCase(world.sql, input.case)
  if (!found) return refuse('not-found')
  const { email, phone, first_approver: _first, evidence_by: _by, ...shown } = found
  const history = await listHistory(world.sql, found.account_id, found.id)
  return done({
    ...shown,
    masked: maskDestination(email),
    masked_phone: phone && maskDestination(phone),
    history: history.map((row) => ({ ...row, words: wordsOf(row.kind, row.actor_name) })),
    why_not: whyNotApprove(found, who.session.account_id, world.clock()),
    own: found.account_id === who.session.account_id,
  })
}

/** The rule that keeps this person from approving the case; the statement decides by the same ones. */
export function whyNotApprove(one: SupportCase, actor: string, now: Date): Reason | null {
  if (one.closed_at !== null || one.approved_at !== null || one.expires_at <= now) {
    return 'case-decided'
  }
  if (one.account_id === actor) return 'own-case'
  if (one.asked_by === actor) return 'asked-by-you'
  if (one.first_approver === actor) return 'approved-by-you'
  if (one.proven_at === null || one.evidence_at === null) return 'proofs-missing'
  return one.email_verified_at === null ? 'address-unconfirmed' : null
}

/** What happened, as support reads it: all of it was about the person the case is for. */
function wordsOf(kind: string, actor: string | null): string {
  const parties = { actor: actor ?? 'The person', account: null }
  return spoken(sentenceOf({ kind, details: {}, method: null, parties }))
}
