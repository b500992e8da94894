import type { Reason, Refusal } from '../../reasons.ts'
import { sentenceOf } from './words.ts'
import type { View } from './view.ts'

/** What the browser may fill in by itself: the tokens of the HTML standard used here. */
export type Autocomplete =
  | 'username'
  | 'email'
  | 'current-password'
  | 'new-password'
  | 'one-time-code'
  | 'name'
  | 'tel'
  | 'organization'
  | 'off'

/** A box to tick, which no browser fills in. */
type FieldKind = Autocomplete | 'tick'

/* A refusal without named fields still belongs to one kind of field (A11Y-05). */
const concerns: Readonly<Partial<Record<Reason, readonly FieldKind[]>>> = {
  'wrong-email-or-password': ['username', 'current-password'],
  'wrong-password': ['current-password'],
  'wrong-code': ['one-time-code'],
  'wrong-mailed-code': ['one-time-code'],
  'code-expired': ['one-time-code'],
  'code-used': ['one-time-code'],
  'wrong-recovery-code': ['one-time-code', 'off'],
  'wrong-one-time-pass': ['one-time-code', 'off'],
  'no-one-time-pass': ['one-time-code', 'off'],
  'password-too-short': ['new-password'],
  'password-too-long': ['new-password'],
  'password-too-common': ['new-password'],
  'password-too-personal': ['new-password'],
  'not-an-email': ['email', 'username'],
  'same-email': ['email'],
  'no-room-for-address': ['email'],
  'not-a-phone': ['tel'],
  'phone-not-mobile': ['tel'],
  'notice-not-accepted': ['tick'],
  'addresses-not-right': ['off'],
  'too-many-addresses': ['off'],
}

/** The id of the page's error summary, which fields point to. */
export const summaryId = 'refusal'

/** How a field stands: its own sentence, if it has one, and the ids that describe it. */
export type Standing = {
  readonly invalid: boolean
  readonly sentence: string | null
  readonly describedBy: string
}

/** Finds out whether the last POST was refused because of this field, and by which sentence. */
export function standing(
  view: View,
  field: {
    readonly id: string
    readonly name: string
    readonly autocomplete: FieldKind
    readonly hint: boolean
  },
): Standing {
  const own = view.refusal?.fields?.[field.name]
  const meant = own === undefined && concernsField(view.refusal, field.autocomplete)
  const ids = [
    field.hint && `${field.id}-hint`,
    own && `${field.id}-error`,
    meant && summaryId,
  ].filter(Boolean)
  return {
    invalid: own !== undefined || meant,
    sentence: own === undefined ? null : sentenceOf(own, view.refusal?.details),
    describedBy: ids.join(' '),
  }
}

function concernsField(refusal: Refusal | null, autocomplete: FieldKind): boolean {
  if (refusal === null || refusal.fields !== undefined) return false
  return concerns[refusal.reason]?.includes(autocomplete) ?? false
}
