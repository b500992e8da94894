import type { Membership } from '../policy/policy.ts'
import type { Member } from '../sessions/session.ts'

/** Somebody signed in who asks something of one of their teams. */
export type InTeam = Member & { readonly team: Membership }
