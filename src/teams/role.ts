import type { Role } from '../policy/policy.ts'

/** A role as people read it. */
export const roleNames: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
}

/** What each role may do, in one sentence. */
export const roleMeanings: Readonly<Record<Role, string>> = {
  owner: 'Does everything, and gives and takes roles. Every team has one.',
  admin: 'Invites and removes members, says what the team requires, and sees who is protected.',
  member: 'Belongs to the team without managing it.',
}

/** "An admin invites and removes members…": what a role may do, after its name. */
export function meaningOf(role: Role): string {
  const words = `${asRole(role)} ${roleMeanings[role].slice(0, 1).toLowerCase()}${roleMeanings[role].slice(1)}`
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** A role inside a sentence, after "as": "an admin". */
export function asRole(role: Role): string {
  return { owner: 'the owner', admin: 'an admin', member: 'a member' }[role]
}
