import { createFirstOwner } from '../../src/accounts/create-first-owner.ts'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import type { Config } from '../../src/config.ts'
import type { Sql } from '../../src/database/port.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { someVisitor, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

export const owner = {
  team: 'Analytical Engines',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  password: 'plum river candle',
} as const

/** A world with its first owner, whose address is not confirmed yet, and with sign-up open. */
export async function foundedWorld(
  sql: Sql,
  settings: Partial<Config> = {},
): Promise<TestWorld & { readonly owner: { readonly id: string; readonly email: string } }> {
  const world = testWorld(sql, { signUpOpen: true, ...settings })
  const token = (await mintFirstOwnerLink(world))?.split('/').at(-1) ?? ''
  const made = await createFirstOwner(world, someVisitor(), { ...owner, token })
  if (!made.ok) throw new Error(made.reason)
  return { ...world, owner: { id: made.id, email: made.email } }
}

/** The tokens of the links with that first part of a path in letters to somebody, oldest first. */
export function tokensIn(letters: readonly Letter[], to: string, path: string): string[] {
  return letters
    .filter((letter) => letter.to === to)
    .flatMap((letter) => (letter.channel === 'mail' ? [letter.text] : []))
    .flatMap((text) => [...text.matchAll(new RegExp(`/${path}/([\\w-]+)`, 'g'))])
    .map(([, token]) => token ?? '')
}
