import { limits } from '../config.ts'
import { done } from '../reasons.ts'
import type { Done } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { listUnseen } from './unfinished-store.ts'
import type { UnfinishedRow } from './unfinished-store.ts'

/** A right password without the second step. */
export type UnfinishedSignIn = {
  /** When the password was given, or the last of too many codes. */
  readonly at: Date
  readonly why: 'not-finished' | 'too-many-wrong-codes'
  readonly browser: string
  readonly source: string
}

/** What the owner has not seen yet, newest first; `until` is what marks it all as seen. */
export type Unfinished = {
  readonly unfinished: readonly UnfinishedSignIn[]
  readonly until: Date | null
}

/** The newest unfinished sign-ins of this account (NTF-04). Changes nothing; never refused. */
export async function lookAtUnfinished(
  world: World,
  { session }: Pick<Member, 'session'>,
): Promise<Done<Unfinished>> {
  const since = new Date(world.clock().getTime() - limits.unfinishedShownDays * 86_400_000)
  const { unfinishedShownMax } = limits
  const rows = await listUnseen(world.sql, session.account_id, since, unfinishedShownMax)
  return done({ unfinished: rows.map(inWords), until: rows[0]?.at ?? null })
}

function inWords({ at, kind, browser, source, password_at }: UnfinishedRow): UnfinishedSignIn {
  const why = kind === 'sign-in.unfinished' ? 'not-finished' : 'too-many-wrong-codes'
  return { at: password_at === null ? at : new Date(password_at), why, browser, source }
}
