/** A process that writes to the embedded database without end and says what was answered. */
import { writeSync } from 'node:fs'
import { openEmbedded } from '../../src/database/embedded.ts'

const [folder = ''] = process.argv.slice(2)
const { query } = await openEmbedded(folder)
await query('CREATE TABLE IF NOT EXISTS entries (n integer PRIMARY KEY, filling text)')
const found = await query<{ n: number }>('SELECT n FROM entries ORDER BY n')
say(`found ${found.map(({ n }) => n).join(' ')}`)
for (let n = (found.at(-1)?.n ?? 0) + 1; ; n++) {
  await query(`INSERT INTO entries VALUES ($1, repeat('x', 500))`, [n])
  say(`wrote ${n}`)
}

/** At once, so that nothing said is lost with the process. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}
