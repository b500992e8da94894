import type { Admission, Route } from './http/route.ts'
import { listConfirmed } from './methods/store.ts'
import { refuse } from './reasons.ts'
import type { Refusal } from './reasons.ts'
import { check } from './sessions/check.ts'
import { missingProofs } from './sessions/fresh.ts'
import type { Session } from './sessions/session.ts'
import type { World } from './world.ts'

/**
 * Lets a request through to its row, or says why not. The session is read from the database at
 * every request that needs one; the default is to refuse (FLOW-02).
 * Refused: sign-in-required, recovery-codes-required (RC-06), step-up-required (ENR-01).
 */
export async function admit(
  world: World,
  route: Route,
  sessionCookie: string | null,
): Promise<Admission> {
  if (route.who === 'anyone') return { session: null, refusal: null }
  const session = await check(world, sessionCookie)
  if (session === null) return { session, refusal: refuse('sign-in-required') }
  return { session, refusal: await hold(world, route, session) }
}

async function hold(world: World, route: Route, session: Session): Promise<Refusal | null> {
  if (session.recovery_codes_left === 0 && !route.openWithoutCodes) {
    return refuse('recovery-codes-required')
  }
  if (route.who !== 'fresh') return null
  const methods = await listConfirmed(world.sql, session.account_id)
  const missing = missingProofs(world, session, methods.length > 0)
  return missing.password || missing.secondStep ? refuse('step-up-required') : null
}
