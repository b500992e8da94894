import { badge } from '../http/html/badge.ts'
import type { Html } from '../http/html/view.ts'
import type { QueueRow } from './store.ts'

const outcomes: Readonly<Record<string, string>> = {
  completed: 'Completed: a new method is on',
  'signed-in': 'Stopped: the person signed in with the second step',
  'account-changed': 'Stopped: the account changed, or “this was not me” was reported',
  'manages-others': 'Stopped: the account manages others by now, and one person had approved it',
  'stopped-by-mail': 'Stopped by the link in a mail',
  'stopped-in-session': 'Stopped by somebody signed in to the account',
  'stopped-by-support': 'Stopped by support',
  declined: 'Declined by support',
  expired: 'Ended: its time ran out',
}

/** How a case ended. */
export function outcomeInWords(outcome: string | null): string {
  return outcomes[outcome ?? ''] ?? 'Ended'
}

/** Where a case stands, in words. */
export function stageBadge({
  stage,
  link_sent,
  outcome,
}: Pick<QueueRow, 'stage' | 'link_sent' | 'outcome'>): Html {
  if (stage === 'proof') return badge('Person’s proof missing')
  if (stage === 'check') return badge('To check', 'warning', 'warning')
  if (stage === 'second') return badge('Second approval', 'warning', 'users')
  if (stage === 'done') {
    return outcome === 'completed' ? badge('Completed', 'good', 'check') : badge('Ended')
  }
  return link_sent ? badge('Link sent', 'info', 'mail') : badge('Waiting time', 'info', 'clock')
}
