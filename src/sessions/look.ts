import type { Membership } from '../policy/policy.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Member } from './session.ts'

/** Who is signed in, until when, and what was proven when (SES-04). */
export type Present = {
  readonly account: { readonly id: string; readonly email: string; readonly name: string }
  /** The account's teams, oldest first. */
  readonly teams: readonly {
    readonly id: string
    readonly name: string
    readonly role: Membership['role']
  }[]
  readonly expires_at: Date
  readonly proofs: {
    readonly password_at: Date | null
    readonly second_step_at: Date | null
    /** The kind of method, 'recovery-code', or null when a trusted device or nothing stood in. */
    readonly second_step_kind: string | null
    readonly trusted_device: boolean
  }
}

/** The session check: says what the session that asked is. No statement of its own; never refused. */
export async function look(_world: World, who: Member): Promise<Outcome<Present>> {
  const { session } = who
  const { account_id: id, email, name, expires_at } = session
  const { password_at, second_step_at, second_step_kind, trusted_device_id } = session
  return done({
    account: { id, email, name },
    teams: session.teams.map((team) => ({ id: team.team_id, name: team.name, role: team.role })),
    expires_at,
    proofs: {
      password_at,
      second_step_at,
      second_step_kind,
      trusted_device: trusted_device_id !== null,
    },
  })
}
