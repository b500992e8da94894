import { keyedDigest } from '../crypto/tokens.ts'
import type { Sql } from '../database/port.ts'
import { spendSends } from '../delivery/sends.ts'
import type { SendLimit, SpentSends } from '../delivery/sends.ts'
import type { Caller, World } from '../world.ts'

/**
 * What bounds mails with links: each destination, and each source. A destination has a budget of
 * its own for each label, so that who asks for mails to somebody's address uses up nothing that
 * its owner needs to sign in (LIM-08, CODE-06).
 */
export function linkLimits(
  world: World,
  caller: Caller,
  label:
    | 'sign-up-destination'
    | 'verify-destination'
    | 'reset-destination'
    | 'change-destination'
    | 'notify-destination'
    | 'case-destination'
    | 'case-account',
  destination: string,
): SendLimit[] {
  const { config } = world
  return [
    {
      key: keyedDigest(world.keys, label, destination.toLowerCase()),
      pauseSeconds: config.sendPauseSeconds,
      perHourMax: config.sendsPerHourMax,
      perDayMax: config.sendsPerDayMax,
    },
    {
      key: keyedDigest(world.keys, 'send-source', caller.source),
      pauseSeconds: 0,
      perHourMax: config.sendsPerSourcePerHourMax,
      perDayMax: config.sendsPerSourcePerDayMax,
    },
  ]
}

/** Spends the limits and writes, in one transaction; when a limit refuses, nothing is written. */
export async function sendWithin(
  world: World,
  sendLimits: readonly SendLimit[],
  write: (sql: Sql) => Promise<unknown>,
): Promise<SpentSends> {
  let spent: SpentSends | null = null
  const writing = world.sql.tx(async (sql) => {
    spent = await spendSends(sql, sendLimits, world.clock())
    if (!spent.ok) throw new Error('a limit refused: roll back')
    await write(sql)
    return spent
  })
  return writing.catch((error: unknown) => {
    if (spent === null || spent.ok) throw error
    return spent
  })
}
