/** A request to get back in by support's help, as it is stored. No secret is in it. */
export type Case = {
  readonly id: string
  readonly account_id: string
  readonly email: string
  readonly email_verified_at: Date | null
  readonly asked_at: Date
  readonly password_lost: boolean
  /** The account manages others: two approvers, the longer wait (REC-03, REC-04). */
  readonly strict: boolean
  readonly expires_at: Date
  readonly proof: 'password' | 'mailbox' | null
  readonly proven_at: Date | null
  readonly approved_at: Date | null
  /** When the wait is over. */
  readonly opens_at: Date | null
  /** Whether the link to the set-up was made and mailed. */
  readonly link_sent: boolean
  readonly closes_at: Date | null
  readonly opened_at: Date | null
}

/** What an open case waits for, as its person sees it. */
export type Stage = 'proof' | 'support' | 'waiting' | 'link-sent' | 'set-up'

/** What is next, derived from what is stored; nothing stores the answer. */
export function stageOf(one: Case): Stage {
  if (one.opened_at !== null) return 'set-up'
  if (one.link_sent) return 'link-sent'
  if (one.approved_at !== null) return 'waiting'
  return one.proven_at === null ? 'proof' : 'support'
}
