import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { sendCode } from '../challenges/send-code.ts'
import { findOpen, turnTo } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { allowedOf, askedOf } from '../methods/allowed.ts'
import { knownKind } from '../methods/index.ts'
import { listConfirmed } from '../methods/store.ts'
import { listTeams } from '../policy/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Visitor } from './visitor.ts'

export type Sent = { readonly state: 'waiting' | 'accepted' | 'none' }

/**
 * Turns the sign-in to another confirmed method of its own account and sends that method's code
 * (A11, FLOW-07). Refused: sign-in-over, too-many-tries, method-not-available, and as `sendCode`.
 */
export async function chooseMethod(
  world: World,
  who: Visitor,
  input: { method: string },
): Promise<Outcome<Sent>> {
  const open = await findPending(world, who)
  if (!open) return refuse('sign-in-over')
  if (open.attempts_left <= 0) return refuse('too-many-tries')
  const { methodFailuresMax } = limits
  const seed = world.random(16)
  const allowed = await isAllowed(world, open.account_id, input.method)
  const turned =
    allowed && (await turnTo(world.sql, open.id, input.method, seed, methodFailuresMax))
  if (!turned) {
    const about = { account: open.account_id, actor: null }
    await record(world.sql, event(who, world.clock(), 'sign-in.method-refused', about))
    return refuse('method-not-available')
  }
  return sendPresent(world, who)
}

/** Whether the account's teams allow that method at the door (FLOW-07). */
async function isAllowed(world: World, accountId: string, methodId: string): Promise<boolean> {
  const [methods, teams] = await Promise.all([
    listConfirmed(world.sql, accountId),
    listTeams(world.sql, accountId),
  ])
  const asked = askedOf(methods, teams, world.clock())
  return allowedOf(methods, asked).some((method) => method.id === methodId)
}

/** Sends the present method's code again: the same code within its life (CODE-04). */
export async function sendAgain(world: World, who: Visitor): Promise<Outcome<Sent>> {
  const open = await findPending(world, who)
  if (!open) return refuse('sign-in-over')
  if (open.attempts_left <= 0) return refuse('too-many-tries')
  return sendFor(world, who, open)
}

async function sendPresent(world: World, who: Visitor): Promise<Outcome<Sent>> {
  const open = await findPending(world, who)
  return open ? sendFor(world, who, open) : refuse('sign-in-over')
}

function findPending(world: World, who: Visitor): Promise<Open | null> {
  if (!who.signIn) return Promise.resolve(null)
  return findOpen(world.sql, { tokenHash: who.signIn }, world.clock())
}

async function sendFor(world: World, who: Visitor, open: Open): Promise<Outcome<Sent>> {
  if (open.kind === null) return refuse('method-not-available')
  const { sends } = knownKind(open.kind)
  if (!sends || open.destination === null) return done({ state: 'none' as const })
  return sendCode(world, who, {
    id: open.id,
    purpose: open.purpose,
    account_id: open.account_id,
    kind: open.kind,
    channel: sends,
    destination: open.destination,
    expires_at: open.expires_at,
    action: null,
  })
}
