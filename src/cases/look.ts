import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder } from '../accounts/open-link.ts'
import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { hashToken, readLinkToken } from '../crypto/tokens.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { stageOf } from './case.ts'
import type { Case, Stage } from './case.ts'
import { findCase } from './store.ts'

/**
 * The purpose of the token that a browser keeps which asked after a right password. No mail holds it:
 * it shows the case, and stops nothing, or a stolen password alone could keep its owner out for good.
 */
export const askedHere = 'recovery-asked'

/** The case open in this browser, and where the challenge of its mailed code is. */
export type OpenHere = {
  readonly one: Case
  /** Opened by somebody who reads an address of the account. */
  readonly byMail: boolean
  readonly place: { readonly tokenHash: Buffer; readonly purpose: 'case' }
}

/**
 * The case this browser has open by its link, or by having asked for it, while it is not over; null for
 * anything else, and when the form was made for another (`link`). Changes nothing. One round trip.
 */
export async function caseHere(
  world: World,
  who: LinkHolder,
  link?: string,
): Promise<OpenHere | null> {
  const mailed = linkIdOf(world, who, 'recovery-case', { link })
  const id = mailed ?? readLinkToken(world.keys, who.link ?? '', askedHere)
  const tokenHash = hashToken(who.link ?? '')
  if (id === null || tokenHash === null || (link !== undefined && link !== id)) return null
  const one = await findCase(world.sql, id)
  return one && { one, byMail: mailed !== null, place: { tokenHash, purpose: 'case' } }
}

/** A case as its person sees it. */
export type Screen = {
  readonly link: string
  readonly masked: string
  readonly stage: Stage
  readonly asked_at: Date
  readonly password_lost: boolean
  readonly proof: Case['proof']
  /** A code can be mailed: the address was confirmed once. */
  readonly mailbox_counts: boolean
  /** How long the wait after the approval is, in hours. */
  readonly wait_hours: number
  readonly expires_at: Date
  readonly opens_at: Date | null
  readonly closes_at: Date | null
  /** It can be stopped from here. */
  readonly may_stop: boolean
  /** How far the mailed code is; null when none was asked for. */
  readonly progress: Progress | null
}

/** What the case open in this browser waits for. Changes nothing. Refused: case-over. */
export async function look(world: World, who: LinkHolder): Promise<Outcome<Screen>> {
  const here = await caseHere(world, who)
  if (!here) return refuse('case-over')
  const { one, byMail, place } = here
  const now = world.clock()
  const open = one.proof === null ? await findOpen(world.sql, place, now) : null
  const { recoveryWaitHours, recoveryWaitPrivilegedHours } = world.config
  return done({
    link: one.id,
    masked: maskDestination(one.email),
    stage: stageOf(one),
    asked_at: one.asked_at,
    password_lost: one.password_lost,
    proof: one.proof,
    mailbox_counts: one.email_verified_at !== null,
    wait_hours: one.strict ? recoveryWaitPrivilegedHours : recoveryWaitHours,
    expires_at: one.expires_at,
    opens_at: one.opens_at,
    closes_at: one.closes_at,
    may_stop: byMail,
    progress: open && open.attempts_left > 0 ? progressOf(world.config, open, now) : null,
  })
}

/** How far the mail with the present code has come. Refused: case-over. */
export async function lookAtDelivery(world: World, who: LinkHolder): Promise<Outcome<Said>> {
  const here = await caseHere(world, who)
  const open = here && (await findOpen(world.sql, here.place, world.clock()))
  return open ? done(deliverySaid(open)) : refuse('case-over')
}
