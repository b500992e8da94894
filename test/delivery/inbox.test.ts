/** The local inbox of a trial. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInbox } from '../../src/delivery/inbox.ts'
import type { Received } from '../../src/delivery/inbox.ts'
import { mail, text } from './readable.ts'

const clock = () => new Date('2026-11-24T14:05:00Z')
const code = { digits: '012345', minutes: 10 }
const letters = [text({ code }), mail({ code })]

test('the inbox takes texts and mails, newest first, and tells who listens', async () => {
  const inbox = createInbox(clock)
  const heard: Received[] = []
  const stop = inbox.subscribe((received) => heard.push(received))
  for (const letter of letters) {
    const carrier = inbox.carriers.find(({ channel }) => channel === letter.channel)
    await carrier?.send(letter, AbortSignal.timeout(1000))
  }
  assert.deepEqual(
    inbox.list().map(({ letter }) => letter),
    letters.toReversed(),
  )
  assert.deepEqual(heard, inbox.list().toReversed())
  stop()
  await inbox.carriers[0]?.send(text({ code }), AbortSignal.timeout(1000))
  assert.equal(heard.length, 2)
})

test('the inbox keeps the newest 200', async () => {
  const inbox = createInbox(clock)
  for (let sent = 0; sent < 205; sent++) {
    await inbox.carriers[0]?.send(text({ code }), AbortSignal.timeout(1000))
  }
  assert.deepEqual(
    [inbox.list().length, inbox.list()[0]?.number, inbox.list()[199]?.number],
    [200, 205, 6],
  )
})
