import { setTimeout as pause } from 'node:timers/promises'
import type { World } from '../world.ts'
import { maskDestination } from './mask.ts'
import { letterOf } from './messages.ts'
import { CarrierFailed, CarrierRefused } from './port.ts'
import type { Carrier, DeliveryState, Letter } from './port.ts'
import { endOf, makeReady } from './ready.ts'
import { settleClaim } from './store.ts'
import type { Claimed, Result } from './store.ts'

/** What sending needs from outside. */
export type Sender = Pick<World, 'sql' | 'clock' | 'keys' | 'config' | 'log'> & {
  /** Of both channels; those of one are tried in this order. */
  readonly carriers: readonly Carrier[]
}

/** Waits before the second, third, … try; the last holds for all that follow. */
const backoffSeconds = [5, 15, 60, 300, 900, 1800]
/* When a carrier has the letter but the database does not answer: forgetting it would send it twice. */
const settlePausesMs = [100, 500, 2000]

/* What a claim outlives all its tries by, so that it is settled while it is still ours. */
const settleSeconds = 15

/** Now, and until when a claim made now is ours: long enough for every carrier to run out of time. */
export function claimTimes(sender: Sender): [now: Date, until: Date] {
  const now = sender.clock()
  const seconds = sender.carriers.length * sender.config.carrierTimeoutSeconds + settleSeconds
  return [now, new Date(now.getTime() + seconds * 1000)]
}

/** Tries a claimed message once and writes what came of it. 'failed' also when it is tried again. */
export async function sendClaimed(sender: Sender, row: Claimed): Promise<DeliveryState> {
  const result = await tryOnce(sender, row).catch((error: unknown) =>
    later(sender, row, wordFor(error)),
  )
  const settled = await settlePersistently(sender, row, result)
  tell(sender, row, result, settled)
  return result.came === 'accepted' ? 'accepted' : 'failed'
}

async function tryOnce(sender: Sender, row: Claimed): Promise<Result> {
  const ready = makeReady(row, sender.keys, sender.clock())
  if (typeof ready === 'string') return { came: 'dropped', failure: ready }
  const letter = letterOf(ready, sender.config)
  let failure = 'no-carrier'
  for (const carrier of sender.carriers) {
    if (carrier.channel !== letter.channel) continue
    try {
      const reference = await hand(carrier, letter, sender.config.carrierTimeoutSeconds)
      return { came: 'accepted', carrier: carrier.name, reference }
    } catch (error) {
      failure = `${carrier.name}: ${wordFor(error)}`
      if (error instanceof CarrierRefused) return { came: 'failed', failure }
    }
  }
  return later(sender, row, failure)
}

/** Hands the letter over within the time limit, whether or not the carrier keeps to it. */
async function hand(carrier: Carrier, letter: Letter, seconds: number): Promise<string | null> {
  const limit = new AbortController()
  const over = new CarrierFailed('timeout')
  let timer: NodeJS.Timeout | undefined
  const outOfTime = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => (reject(over), limit.abort(over)), seconds * 1000)
  })
  try {
    const { reference } = await Promise.race([carrier.send(letter, limit.signal), outOfTime])
    return reference?.replace(/[^\x21-\x7e]/g, '').slice(0, 200) || null
  } finally {
    clearTimeout(timer)
  }
}

/** Errors that are not our own may quote a number, an address or a text: only their code is kept. */
export function wordFor(error: unknown): string {
  if (error instanceof CarrierRefused || error instanceof CarrierFailed) return error.message
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return /^[\w.-]{1,40}$/.test(code) ? code : 'unknown'
}

function later(sender: Sender, row: Claimed, failure: string): Result {
  const seconds = backoffSeconds[Math.min(row.tries, backoffSeconds.length - 1)] ?? 0
  const nextTryAt = new Date(sender.clock().getTime() + seconds * 1000)
  const useless = row.tries + 1 >= sender.config.messageTriesMax || nextTryAt >= endOf(row)
  return useless ? { came: 'failed', failure } : { came: 'later', failure, nextTryAt }
}

async function settlePersistently(sender: Sender, row: Claimed, result: Result): Promise<boolean> {
  for (const pauseMs of settlePausesMs) {
    try {
      return await settleClaim(sender.sql, row, result, sender.clock())
    } catch (error) {
      sender.log.warn({ message: row.id, failure: wordFor(error) }, 'could not settle a message')
      await pause(pauseMs)
    }
  }
  return settleClaim(sender.sql, row, result, sender.clock())
}

function tell(sender: Sender, row: Claimed, result: Result, settled: boolean): void {
  const { id, channel, template } = row
  const to = maskDestination(row.destination)
  const fields = { message: id, channel, template, to, tries: row.tries + 1, ...result }
  if (!settled) sender.log.warn(fields, 'a message was taken over while it was being sent')
  else if (result.came === 'accepted') sender.log.info(fields, 'message accepted')
  else if (result.came === 'dropped') sender.log.info(fields, 'message dropped')
  else if (result.came === 'later') sender.log.warn(fields, 'message not accepted, trying again')
  else sender.log.error(fields, 'message not sent')
}
