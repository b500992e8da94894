import type { Config } from '../config.ts'
import { caseLetter, recoverLetter } from './cases.ts'
import { codeLetter } from './codes.ts'
import { existingAccountLetter, linkLetter } from './links.ts'
import { invitationLetter } from './invitation.ts'
import { noticeLetter } from './notices.ts'
import type { Template } from './outbox.ts'
import type { Letter } from './port.ts'
import { announcementLetter, policyChangedLetter, reminderLetter } from './team-letters.ts'

/** A message with what was derived for it at the moment of sending. */
export type Ready = {
  readonly id: string
  readonly channel: Letter['channel']
  readonly template: Template
  readonly destination: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly created_at: Date
  /** The verification code and the whole minutes it still lives. */
  readonly code: { readonly digits: string; readonly minutes: number } | null
  /** The token of the link, null when there is none or it is over. */
  readonly token: string | null
}

/** What each template says: the whole list of what we send. */
export const letters: Readonly<Record<Template, (ready: Ready, config: Config) => Letter>> = {
  code: codeLetter,
  'sign-up': linkLetter,
  'sign-up-existing': existingAccountLetter,
  'verify-email': linkLetter,
  'reset-password': linkLetter,
  'change-email': linkLetter,
  'notify-email': linkLetter,
  invitation: invitationLetter,
  'recovery-case': caseLetter,
  'recover-account': recoverLetter,
  notice: noticeLetter,
  announcement: announcementLetter,
  reminder: reminderLetter,
  'policy-changed': policyChangedLetter,
}

/** The letter of a message. */
export function letterOf(ready: Ready, config: Config): Letter {
  return letters[ready.template](ready, config)
}
