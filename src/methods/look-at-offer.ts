import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { mayGivePhone } from './give-phone.ts'
import type { InSetUp } from './give-phone.ts'
import { counting, toOffers } from './offers.ts'
import type { Offer } from './offers.ts'
import { listConfirmed } from './store.ts'

/** One kind before its set-up begins. */
export type Opening = {
  readonly offer: Offer
  readonly suggested_name: string
  /** A stronger kind that could be set up instead; null when none is, or when one is on (SMS-02). */
  readonly stronger: Offer | null
  /** Another phone than the profile's can be given here, because the profile is not open. */
  readonly other_phone: boolean
}

/** What a person should know before starting that kind's set-up. Refused: not-found (no such kind). */
export async function lookAtOffer(
  world: World,
  who: InSetUp,
  input: { kind: string },
): Promise<Outcome<Opening>> {
  const { session } = who
  const methods = counting(session, await listConfirmed(world.sql, session.account_id))
  const offers = toOffers(world, session, methods)
  const at = offers.findIndex((one) => one.kind === input.kind)
  const offer = offers[at]
  if (!offer) return refuse('not-found')
  const before = methods.filter((method) => method.kind === offer.kind).length
  const suggested = before === 0 ? offer.title : `${offer.title} ${before + 1}`
  const isOn = (one: Offer) => methods.some((method) => method.kind === one.kind)
  const stronger = offers.slice(0, at).find((one) => one.why_not === null && !isOn(one))
  const other_phone = offer.sends === 'text' && mayGivePhone(who)
  return done({ offer, suggested_name: suggested, stronger: stronger ?? null, other_phone })
}
