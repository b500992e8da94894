/** The embedded database belongs to one process at a time and survives its being killed. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { openEmbedded } from '../../src/database/embedded.ts'

const parent = mkdtempSync(join(tmpdir(), 'twostep-embedded-'))
const folder = join(parent, 'data', 'database')
after(() => rmSync(parent, { recursive: true }))

type Writer = {
  readonly pid: number
  /** The numbers it found when it started. */
  readonly found: () => Promise<number[]>
  /** Waits for that many writes more, then kills it. Gives all numbers it was answered. */
  readonly killAfter: (writes: number) => Promise<number[]>
}

function startWriter(): Writer {
  const script = join(import.meta.dirname, 'writer.ts')
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const line = await lines.next()
    return line.done ? [] : line.value.split(' ')
  }
  return {
    pid: child.pid ?? 0,
    found: async () => (await next()).slice(1).filter(Boolean).map(Number),
    async killAfter(writes) {
      const numbers: number[] = []
      for (let line = await next(); line.length > 0; line = await next()) {
        numbers.push(Number(line[1]))
        if (numbers.length === writes) child.kill('SIGKILL')
      }
      if (child.signalCode === null) await once(child, 'exit')
      return numbers
    },
  }
}

test('a database that was left half made is made again, for its owner alone', async () => {
  mkdirSync(`${folder}.unfinished`, { recursive: true })
  writeFileSync(join(`${folder}.unfinished`, 'PG_VERSION'), '18\n')
  const database = await openEmbedded(folder)
  assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
  await Promise.all([database.close(), database.close()])
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(existsSync(`${folder}.unfinished`), false)
})

test('a second one in the same process is refused too, and takes nothing away', async () => {
  const database = await openEmbedded(folder)
  const itself = new RegExp(`process ${process.pid}`)
  await assert.rejects(openEmbedded(folder), itself)
  await assert.rejects(openEmbedded(folder), itself)
  await database.close()
})

test('kill -9: nothing answered is lost; the lock is never stolen from the living', async () => {
  const answered: number[] = []
  for (let round = 1; round <= 3; round++) {
    const writer = startWriter()
    assert.deepEqual(lost(answered, await writer.found()), [])
    await assert.rejects(openEmbedded(folder), new RegExp(`process ${writer.pid}\\b`))
    answered.push(...(await writer.killAfter(200 * round)))
  }
  const database = await openEmbedded(folder)
  const rows = await database.query<{ n: number }>('SELECT n FROM entries')
  await database.close()
  const kept = rows.map(({ n }) => n)
  assert.deepEqual(lost(answered, kept), [])
})

function lost(answered: readonly number[], kept: readonly number[]): number[] {
  return answered.filter((n) => !kept.includes(n))
}
