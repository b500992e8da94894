import { maskDestination } from '../delivery/mask.ts'
import type { Membership } from '../policy/policy.ts'
import type { Session } from '../sessions/session.ts'
import { knownKind } from './index.ts'
import type { Method } from './method.ts'
import { keptBy } from './required-by.ts'

/** Texts go to another number than the profile's; both masked (A9). */
export type OtherNumber = {
  readonly method: string
  readonly from: string
  /** The profile's; null when it was removed there. */
  readonly to: string | null
  /** The teams for which SMS is the last method that counts; null when it may be turned off. */
  readonly kept_by: string | null
}

/**
 * After the profile's phone was changed or removed, texts keep going to the number they were turned
 * on with (product.md, Methods 3). Null while both are the same, or SMS is off.
 */
export function otherNumber(
  { phone }: Pick<Session, 'phone'>,
  methods: readonly Method[],
  asking: readonly Membership[],
): OtherNumber | null {
  const text = methods.find(({ kind }) => knownKind(kind).sends === 'text')
  if (!text?.destination || phone === text.destination) return null
  return {
    method: text.id,
    from: maskDestination(text.destination),
    to: phone && maskDestination(phone),
    kept_by: keptBy(asking, methods, text),
  }
}
