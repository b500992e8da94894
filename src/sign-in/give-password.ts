import { emailKey } from '../accounts/email.ts'
import { giveBack, guessKeys, recordWrongPassword } from '../accounts/guesses.ts'
import type { GuessKeys } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import { deviceToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { demand, trustDays } from '../policy/policy.ts'
import { done, refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import { readClaims, recognise } from '../trusted-devices/recognise.ts'
import type { Recognition } from '../trusted-devices/recognise.ts'
import { deleteDevice } from '../trusted-devices/store.ts'
import type { World } from '../world.ts'
import { openPending } from './open-pending.ts'
import type { Proof } from './proof.ts'
import { settle } from './settle.ts'
import { step } from './step.ts'
import { chargeAndLookUp, replaceHash } from './store.ts'
import type { Candidate } from './store.ts'
import type { Arrived, Visitor } from './visitor.ts'

export type GivePassword = {
  readonly email: string
  readonly password: string
  readonly return_to: string | null
}

/** An account whose password was right. */
export type Known = Candidate & { readonly id: string; readonly password_hash: string }

/**
 * The password step. Whatever is wrong, the answer is one and the same (FLOW-11, FLOW-12). Two
 * round trips and one hash to the code screen or the session.
 * Refused: wrong-email-or-password, busy.
 */
export async function givePassword(
  world: World,
  who: Visitor,
  input: GivePassword,
): Promise<Arrived | Refusal> {
  const keys = guessKeys(world, who, emailKey(input.email))
  const claims = readClaims(world, who.deviceCookies)
  const devices = claims.map((claim) => claim.id)
  const candidate = await chargeAndLookUp(world, keys, devices)
  const refusal = await compare(world, who, keys, candidate, input.password)
  if (refusal) return refusal
  const known = candidate as Known
  await rehash(world, known, input.password)
  const days = trustDays(known.teams)
  const recognition = recognise(claims, known.devices ?? [], world.clock(), days)
  return admit(world, who, keys, known, recognition, input.return_to)
}

/** Null when the password is right. A refused, unknown or disabled account costs the same hash. */
async function compare(
  world: World,
  who: Visitor,
  keys: GuessKeys,
  candidate: Candidate,
  password: string,
): Promise<Refusal | null> {
  const mayLook = candidate.charged
  const verdict = await world.passwords.verify(mayLook ? candidate.password_hash : null, password)
  const now = world.clock()
  const about = { account: candidate.id, actor: null }
  if (verdict === 'busy') {
    const busy = JSON.stringify([event(who, now, 'sign-in.busy', about)])
    if (mayLook) await giveBack(world, keys, busy)
    return refuse('busy', { seconds: 2 })
  }
  if (verdict === 'right' && !candidate.disabled_at) return null
  const kind = mayLook ? 'sign-in.password-wrong' : 'sign-in.refused-by-limit'
  await recordWrongPassword(world, keys, candidate.tries, event(who, now, kind, about))
  return refuse('wrong-email-or-password')
}

async function rehash(world: World, known: Known, password: string): Promise<void> {
  if (!world.passwords.needsRehash(known.password_hash)) return
  const stronger = await world.passwords.hash(password)
  if (stronger === 'busy') return
  await replaceHash(world.sql, known.id, known.password_hash, stronger)
}

async function admit(
  world: World,
  who: Visitor,
  keys: GuessKeys,
  known: Known,
  recognition: Recognition,
  returnTo: string | null,
): Promise<Arrived | Refusal> {
  if (recognition.device === 'stolen') await reportTheft(world, who, known, recognition.id)
  const now = world.clock()
  const facts = {
    methods: known.methods ?? [],
    trusted: recognition.device === 'trusted',
    demand: demand(known.teams, now, now),
  }
  const next = step(facts)
  if (next.next === 'second-step') {
    return openPending(world, who, keys, known, next.method, returnTo)
  }
  const arrived = await open(world, who, keys, known, recognition, next.next, returnTo)
  if (arrived) return arrived
  const instead = step({ ...facts, trusted: false })
  return instead.next === 'second-step'
    ? openPending(world, who, keys, known, instead.method, returnTo)
    : refuse('changed')
}

/** Opens the session without a second step; null when the account or the device changed meanwhile. */
async function open(
  world: World,
  who: Visitor,
  keys: GuessKeys,
  known: Known,
  recognition: Recognition,
  next: 'signed-in' | 'set-up',
  returnTo: string | null,
): Promise<Arrived | null> {
  const trusted = recognition.device === 'trusted'
  const base = { accountId: known.id, epoch: known.epoch, guess: keys }
  const proof: Proof = trusted
    ? {
        by: 'trusted-device',
        ...base,
        deviceId: recognition.id,
        generation: recognition.generation,
      }
    : { by: 'password', ...base }
  const kind = trusted ? 'sign-in.done-on-trusted-device' : 'sign-in.done-without-second-step'
  const events = [event(who, world.clock(), kind, { account: known.id })]
  const opened = await settle(world, who, proof, events)
  if (!opened) return null
  const device =
    trusted && opened.generation !== null
      ? {
          accountId: known.id,
          token: deviceToken(world.keys, recognition.id, opened.generation),
        }
      : undefined
  return done({
    next,
    return_to: returnTo,
    cookies: { session: opened.token, signIn: null, ...(device && { device }) },
  })
}

/** An old token of a device came back: the device is removed and its owner told (TD-07). */
async function reportTheft(world: World, who: Visitor, known: Known, id: string): Promise<void> {
  const now = world.clock()
  const events = [event(who, now, 'device.theft-suspected', { account: known.id })]
  const messages = noticeMessages(world, who, { id: known.id, email: known.email }, 'device-theft')
  await deleteDevice(world.sql, known.id, id, JSON.stringify(events), JSON.stringify(messages))
  world.delivery.wake()
}
