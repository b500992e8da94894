import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { regularly } from '../src/regularly.ts'
import { memoryDatabase } from './support/memory-database.ts'
import { testWorld } from './support/world.ts'

test('a regular job runs at once and again, one run at a time, also after one that failed', async () => {
  const world = testWorld(await memoryDatabase())
  const count = { under: 0, most: 0, runs: 0 }
  const job = async () => {
    count.most = Math.max(count.most, ++count.under)
    count.runs += 1
    await pause(25)
    count.under -= 1
    if (count.runs === 1) throw new Error('the first one fails')
  }
  const { stop } = regularly(world, 0.01, job, 'it did not work')
  assert.equal(count.runs, 1)
  while (count.runs < 3) await pause(5)
  await stop()
  assert.deepEqual([count.under, count.most], [0, 1], 'the last run has ended')
  const before = count.runs
  await pause(50)
  assert.equal(count.runs, before)
  assert.equal(world.logged.filter((line) => line.includes('it did not work')).length, 1)
})
