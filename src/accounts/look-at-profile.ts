import { done } from '../reasons.ts'
import type { Done } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Person } from './person.ts'

/** The person's own account as they see it. The phone is in E.164 form. */
export type ProfileSeen = {
  readonly name: string
  readonly email: string
  readonly email_verified: boolean
  readonly phone: string | null
}

/** The profile; the session holds all of it, so it costs no further round trip. */
export async function lookAtProfile(_world: World, who: Person): Promise<Done<ProfileSeen>> {
  const { name, email, email_verified_at, phone } = who.session
  return done({ name, email, email_verified: email_verified_at !== null, phone })
}
