/** A notice exists with the change it tells of, and without it not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLinkToken } from '../../src/crypto/tokens.ts'
import { createInbox } from '../../src/delivery/inbox.ts'
import { noticeMessages } from '../../src/delivery/outbox.ts'
import { databases } from './databases.ts'
import { told, who, words } from './sending.ts'
import { createTrial } from './trial.ts'

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const trialOn = async (changes = {}) => createTrial((await database)(), changes)

  test(`${name}: NTF-05: a notice exists with its change, and without it not`, async () => {
    const trial = await trialOn()
    const notices = noticeMessages(trial, who, told(trial), 'method-removed', { method: 'Email' })
    await trial.write(notices, '019ab000-0000-7000-8000-00000000dead')
    const count = 'SELECT count(*)::integer AS n FROM messages'
    assert.deepEqual(await trial.sql.query(count), [{ n: 0 }])
    await trial.write(notices)
    assert.deepEqual(await trial.sql.query(count), [{ n: 1 }])
  })

  test(`${name}: NTF-03: a notice links to the page that objects, as long as that link lives`, async () => {
    const trial = await trialOn()
    const inbox = createInbox(trial.clock)
    const delivery = trial.deliver(inbox.carriers)
    const send = async (before = '') => {
      const [message] = noticeMessages(trial, who, told(trial), 'device-trusted')
      assert.ok(message)
      await trial.write([message])
      if (before) await trial.sql.query(before)
      assert.equal(await delivery.sendNow(message.id, 5), 'accepted')
      const token = /not-me\/([\w-]+)/.exec(words(inbox.list()[0]?.letter))?.[1]
      return { token, linkId: message.link_id }
    }
    const { token, linkId } = await send()
    assert.equal(readLinkToken(trial.keys, token ?? '', 'not-me'), linkId)
    assert.equal((await send('UPDATE links SET used_at = created_at')).token, undefined)
    assert.equal((await send('DELETE FROM links')).token, undefined)
    await delivery.stop()
  })

  test(`${name}: NTF-05: the same alarm within an hour is one mail, another event is another`, async () => {
    const trial = await trialOn()
    const write = (event: 'second-step-failed' | 'device-theft') =>
      trial.write(noticeMessages(trial, who, told(trial), event))
    const count = `SELECT parameters ->> 'event' AS event, count(*)::integer AS n FROM messages
      GROUP BY 1 ORDER BY 1`
    for (let times = 3; times > 0; times--) {
      await write('second-step-failed')
      await write('device-theft')
      trial.pass(60)
    }
    assert.deepEqual(await trial.sql.query(count), [
      { event: 'device-theft', n: 3 },
      { event: 'second-step-failed', n: 1 },
    ])
    trial.pass(3600)
    await write('second-step-failed')
    assert.equal((await trial.sql.query<{ n: number }>(count))[1]?.n, 2)
  })
}
