import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createQueue } from '../../src/crypto/queue.ts'

test('PW-04: never more run at once than may, first come first served', async () => {
  const queue = createQueue(2, 100)
  const order: number[] = []
  let running = 0
  let most = 0
  const work = (number: number) => async () => {
    order.push(number)
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return number
  }
  const numbers = Array.from({ length: 50 }, (_, at) => at)
  const answers = await Promise.all(numbers.map((number) => queue(work(number))))
  assert.deepEqual(answers, numbers)
  assert.deepEqual(order, numbers)
  assert.equal(most, 2)
})

test('PW-04: who comes as one leaves cannot take the place of one who waits', async () => {
  const queue = createQueue(1, 1)
  let leave = () => {}
  const first = queue(() => new Promise<void>((resolve) => (leave = resolve)))
  const second = queue(async () => 'served')
  leave()
  await first
  const third = queue(async () => 'served')
  assert.equal(await second, 'served')
  assert.equal(await third, 'served')
})

test('PW-04: work that throws at once leaves the queue as it was', async () => {
  const queue = createQueue(1, 0)
  for (let round = 0; round < 3; round += 1) {
    await assert.rejects(
      queue(() => {
        throw new Error('at once')
      }),
      /at once/,
    )
  }
  assert.equal(await queue(async () => 'served'), 'served')
})
