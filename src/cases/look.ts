import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder } from '../accounts/open-link.ts'
import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { hashToken } from '../crypto/tokens.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { stageOf } from './case.ts'
import type { Case, Stage } from './case.ts'
import { findCase } from './store.ts'

/** The case open in this browser, and where the challenge of its mailed code is. */
export type OpenHere = {
  readonly one: Case
  readonly place: { readonly tokenHash: Buffer; readonly purpose: 'case' }
}

/**
 * The case this browser has open by its link, while it is not over; null for anything else, and when
 * the form was made for another (`link`). Changes nothing. One round trip.
 */
export async function caseHere(
  world: World,
  who: LinkHolder,
  link?: string,
): Promise<OpenHere | null> {
  const id = linkIdOf(world, who, 'recovery-case', { link })
  const tokenHash = hashToken(who.link ?? '')
  if (id === null || tokenHash === null) return null
  const one = await findCase(world.sql, id)
  return one && { one, place: { tokenHash, purpose: 'case' } }
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
  /** How far the mailed code is; null when none was asked for. */
  readonly progress: Progress | null
}

/** What the case open in this browser waits for. Changes nothing. Refused: case-over. */
export async function look(world: World, who: LinkHolder): Promise<Outcome<Screen>> {
  const here = await caseHere(world, who)
  if (!here) return refuse('case-over')
  const { one, place } = here
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
    progress: open && open.attempts_left > 0 ? progressOf(world.config, open, now) : null,
  })
}

/** How far the mail with the present code has come. Refused: case-over. */
export async function lookAtDelivery(world: World, who: LinkHolder): Promise<Outcome<Said>> {
  const here = await caseHere(world, who)
  const open = here && (await findOpen(world.sql, here.place, world.clock()))
  return open ? done(deliverySaid(open)) : refuse('case-over')
}
