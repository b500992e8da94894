import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { momentInWords, plain } from '../delivery/words.ts'
import type { World } from '../world.ts'
import { findByAddress } from './account-store.ts'
import { textOf, WrongUse, yes } from './command.ts'
import type { Command, Given } from './command.ts'
import * as operator from './operator.ts'
import { readTable } from './read-table.ts'
import {
  addressesOf,
  endEverything,
  findLost,
  lostKinds,
  voidUnsentCodes,
} from './restore-store.ts'
import type { Lost } from './restore-store.ts'

/** What must be done after a back-up was restored, before the server starts (OPS-05). */
export const afterRestore: Command = {
  name: 'after-restore',
  takes: '--since <time of the back-up> [--log <file>] [--yes]',
  does: 'Signs everybody out after a back-up was restored, and warns those whose recovery codes were used or changed since. --log: the lost time’s security log, with at, kind and account_id.',
  word: 'none',
  options: { since: { type: 'string' }, log: { type: 'string' }, ...yes },
  async run(desk, given) {
    const kept = textOf(given, 'log')
    const since = sinceOf(given)
    const fromFile = kept === null ? [] : readLog(kept, since)
    const world = await desk.open()
    if (since > world.clock()) throw new WrongUse('--since lies in the future.')
    const affected = await accountsOf(world, [...(await findLost(world.sql, since)), ...fromFile])
    const { say } = desk.terminal
    await operator.confirm(desk, given, effects(since, affected.size), {
      question: 'Is the server stopped? Type yes to go on:',
      fits: (typed) => /^\s*yes\s*$/i.test(typed),
    })
    const ended = await endAllOf(world)
    const codes = await voidUnsentCodes(world.sql, world.clock())
    say(`Done: ${operator.some(ended, 'account was', 'accounts were')} signed out everywhere.`)
    say(`${operator.some(codes, 'code', 'codes')} that waited to be sent will not be.`)
    for (const [address, kinds] of affected) {
      await warn(world, address, since)
      say(`Warned: ${plain(address, 254)} (${[...kinds].toSorted().join(', ')})`)
    }
    for (const line of ending(affected.size, kept !== null)) say(line)
  },
}

function sinceOf(given: Given): Date {
  const text = textOf(given, 'since') ?? ''
  const at = new Date(text)
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
  if (iso.test(text) && !Number.isNaN(at.getTime())) return at
  throw new WrongUse('--since: the time of the back-up with its zone, such as 2026-11-25T10:00Z.')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a log that was kept elsewhere says of the lost time. */
function readLog(path: string, since: Date): Lost[] {
  const rows = readTable(path)
  return rows.flatMap(({ number, fields }) => {
    const { at, kind, account_id: account } = fields
    if (typeof at !== 'string' || typeof kind !== 'string') {
      throw new WrongUse(`Line ${number} of the log has no "at" or no "kind".`)
    }
    const time = new Date(at)
    if (Number.isNaN(time.getTime())) throw new WrongUse(`Line ${number} of the log: which time?`)
    const fits = time >= since && lostKinds.some((one) => one === kind)
    return fits && typeof account === 'string' && uuid.test(account)
      ? [{ account_id: account, kind }]
      : []
  })
}

/** Kinds by address, of accounts that are there. */
async function accountsOf(world: World, lost: readonly Lost[]): Promise<Map<string, Set<string>>> {
  const ids = [...new Set(lost.map(({ account_id }) => account_id))]
  const affected = new Map<string, Set<string>>()
  for (const { id, email_key } of await addressesOf(world.sql, ids)) {
    const own = lost.filter(({ account_id }) => account_id === id)
    affected.set(email_key, new Set(own.map(({ kind }) => kind)))
  }
  return affected
}

function effects(since: Date, affected: number): string[] {
  return [
    `Everything since ${momentInWords(since)} is taken as lost.`,
    'Every session, pending sign-in, open code, trusted device and one-time pass of everybody ends.',
    `${operator.some(affected, 'account is', 'accounts are')} known to have changed in that time; they are warned by mail.`,
  ]
}

const batchAccounts = 500
const beforeAll = '00000000-0000-0000-0000-000000000000'

/** In batches; begun again after a fault it starts over, which does no harm. */
async function endAllOf(world: World): Promise<number> {
  const who = operator.operatorAt(world)
  let ended = 0
  for (let after: string | null = beforeAll; after !== null;) {
    const batch = await endEverything(world.sql, after, batchAccounts, world.clock(), who)
    ended += batch.ended
    after = batch.last
  }
  return ended
}

async function warn(world: World, key: string, since: Date): Promise<void> {
  const account = await findByAddress(world.sql, key)
  if (!account) return
  const who = operator.operatorAt(world)
  const details = operator.byOperator({ since: since.toISOString() })
  const about = { account: account.id, ...details }
  const events = [event(who, world.clock(), 'operator.restore-warned', about)]
  const reason = `of ${momentInWords(since)}`
  const messages = operator.noticesTo(world, who, account, 'operator-restored', { reason })
  await recordAndTell(world.sql, events, messages)
  world.delivery.wake()
}

function ending(affected: number, withLog: boolean): string[] {
  return [
    ...(affected === 0 ? ['The restored data names nobody who changed anything since.'] : []),
    'Who belongs to which team, their roles, invitations and API keys are as the back-up has them:',
    'whoever was removed since is a member again, and a key that was revoked since opens again.',
    ...(withLog
      ? []
      : [
          'What was done in the lost time stands in the database that was lost, not in the back-up.',
          'If its log can still be read, give it with --log: recovery codes used since then work',
          'again, and only those whom that log names can be warned.',
        ]),
    'You can start the server now.',
  ]
}
