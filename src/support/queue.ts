import { limits } from '../config.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { countCases, listCases } from './store.ts'
import type { QueueRow } from './store.ts'

/** The queue's parts; `open` is all that is not done. */
export const queues = ['open', 'proof', 'check', 'second', 'waiting', 'done'] as const

export type Queue = (typeof queues)[number]

/** A case in the queue, as support sees it. */
export type Waiting = Omit<QueueRow, 'email'> & { readonly masked: string }

export type QueuePage = {
  readonly queue: Queue
  readonly counts: Readonly<Record<string, number>>
  readonly cases: readonly Waiting[]
  /** The id to go on after; null on the last page. */
  readonly next: string | null
}

/** One page of the cases at a stage: oldest first, of those done newest first. Never refused. */
export async function lookAtQueue(
  world: World,
  _who: unknown,
  input: { queue: Queue; after?: string | undefined },
): Promise<Outcome<QueuePage>> {
  const stages =
    input.queue === 'open' ? (['proof', 'check', 'second', 'waiting'] as const) : [input.queue]
  const size = limits.casesPerPage
  const [rows, counts] = await Promise.all([
    listCases(world.sql, stages, input.after ?? null, size + 1),
    countCases(world.sql),
  ])
  const shown = rows.slice(0, size)
  return done({
    queue: input.queue,
    counts,
    cases: shown.map(({ email, ...one }) => ({ ...one, masked: maskDestination(email) })),
    next: rows.length > size ? (shown.at(-1)?.id ?? null) : null,
  })
}
