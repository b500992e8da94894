/** What is written is sent: soon, and again until a carrier takes it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInbox } from '../../src/delivery/inbox.ts'
import { noticeMessages } from '../../src/delivery/outbox.ts'
import type { Carrier } from '../../src/delivery/port.ts'
import { databases } from './databases.ts'
import { startProvider } from './provider.ts'
import { bodies, carrierTo, lookOnce, taken, told, who, writeCode } from './sending.ts'
import { createTrial } from './trial.ts'

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const trialOn = async (changes = {}) => createTrial((await database)(), changes)

  test(`${name}: a code is sent at once, and what became of it is known`, async () => {
    const trial = await trialOn()
    const provider = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(provider)])
    const { message, code } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
    assert.match(bodies(provider)[0] ?? '', new RegExp(`^Twostep: ${code} is your verification`))
    const { accepted_at, carrier, carrier_reference } = await trial.state(message.id)
    assert.deepEqual([accepted_at, carrier, carrier_reference], [trial.clock(), 'webhook', 'ref-1'])
    assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
    delivery.wake()
    await delivery.stop()
    assert.equal(provider.requests.length, 1)
  })

  test(`${name}: NTF-05: what a carrier does not take is sent again later, until it does, once`, async () => {
    const trial = await trialOn()
    const provider = await startProvider({ status: 500 })
    const delivery = trial.deliver([carrierTo(provider)])
    const { message } = await writeCode(trial)
    const at = async (seconds: number) => {
      trial.pass(seconds)
      await lookOnce(trial, [carrierTo(provider)])
      return provider.requests.length
    }
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    assert.equal(await at(4), 1)
    assert.equal(await at(1), 2)
    assert.equal(await at(14), 2)
    provider.answerWith(taken)
    assert.equal(await at(1), 3)
    const { tries, accepted_at, failure } = await trial.state(message.id)
    assert.deepEqual([tries, accepted_at, failure], [3, trial.clock(), null])
    assert.equal(await at(3600), 3)
    await delivery.stop()
  })

  test(`${name}: the next provider gets what the first does not take`, async () => {
    const trial = await trialOn()
    const [first, second] = [await startProvider({ status: 503 }), await startProvider(taken)]
    const delivery = trial.deliver([carrierTo(first), carrierTo(second, 'second')])
    const { message } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
    assert.equal((await trial.state(message.id)).carrier, 'second')
    assert.deepEqual([first.requests.length, second.requests.length], [1, 1])
    await delivery.stop()
  })

  test(`${name}: a refusal for good ends it at once`, async () => {
    const trial = await trialOn()
    const [first, second] = [await startProvider({ status: 422 }), await startProvider(taken)]
    const delivery = trial.deliver([carrierTo(first), carrierTo(second)])
    const { message } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    const { failed_at, failure } = await trial.state(message.id)
    assert.deepEqual([failed_at, failure], [trial.clock(), 'webhook: 422'])
    trial.pass(60)
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    assert.equal(second.requests.length, 0)
    await delivery.stop()
  })

  test(`${name}: CODE-09: a text that cannot be sent goes out by no other channel`, async () => {
    const trial = await trialOn()
    const provider = await startProvider({ status: 500 })
    const inbox = createInbox(trial.clock)
    const mails = inbox.carriers.filter(({ channel }) => channel === 'mail')
    const delivery = trial.deliver([carrierTo(provider), ...mails])
    const { message } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    assert.deepEqual(inbox.list(), [])
    const [{ attempts_left } = {}] = await trial.sql.query<{ attempts_left: number }>(
      'SELECT attempts_left FROM challenges',
    )
    assert.equal(attempts_left, 5)
    await delivery.stop()
  })

  test(`${name}: CODE-09: a provider that never answers is given up in time`, async () => {
    const trial = await trialOn({ carrierTimeoutSeconds: 0.3 })
    const provider = await startProvider({ status: 200, when: new Promise(() => {}) })
    const delivery = trial.deliver([carrierTo(provider)])
    const { message } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 0.05), 'waiting')
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    assert.equal((await trial.state(message.id)).failure, 'webhook: timeout')
    await delivery.stop()
  })

  test(`${name}: a carrier that ignores its time limit does not hold anything up`, async () => {
    const trial = await trialOn({ carrierTimeoutSeconds: 0.1 })
    const deaf: Carrier = { name: 'deaf', channel: 'text', send: () => new Promise(() => {}) }
    const provider = await startProvider(taken)
    const delivery = trial.deliver([deaf, carrierTo(provider)])
    const { message } = await writeCode(trial)
    assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
    await delivery.stop()
  })

  test(`${name}: a notice is given up after the last try`, async () => {
    const trial = await trialOn({ messageTriesMax: 3 })
    const delivery = trial.deliver([])
    const [message] = noticeMessages(trial, who, told(trial), 'method-added', { method: 'Email' })
    assert.ok(message)
    await trial.write([message])
    for (const tries of [1, 2, 3]) {
      assert.equal((await trial.state(message.id)).failed_at, null)
      assert.equal(await delivery.sendNow(message.id, 5), 'failed')
      assert.equal((await trial.state(message.id)).tries, tries)
    }
    const { failed_at, failure } = await trial.state(message.id)
    assert.deepEqual([failed_at, failure], [trial.clock(), 'no-carrier'])
    await delivery.stop()
  })
}
