import { limits } from '../config.ts'
import { deriveCode } from '../crypto/codes.ts'
import type { Keys } from '../crypto/keys.ts'
import { linkToken } from '../crypto/tokens.ts'
import type { LinkPurpose } from './links.ts'
import { letters } from './messages.ts'
import type { Ready } from './messages.ts'
import type { Template } from './outbox.ts'
import type { Claimed } from './store.ts'

/** Why a message must not go out any more. */
export type Unsendable = 'stale' | 'expired' | 'unknown-template'

/**
 * Makes a claimed message ready: its code or link is derived now, for the first time outside the
 * answering of it (CODE-05). Refused: a code whose challenge is over or goes elsewhere by now, a
 * link that was used, a reminder of what is done by now, whatever is past its time. A notice goes out without a link that is over.
 */
export function makeReady(row: Claimed, keys: Keys, now: Date): Ready | Unsendable {
  if (!Object.hasOwn(letters, row.template)) return 'unknown-template'
  if (endOf(row) <= now) return 'expired'
  if (row.template === 'reminder' && !row.reminder_wanted) return 'stale'
  const code = row.template === 'code' ? presentCode(row, keys, now) : null
  if (code === 'stale') return 'stale'
  const token = liveToken(row, keys, now)
  return needsLink.includes(row.template) && token === null ? 'stale' : { ...row, code, token }
}

/** What is of no use without its link. */
const needsLink: readonly Template[] = [
  'sign-up',
  'verify-email',
  'reset-password',
  'change-email',
  'notify-email',
  'invitation',
  'recover-account',
]

/** When a message stops being worth a try: a code's life runs from its first sending (CODE-04). */
export function endOf(row: Claimed): Date {
  const sent = row.challenge_sent_at
  const ends = [
    row.expires_at,
    ...(row.challenge_expires_at ? [row.challenge_expires_at] : []),
    ...(sent ? [new Date(sent.getTime() + limits.codeLifetimeSeconds * 1000)] : []),
  ]
  return new Date(Math.min(...ends.map(Number)))
}

/* Minutes are rounded down, with some seconds' grace so that a fresh code says ten. */
const graceSeconds = 10

function presentCode(row: Claimed, keys: Keys, now: Date): Exclude<Ready['code'], null> | 'stale' {
  const { challenge_seed: seed, challenge_method_id: methodId, challenge_purpose: purpose } = row
  if (seed === null || methodId === null || purpose === null) return 'stale'
  if (row.challenge_destination !== row.destination) return 'stale'
  if ((row.challenge_attempts_left ?? 0) <= 0) return 'stale'
  const secondsLeft = (endOf(row).getTime() - now.getTime()) / 1000
  return {
    digits: deriveCode(keys, { seed, methodId, destination: row.destination, purpose }),
    minutes: Math.max(1, Math.floor((secondsLeft + graceSeconds) / 60)),
  }
}

/** The purpose of the link a template carries. */
const linkPurposes: Readonly<Record<Template, LinkPurpose | null>> = {
  code: null,
  'sign-up': 'sign-up',
  'sign-up-existing': null,
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
  'change-email': 'change-email',
  'notify-email': 'notify-email',
  invitation: 'invitation',
  'recovery-case': 'recovery-case',
  'recover-account': 'recover-account',
  notice: 'not-me',
  announcement: null,
  reminder: null,
  'policy-changed': null,
}

function liveToken(row: Claimed, keys: Keys, now: Date): string | null {
  const purpose = linkPurposes[row.template]
  if (row.link_id === null || purpose === null || row.link_purpose !== purpose) return null
  if (row.link_used_at !== null || row.link_expires_at === null) return null
  return row.link_expires_at > now ? linkToken(keys, row.link_id, purpose) : null
}
