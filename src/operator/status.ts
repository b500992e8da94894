import { momentInWords } from '../delivery/words.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Command } from './command.ts'
import { countEverything, countSecrets, listMigrations } from './status-store.ts'

/** What there is, in numbers. Names nobody (OPS-04). */
export const status: Command = {
  name: 'status',
  takes: '',
  does: 'Says how much there is: accounts, teams, methods, messages waiting, keys in use, migrations. Names nobody.',
  word: 'none',
  options: {},
  async run(desk) {
    const { sql, keys, clock } = await desk.open()
    const { say } = desk.terminal
    const counts = await countEverything(sql, clock())
    say(`Accounts: ${counts.accounts}, of which ${counts.enrolled} have a second step.`)
    say(`Teams: ${counts.teams}, of which ${counts.requiring} require it.`)
    say(`Methods: ${inWords(counts.methods)}.`)
    say(`Open sessions: ${counts.sessions}. Trusted devices: ${counts.devices}.`)
    say(`Messages waiting: ${counts.waiting}${oldest(counts.waiting_since)}.`)
    say(`Messages that failed within a day: ${counts.failed}.`)
    say(`Events in the log: ${counts.events}.`)
    for (const line of secretsLines(keys, await countSecrets(sql))) say(line)
    const migrations = await listMigrations(sql)
    say(`Migrations: ${migrations.length}, the newest ${migrations.at(-1) ?? 'none'}.`)
  },
}

function inWords(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function oldest(since: Date | null): string {
  return since ? `, the oldest since ${momentInWords(since)}` : ''
}

/** Which keys stored secrets are sealed under, by the keys' ids, which say nothing about them. */
export function secretsLines(
  { secrets }: Keys,
  counts: readonly { readonly key: string; readonly count: number }[],
): string[] {
  const others = [...secrets.all.keys()].filter((id) => id !== secrets.current.id)
  const missing = counts.filter(({ key }) => !secrets.all.has(key))
  const used = counts.map(({ key, count }) => `${key} (${count})`).join(', ')
  return [
    `Key that seals secrets: ${secrets.current.id}. Others that open: ${others.join(', ') || 'none'}.`,
    `Secrets by the key they are sealed under: ${used || 'none'}.`,
    ...missing.map(({ key, count }) => `The key ${key} is missing: ${count} secrets do not open.`),
  ]
}
