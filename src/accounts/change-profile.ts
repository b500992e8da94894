import { event } from '../audit/event.ts'
import type { Event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Person } from './person.ts'
import { readPhone } from './phone.ts'
import { updateProfile } from './store.ts'

/** A field that is undefined stays as it is; a phone that is empty or null is removed. */
export type ChangeProfile = {
  readonly name?: string | undefined
  readonly phone?: string | null | undefined
}

export type Profile = {
  readonly name: string
  readonly phone: string | null
}

/**
 * Changes the person's name and phone. The phone is for text messages, which keep going to the
 * number they were turned on with until that is changed on the Security page (A9); so nothing that
 * lets anybody in changes here, and no step-up is asked for. The owner is told of another phone
 * (NTF-01). Refused: not-a-phone, phone-not-mobile; changed when the phone was changed meanwhile.
 */
export async function changeProfile(
  world: World,
  who: Person,
  input: ChangeProfile,
): Promise<Outcome<Profile & { phone_changed: boolean }>> {
  const { session } = who
  const read = readNewPhone(session.phone, input.phone)
  if (!read.ok) return refuse(read.reason, undefined, { phone: read.reason })
  const profile = { name: input.name ?? session.name, phone: read.phone }
  const phone_changed = profile.phone !== session.phone
  if (phone_changed || profile.name !== session.name) {
    if (!(await write(world, who, profile))) return refuse('changed')
  }
  return done({ ...profile, phone_changed })
}

/* The number that is there already is not judged again: rules may have become stricter since. */
function readNewPhone(
  before: string | null,
  typed: string | null | undefined,
): Outcome<{ phone: string | null }> {
  if (typed === undefined) return done({ phone: before })
  if (typed === null || typed.trim() === '') return done({ phone: null })
  if (before !== null && typed.replace(/[^+0-9]/g, '') === before) return done({ phone: before })
  const read = readPhone(typed)
  return read.ok ? done({ phone: read.e164 }) : read
}

async function write(world: World, who: Person, profile: Profile): Promise<boolean> {
  const { session } = who
  const phoneChanged = profile.phone !== session.phone
  const holder = { id: session.account_id, email: session.email }
  const told = profile.phone === null ? 'profile-phone-removed' : 'profile-phone-changed'
  const messages = phoneChanged ? noticeMessages(world, who, holder, told) : []
  const updated = await updateProfile(
    world.sql,
    { accountId: session.account_id, ...profile, phoneBefore: session.phone },
    JSON.stringify(eventsOf(world, who, profile)),
    JSON.stringify(messages),
  )
  if (updated && phoneChanged) world.delivery.wake()
  return updated
}

function eventsOf(world: World, who: Person, profile: Profile): Event[] {
  const { account_id, token_hash, name, phone } = who.session
  const about = { account: account_id, sessionHash: token_hash }
  const now = world.clock()
  return [
    ...(profile.name === name ? [] : [event(who, now, 'account.profile-changed', about)]),
    ...(profile.phone === phone ? [] : [event(who, now, 'account.phone-changed', about)]),
  ]
}
