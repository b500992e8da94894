import type { Membership } from '../policy/policy.ts'
import type { Member } from '../sessions/session.ts'

/** Somebody signed in who asks something of one of their teams. */
export type InTeam = Member & { readonly team: Membership }

/**
 * Whoever asks something of a team: a person in their session, or a program with an API key in the
 * name of the admin who made it. Then `session` tells of that admin alone: `account_id`, `name`,
 * `email`, `kinds`, and in `teams` the key's team; `token_hash` is null, no proof has a time, `id` is
 * the key's, and so is `apiKey`, which `event` writes into the log by itself.
 */
export type Actor = InTeam
