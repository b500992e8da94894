/** However many processes send, and whichever of them die, each message goes out once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeMessage } from '../../src/delivery/outbox.ts'
import { databases, onServer } from './databases.ts'
import { startProvider } from './provider.ts'
import { carrierTo, ids, lookOnce, phone, taken, until, writeCode } from './sending.ts'
import { createTrial } from './trial.ts'

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const trialOn = async (changes = {}) => createTrial((await database)(), changes)

  test(`${name}: a message whose sender died is sent by another once its time is over`, async () => {
    const trial = await trialOn()
    const { promise, resolve } = Promise.withResolvers<void>()
    const provider = await startProvider({ ...taken, when: promise })
    const dying = trial.deliver([carrierTo(provider)])
    const { message } = await writeCode(trial)
    assert.equal(await dying.sendNow(message.id, 0.2), 'waiting')
    const heir = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(heir)])
    assert.equal(await delivery.sendNow(message.id, 0.3), 'waiting')
    trial.pass(19)
    await lookOnce(trial, [carrierTo(heir)])
    assert.equal(await delivery.sendNow(message.id, 0.3), 'waiting')
    assert.deepEqual(heir.requests, [])
    trial.pass(1)
    assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
    assert.equal(heir.requests.length, 1)
    resolve()
    await Promise.all([delivery.stop(), dying.stop()])
    assert.equal((await trial.state(message.id)).tries, 1)
    assert.ok(trial.logged.some((line) => line.includes('taken over while it was being sent')))
  })

  test(`${name}: what others left behind is found without being told of it`, async () => {
    const trial = await trialOn()
    const provider = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(provider)])
    delivery.start()
    const { message } = await writeCode(trial)
    await until(async () => (await trial.state(message.id)).accepted_at !== null)
    await delivery.stop()
  })

  test(`${name}: more messages than are sent at a time are all sent, each once`, async () => {
    const trial = await trialOn()
    const provider = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(provider)])
    const challenge = await trial.openChallenge(phone)
    const messages = Array.from({ length: 35 }, () => codeMessage(trial, challenge))
    await trial.write(messages)
    delivery.wake()
    await until(() => provider.requests.length === 35)
    await delivery.stop()
    const left = await trial.sql.query('SELECT id FROM messages WHERE accepted_at IS NULL')
    assert.deepEqual(left, [])
    assert.deepEqual(ids(provider).toSorted(), messages.map(({ id }) => id).toSorted())
  })

  test(`${name}: stopping waits for what is being sent and begins nothing new`, async () => {
    const trial = await trialOn()
    const { promise, resolve } = Promise.withResolvers<void>()
    const provider = await startProvider({ ...taken, when: promise })
    const delivery = trial.deliver([carrierTo(provider)])
    const { message } = await writeCode(trial)
    delivery.wake()
    await until(() => provider.requests.length === 1)
    const stopped = delivery.stop()
    resolve()
    await stopped
    assert.deepEqual((await trial.state(message.id)).accepted_at, trial.clock())
    const { message: next } = await writeCode(trial)
    delivery.wake()
    assert.equal(await delivery.sendNow(next.id, 5), 'waiting')
    assert.equal(provider.requests.length, 1)
  })
}

/** A trial with two processes that send, each on connections of its own, to one provider. */
async function twoProcesses() {
  const open = await onServer()
  const trial = await createTrial(open())
  const provider = await startProvider(taken)
  const processes = [open(), open()].map((sql) => trial.deliver([carrierTo(provider)], sql))
  const stop = () => Promise.all(processes.map((process) => process.stop()))
  return { trial, provider, processes, stop }
}

test('PostgreSQL: two processes at once send each message once', async () => {
  const { trial, provider, processes, stop } = await twoProcesses()
  const challenge = await trial.openChallenge(phone)
  const messages = Array.from({ length: 60 }, () => codeMessage(trial, challenge))
  await trial.write(messages)
  for (const process of processes) process.wake()
  await until(() => provider.requests.length >= 60)
  await stop()
  assert.deepEqual(ids(provider).toSorted(), messages.map(({ id }) => id).toSorted())
})

test('PostgreSQL: two processes asked for one message at once send it once, and both know', async () => {
  const { trial, provider, processes, stop } = await twoProcesses()
  for (let times = 10; times > 0; times--) {
    const { message } = await writeCode(trial)
    const states = await Promise.all(
      [...processes, ...processes].map((process) => {
        process.wake()
        return process.sendNow(message.id, 20)
      }),
    )
    assert.deepEqual(states, ['accepted', 'accepted', 'accepted', 'accepted'])
  }
  await stop()
  assert.equal(new Set(ids(provider)).size, 10)
  assert.equal(provider.requests.length, 10)
})
