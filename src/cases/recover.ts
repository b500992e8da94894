import { checkNewPassword } from '../accounts/check-new-password.ts'
import { emailKey } from '../accounts/email.ts'
import { charge, clear, giveBack, guessKeys, recordWrongPassword } from '../accounts/guesses.ts'
import { openLink } from '../accounts/open-link.ts'
import type { LinkHolder, LinkNamed } from '../accounts/open-link.ts'
import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import { settle } from '../sign-in/settle.ts'
import type { World } from '../world.ts'
import { findRecovery } from './recover-store.ts'
import type { Recovery } from './recover-store.ts'

/** What the link of an approved case asks for first. */
export type RecoverScreen = {
  readonly link: string
  readonly email: string
  readonly password_lost: boolean
  readonly closes_at: Date
  readonly password_characters_min: number
}

/** The recovery this browser has open. Changes nothing. Refused: recovery-link-over. */
export async function lookAtRecovery(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<RecoverScreen>> {
  const found = await recoveryHere(world, who, input)
  if (!found) return refuse('recovery-link-over')
  const { link, email, password_lost, closes_at } = found
  const { passwordCharactersMin } = world.config
  return done({
    link,
    email,
    password_lost,
    closes_at,
    password_characters_min: passwordCharactersMin,
  })
}

type Begun = Outcome<{ readonly cookies: { readonly session: string; readonly link: null } }>

/**
 * Uses the link up with the password, or with a new one where the approved request says that the old
 * one is lost, and opens a session that is good for the set-up of a method and nothing else (REC-05).
 * The new password takes the old one's place when that method is on. Refused: recovery-link-over,
 * wrong-password (under the limits of the sign-in), as `checkNewPassword`, busy.
 */
export async function recover(
  world: World,
  who: LinkHolder,
  input: LinkNamed & { readonly password: string },
): Promise<Begun> {
  const found = await recoveryHere(world, who, input)
  if (!found) return refuse('recovery-link-over')
  const passwordHash = found.password_lost ? await newHash(world, found, input.password) : null
  if (passwordHash !== null && typeof passwordHash !== 'string') return passwordHash
  const refusal = found.password_lost
    ? null
    : await comparePassword(world, who, found, input.password)
  if (refusal) return refusal
  const about = { account: found.account_id, details: { case: found.case } }
  const opened = await settle(world, who, { by: 'recovery', linkId: found.link, passwordHash }, [
    event(who, world.clock(), 'case.set-up-opened', about),
  ])
  if (!opened) return refuse('recovery-link-over')
  return done({ cookies: { session: opened.token, link: null } })
}

async function recoveryHere(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Recovery | null> {
  const link = await openLink(world, who, 'recover-account', input)
  return link && findRecovery(world.sql, link.id)
}

async function newHash(world: World, found: Recovery, password: string): Promise<string | Refusal> {
  const unfit = checkNewPassword(world, password, [found.email, found.name])
  if (unfit) return unfit
  const hash = await world.passwords.hash(password)
  return hash === 'busy' ? refuse('busy', { seconds: 2 }) : hash
}

/** Null when it is the account's password; the same counts as at the sign-in (LIM-06). */
async function comparePassword(
  world: World,
  who: LinkHolder,
  found: Recovery,
  password: string,
): Promise<Refusal | null> {
  const keys = guessKeys(world, who, emailKey(found.email))
  const tries = await charge(world, keys)
  const charged = tries !== null
  const verdict = await world.passwords.verify(charged ? found.password_hash : null, password)
  const about = { account: found.account_id, actor: null, details: { case: found.case } }
  const now = world.clock()
  if (verdict === 'busy') {
    const busy = JSON.stringify([event(who, now, 'sign-in.busy', about)])
    if (charged) await giveBack(world, keys, busy)
    return refuse('busy', { seconds: 2 })
  }
  if (verdict === 'wrong') {
    await recordWrongPassword(world, keys, tries, event(who, now, 'case.password-wrong', about))
    return refuse('wrong-password')
  }
  await clear(world, keys)
  return null
}
