import { emailKey } from '../accounts/email.ts'
import { findOpen } from '../challenges/store.ts'
import { linkToken } from '../crypto/tokens.ts'
import { openReset } from '../passwords/open-reset.ts'
import type { Resetter } from '../passwords/open-reset.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Visitor } from '../sign-in/visitor.ts'
import type { World } from '../world.ts'
import { askedHere } from './look.ts'
import { openCase } from './open-case.ts'
import type { Asked } from './open-case.ts'

type Door = Visitor & Resetter

/** Who is about to ask, as the page names them. */
export type Asker = { readonly email: string }

type Holder = { readonly accountId: string; readonly email: string }
type Entered = Outcome<{ readonly cookies: { readonly link: string } }>

/** The form to ask from a sign-in whose second step can't be passed. Refused: sign-in-over. */
export async function lookAtSignIn(world: World, who: Door): Promise<Outcome<Asker>> {
  const holder = await holderOfSignIn(world, who)
  return holder ? done({ email: holder.email }) : refuse('sign-in-over')
}

/** The same from a password reset that lacks its second step. Refused: reset-over. */
export async function lookAtReset(world: World, who: Door): Promise<Outcome<Asker>> {
  const reset = await openReset(world, who)
  return reset ? done({ email: reset.email }) : refuse('reset-over')
}

/**
 * Asks from a pending sign-in: the password was right a moment ago, which is the person's own proof
 * (REC-02). This browser sees the case, and can't stop it. Refused: sign-in-over, not-enrolled,
 * wait-for-link.
 */
export async function askAtSignIn(
  world: World,
  who: Door,
  input: { contact: string },
): Promise<Entered> {
  const holder = await holderOfSignIn(world, who)
  if (!holder) return refuse('sign-in-over')
  const asked = {
    contact: input.contact,
    passwordLost: false,
    proof: 'password',
    way: 'sign-in',
  } as const
  return enter(world, who, holder, asked)
}

/** Asks from a reset: the password is lost, too, and still to be proven who asks. Refused: reset-over,
 * not-enrolled, wait-for-link. */
export async function askAtReset(
  world: World,
  who: Door,
  input: { contact: string },
): Promise<Entered> {
  const reset = await openReset(world, who)
  if (!reset) return refuse('reset-over')
  const holder = { accountId: reset.account_id, email: reset.email }
  const asked = { contact: input.contact, passwordLost: true, proof: null, way: 'reset' } as const
  return enter(world, who, holder, asked)
}

async function holderOfSignIn(world: World, { signIn }: Door): Promise<Holder | null> {
  if (!signIn) return null
  const pending = await findOpen(world.sql, { tokenHash: signIn }, world.clock())
  if (!pending || pending.attempts_left <= 0) return null
  return { accountId: pending.account_id, email: pending.email }
}

async function enter(
  world: World,
  who: Door,
  { accountId, email }: Holder,
  asked: Pick<Asked, 'contact' | 'passwordLost' | 'proof' | 'way'>,
): Promise<Entered> {
  const limit = { label: 'case-account', key: emailKey(email) } as const
  const came = await openCase(world, who, { ...asked, accountId, askedBy: null, limit })
  if ('limited' in came) return refuse('wait-for-link', { seconds: came.limited.waitSeconds })
  if (came.opened === null) return refuse('not-enrolled')
  const purpose = asked.way === 'sign-in' ? askedHere : 'recovery-case'
  return done({ cookies: { link: linkToken(world.keys, came.opened.id, purpose) } })
}
