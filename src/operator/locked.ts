import { guessKeys } from '../accounts/guesses.ts'
import { limits } from '../config.ts'
import { maskDestination } from '../delivery/mask.ts'
import { momentInWords, plain } from '../delivery/words.ts'
import type { World } from '../world.ts'
import type { Command } from './command.ts'
import { closedCounts, listAddresses, listLocked } from './locked-store.ts'
import type { Closed, Locked } from './locked-store.ts'

/** Lists who cannot get in because of too many wrong answers. Changes nothing. */
export const locked: Command = {
  name: 'locked',
  takes: '[--full]',
  does: 'Lists accounts that are locked or wait: who, why and since when. Addresses are masked unless --full is given.',
  word: 'none',
  options: { full: { type: 'boolean' } },
  async run(desk, given) {
    const world = await desk.open()
    const now = world.clock()
    const all = [
      ...(await listLocked(world.sql, limits.methodFailuresMax, now)),
      ...(await closedPasswords(world)),
    ]
    const { say } = desk.terminal
    for (const one of all) say(line(one, given.options['full'] === true, now))
    say(all.length === 0 ? 'Nobody is locked.' : `${all.length} in all. To end waits: unlock.`)
  },
}

const pageRows = 1000

/**
 * Wrong passwords are counted under digests that name nobody, so the address of each that is closed
 * is found by making the digests of all.
 */
async function closedPasswords(world: World): Promise<Locked[]> {
  const closed = new Map<string, Closed>()
  for (const one of await closedCounts(world.sql, limits.passwordFailuresMax)) {
    closed.set(one.key, one)
  }
  const found: Locked[] = []
  let after = ''
  while (closed.size > found.length) {
    const page = await listAddresses(world.sql, after, pageRows)
    for (const { email, email_key } of page) {
      const caller = { requestId: '', source: '', browser: '' }
      const count = closed.get(guessKeys(world, caller, email_key).account)
      if (count) found.push({ email, why: 'password', off: true, since: count.at, until: null })
    }
    after = page.at(-1)?.email_key ?? ''
    if (page.length < pageRows) break
  }
  return found
}

function line({ email, why, off, since, until }: Locked, full: boolean, now: Date): string {
  const who = full ? plain(email, 254) : maskDestination(email)
  const from = since ? `, since ${momentInWords(since)}` : ''
  if (why === 'disabled') return `${who}: the account is disabled${from}`
  if (why === 'password') {
    return `${who}: the password is closed after ${limits.passwordFailuresMax} wrong ones${from}`
  }
  const what = why === 'recovery-code' ? 'recovery codes' : `method ${why}`
  if (off) return `${who}: ${what} off after ${limits.methodFailuresMax} wrong answers${from}`
  const seconds = until ? Math.ceil((until.getTime() - now.getTime()) / 1000) : 0
  return `${who}: ${what} waits ${seconds} seconds more after wrong answers`
}
