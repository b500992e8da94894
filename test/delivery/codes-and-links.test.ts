/** Codes and links exist only in what is sent, and only while they are good. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linkToken, readLinkToken } from '../../src/crypto/tokens.ts'
import { createInbox } from '../../src/delivery/inbox.ts'
import { codeMessage, linkMessage, noticeMessages } from '../../src/delivery/outbox.ts'
import { databases } from './databases.ts'
import { startProvider } from './provider.ts'
import { bodies, carrierTo, taken, told, who, words, writeCode } from './sending.ts'
import { createTrial } from './trial.ts'
import type { Trial } from './trial.ts'

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const trialOn = async (changes = {}) => createTrial((await database)(), changes)

  test(`${name}: CODE-04: sent again, the code is the same and the life said is what is left`, async () => {
    const trial = await trialOn()
    const provider = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(provider)])
    const { challenge, code, message } = await writeCode(trial)
    await delivery.sendNow(message.id, 5)
    trial.pass(270)
    const again = codeMessage(trial, challenge)
    await trial.write([again])
    await delivery.sendNow(again.id, 5)
    const [first, second] = bodies(provider)
    assert.match(first ?? '', new RegExp(`${code} .* Valid 10 min`))
    assert.match(second ?? '', new RegExp(`${code} .* Valid 5 min`))
    await delivery.stop()
  })

  const over = {
    'is gone': 'DELETE FROM challenges',
    'goes to another number': `UPDATE challenges SET destination = '+447700900999'`,
    'went on to an authenticator app': 'UPDATE challenges SET destination = NULL',
    'has no try left': 'UPDATE challenges SET attempts_left = 0',
    'has expired': `UPDATE challenges SET expires_at = '2026-11-24T14:05:00Z'`,
    'had its code sent ten minutes ago': `UPDATE challenges SET sent_at = '2026-11-24T13:55:00Z'`,
  }

  test(`${name}: CODE-04: a waiting code is dropped once its challenge is over`, async () => {
    const trial = await trialOn()
    const provider = await startProvider(taken)
    const delivery = trial.deliver([carrierTo(provider)])
    for (const [what, change] of Object.entries(over)) {
      const { message } = await writeCode(trial)
      await trial.sql.query(change)
      assert.equal(await delivery.sendNow(message.id, 5), 'failed', what)
      const { failed_at, failure } = await trial.state(message.id)
      assert.deepEqual(failed_at, trial.clock(), what)
      assert.match(failure ?? '', /^(stale|expired)$/, what)
    }
    assert.deepEqual(provider.requests, [])
    await delivery.stop()
  })

  test(`${name}: a code is not tried again once it has expired`, async () => {
    const trial = await trialOn()
    const provider = await startProvider({ status: 500 })
    const delivery = trial.deliver([carrierTo(provider)])
    const { message } = await writeCode(trial)
    trial.pass(596)
    assert.equal(await delivery.sendNow(message.id, 5), 'failed')
    const { failed_at, failure } = await trial.state(message.id)
    assert.deepEqual([failed_at, failure], [trial.clock(), 'webhook: 500'])
    await delivery.stop()
  })

  test(`${name}: a link that was used is not sent any more`, async () => {
    const trial = await trialOn()
    const inbox = createInbox(trial.clock)
    const delivery = trial.deliver(inbox.carriers)
    const insert = `INSERT INTO links (id, purpose, email, created_at, expires_at)
      VALUES ($1, 'sign-up', 'new@example.com', $2, $3)`
    const send = async (linkId: string, before = '') => {
      const expires_at = new Date(trial.clock().getTime() + 86_400_000)
      await trial.sql.query(insert, [linkId, trial.clock(), expires_at])
      const mail = { template: 'sign-up', destination: 'new@example.com' } as const
      const message = linkMessage(trial, { ...mail, account_id: null, link_id: linkId, expires_at })
      await trial.write([message])
      if (before) await trial.sql.query(before)
      return delivery.sendNow(message.id, 5)
    }
    const id = '019ab000-0000-7000-8000-00000000000'
    assert.equal(await send(`${id}1`), 'accepted')
    const token = /sign-up\/([\w-]+)/.exec(words(inbox.list()[0]?.letter))?.[1]
    assert.equal(readLinkToken(trial.keys, token ?? '', 'sign-up'), `${id}1`)
    assert.equal(await send(`${id}2`, 'UPDATE links SET used_at = created_at'), 'failed')
    assert.equal(await send(`${id}3`, `UPDATE links SET purpose = 'verify-email'`), 'failed')
    assert.equal(inbox.list().length, 1)
    await delivery.stop()
  })

  test(`${name}: CODE-05: no code and no link stands in the database or the log, in mid-flow or after`, async () => {
    const trial = await trialOn()
    const provider = await startProvider({ status: 500 })
    const inbox = createInbox(trial.clock)
    const delivery = trial.deliver([carrierTo(provider), ...inbox.carriers.slice(1)])
    const { message, code } = await writeCode(trial)
    const [notice] = noticeMessages(trial, who, told(trial), 'device-theft')
    assert.ok(notice?.link_id)
    await trial.write([notice])
    const secrets = new RegExp(`\\b${code}\\b|${linkToken(trial.keys, notice.link_id, 'not-me')}`)
    assert.doesNotMatch(await dump(trial), secrets)
    await delivery.sendNow(message.id, 5)
    await delivery.sendNow(notice.id, 5)
    assert.doesNotMatch(await dump(trial), secrets)
    provider.answerWith(taken)
    await delivery.sendNow(message.id, 5)
    assert.match(bodies(provider).join(), secrets)
    assert.match(words(inbox.list()[0]?.letter), secrets)
    assert.doesNotMatch(await dump(trial), secrets)
    assert.doesNotMatch(trial.logged.join('\n'), secrets)
    assert.doesNotMatch(trial.logged.join('\n'), /447700900123|ann@example/)
    await delivery.stop()
  })
}

/** Every row of every table, as text. */
async function dump({ sql }: Trial): Promise<string> {
  const tables = await sql.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const rows = await Promise.all(
    tables.map(({ name }) => sql.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)),
  )
  return rows.flatMap((some) => some.map(({ row }) => row)).join('\n')
}
