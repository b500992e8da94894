import type { Role } from '../policy/policy.ts'
import { refuse } from '../reasons.ts'
import type { Reason, Refusal } from '../reasons.ts'

/** What one member of a team may want to do for another. */
export const acts = [
  'remind',
  'forget-devices',
  'end-sessions',
  'unlock',
  'reset',
  'pass',
  'exempt',
  'change-role',
  'remove',
] as const

export type Act = (typeof acts)[number]

/** Who acts on whom. */
export type Pair = {
  readonly actor: Role
  readonly target: Role
  /** Both are the same person. */
  readonly self: boolean
  /** The target belongs to another team too. */
  readonly shared: boolean
  /** The target decides recovery cases of everybody's accounts. */
  readonly support: boolean
}

/** Each act with the reason it is refused; null: it is allowed. */
export type May = Readonly<Record<Act, Reason | null>>

/**
 * What somebody may do for a member (TEAM-07); buttons and refusals both ask here, and each
 * statement repeats it. Nobody acts on themselves, or on who stands above them. What changes how the
 * member signs in needs who stands above them, and a member of no other team and not of support:
 * another team's protection would change with it, or everybody's. A pure function.
 */
export function may(pair: Pair): May {
  const lead = ranks[pair.actor] - ranks[pair.target]
  const own = pair.self ? 'own-account' : null
  const beside = own ?? (pair.actor === 'member' || lead < 0 ? 'role-not-higher' : null)
  const above = beside ?? (lead < 1 ? 'role-not-higher' : null)
  const alone = above ?? (pair.support ? 'support-account' : pair.shared ? 'shared-account' : null)
  return {
    remind: beside,
    'forget-devices': beside,
    'end-sessions': beside,
    unlock: alone,
    reset: alone,
    pass: alone,
    exempt: above,
    'change-role': above ?? (pair.actor === 'owner' ? null : 'owner-required'),
    remove: above,
  }
}

const ranks: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 }

/** The refusal of one act, with the words its sentence needs; null when it is allowed. */
export function refusalOf(
  act: Act,
  pair: Pair,
  { name, role }: { readonly name: string; readonly role: Role },
): Refusal | null {
  const reason = may(pair)[act]
  return reason && refuse(reason, detailsOf({ name, role }))
}

/** What the sentence of a refusal is filled with: who it is, and who or what helps instead. */
export function detailsOf({ name, role }: { readonly name: string; readonly role: Role }) {
  return { name, ...wordsOf[role] }
}

const wordsOf: Readonly<Record<Role, { readonly role: string; readonly way: string }>> = {
  owner: {
    role: 'the owner',
    way: 'Nobody does: an owner gets back in with another method, a recovery code or support recovery.',
  },
  admin: { role: 'an admin', way: 'The owner can do it.' },
  member: { role: 'a member', way: 'An admin or the owner can do it.' },
}
