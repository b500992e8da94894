import { emailKey, readEmail } from '../accounts/email.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { openCase } from './open-case.ts'
import { lookUpForCase } from './store.ts'

/** The page that asks for the address. Never refused. */
export async function lookAtAsking(): Promise<Outcome> {
  return done({})
}

export type Ask = {
  readonly email: string
  readonly contact: string
  readonly password_lost: boolean
}

/**
 * Opens a case for the account of this address. The answer and the statements are the same when
 * there is no such account, when it is disabled or has no second step, when a case is open, and when
 * a limit holds (REC-08). Refused: not-an-email.
 */
export async function ask(world: World, who: Caller, input: Ask): Promise<Outcome> {
  const address = readEmail(input.email)
  if (address === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const key = emailKey(address)
  const found = await lookUpForCase(world.sql, key)
  await openCase(world, who, {
    accountId: found.id,
    contact: input.contact,
    passwordLost: input.password_lost,
    proof: null,
    askedBy: null,
    way: 'address',
    limit: { label: 'case-destination', key },
  })
  return done({})
}
