import { open, seal } from '../crypto/seal.ts'
import type { Sql } from '../database/port.ts'
import type { World } from '../world.ts'
import { knownKind } from './index.ts'

export type Resealed = {
  /** Secrets that are now under the present key. */
  readonly done: number
  /** Methods whose secret does not open: its key is missing, or it was tampered with. */
  readonly broken: readonly string[]
}

type Sealed = {
  readonly id: string
  readonly account_id: string
  readonly kind: string
  readonly secret: Buffer
}

type Sealing = Pick<World, 'sql' | 'keys'>

const batchRows = 500
const beforeAll = '00000000-0000-0000-0000-000000000000'

/**
 * Seals every stored secret again that is under another key than the present one (CRY-03), in batches,
 * and tells how many are done after each. It may be stopped at any moment and started again, and run
 * beside copies that have both keys: a secret that was replaced meanwhile is left as it is.
 */
export async function reseal(
  world: Sealing,
  onProgress: (done: number) => void,
): Promise<Resealed> {
  const present = world.keys.secrets.current.id
  const broken: string[] = []
  let done = 0
  for await (const batch of batches(world.sql, present)) {
    const opened = batch.map((row) => ({ row, plain: tryOpen(world, row) }))
    broken.push(...opened.filter(({ plain }) => plain === null).map(({ row }) => row.id))
    const fresh = opened.flatMap(({ row, plain }) =>
      plain === null ? [] : [{ row, after: seal(world.keys, plain, boundOf(row)) }],
    )
    done += await replaceSecrets(world.sql, fresh)
    onProgress(done)
  }
  return { done, broken }
}

/** The methods whose secret does not open with any key that is there. Changes nothing. */
export async function findBroken(world: Sealing): Promise<string[]> {
  const broken: string[] = []
  for await (const batch of batches(world.sql, null)) {
    broken.push(...batch.filter((row) => tryOpen(world, row) === null).map(({ id }) => id))
  }
  return broken
}

function boundOf({ kind, account_id, id }: Sealed): string {
  const { bound } = knownKind(kind)
  if (bound === null) throw new Error(`a method of the kind ${kind} has a secret`)
  return bound(account_id, id)
}

function tryOpen({ keys }: Sealing, row: Sealed): Buffer | null {
  try {
    return open(keys, row.secret, boundOf(row))
  } catch {
    return null
  }
}

async function* batches(sql: Sql, butKey: string | null): AsyncGenerator<Sealed[]> {
  let after = beforeAll
  for (;;) {
    const rows = await sql.query<Sealed>(list, [after, batchRows, butKey])
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.id
  }
}

const list = `
  SELECT id, account_id, kind, secret FROM methods
  WHERE id > $1 AND secret IS NOT NULL
    AND ($3::text IS NULL OR substring(secret FROM 2 FOR 4) <> decode($3, 'hex'))
  ORDER BY id LIMIT $2`

const replace = `
  UPDATE methods m SET secret = n.after
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, before, after)
  WHERE m.id = n.id AND m.secret = n.before RETURNING m.id`

/** Decides the race with a set-up that is started again: what it stored is not written over. */
async function replaceSecrets(
  sql: Sql,
  fresh: readonly { readonly row: Sealed; readonly after: Buffer }[],
): Promise<number> {
  const rows = await sql.query(replace, [
    fresh.map(({ row }) => row.id),
    fresh.map(({ row }) => row.secret),
    fresh.map(({ after }) => after),
  ])
  return rows.length
}
