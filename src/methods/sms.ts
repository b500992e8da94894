import { refuse } from '../reasons.ts'
import type { Kind } from './method.ts'
import { checkSentCode } from './sent-code.ts'

/** The note about text messages a person accepts before turning them on, by version (SMS-02). */
export const textNotice = {
  version: '2026-11',
  sentences: [
    'Text messages can be intercepted, and a number can be moved to a thief’s SIM card.',
    'When you give a number up, somebody else may get it: turn this off first.',
    'No signal means no code, and your carrier may charge for messages.',
  ],
} as const

/** Codes by text message to the profile's phone, copied when turned on (product.md, Methods 2). */
export const sms: Kind = {
  kind: 'sms',
  title: 'SMS',
  strength: 'restricted',
  rank: 2,
  several: false,
  sends: 'text',
  about: {
    is: 'A code by text message to the mobile number in your profile. It needs signal.',
    know: null,
    notice: textNotice,
  },
  prepare(world, holder, set) {
    if (!world.config.textsPossible) return refuse('texts-not-set-up')
    if (holder.phone === null) return refuse('phone-missing')
    if (!set.noticeAccepted) return refuse('notice-not-accepted')
    return {
      ok: true,
      destination: holder.phone,
      secret: null,
      parameters: {},
      notice_version: textNotice.version,
      shown: {},
    }
  },
  showAgain: null,
  check: checkSentCode,
  bound: null,
}
