import { refuse } from '../reasons.ts'
import type { Kind } from './method.ts'
import { checkSentCode } from './sent-code.ts'

/** Codes by mail to the account's verified address: the weakest choice (EML-01). */
export const email: Kind = {
  kind: 'email',
  title: 'Email',
  strength: 'weakest',
  rank: 1,
  several: false,
  sends: 'mail',
  about: {
    is: 'A code by mail to your email address.',
    know: 'This is the weakest choice: whoever can read your mail can also read your codes. Choose it only where you cannot use an app or text messages.',
    notice: null,
  },
  prepare(_world, holder) {
    if (holder.email_verified_at === null) return refuse('email-unverified')
    const { email: destination } = holder
    return { ok: true, destination, secret: null, parameters: {}, notice_version: null, shown: {} }
  },
  showAgain: null,
  check: checkSentCode,
  bound: null,
}
