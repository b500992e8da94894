import { missingProofs } from '../sessions/fresh.ts'
import type { Missing } from '../sessions/fresh.ts'
import type { Session } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** The page whose own form asks for the present password. */
const asksItself = '/settings/password'

/**
 * What a step-up on the way to `returnTo` asks for: all that is missing, but for a page that asks for
 * the password itself only the second step, so that nobody types the password twice. It opens nothing
 * else: every other protected change still wants both proofs (`missingProofs`).
 */
export function missingOnTheWay(
  world: World,
  session: Session,
  enrolled: boolean,
  returnTo: string | null,
): Missing {
  const missing = missingProofs(world, session, enrolled)
  return returnTo === asksItself ? { ...missing, password: false } : missing
}
