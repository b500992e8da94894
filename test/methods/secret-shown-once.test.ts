import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { doors, knock } from '../support/addresses.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { confirm, enter, isIn, rowsOf, startApp } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

const cards = '/settings/security/set-up'

/** Starts a set-up as the page does. Gives the page with the QR code and what it shows. */
async function startOnPage(visitor: Visitor) {
  const page = await visitor.post(`${cards}/totp`, { name: 'Phone' })
  assert.equal(page.status, 200, page.text)
  const [, key = ''] = /secret=([A-Z2-7]{32})/.exec(page.text) ?? []
  const [, id = ''] = /\/methods\/([0-9a-f-]{36})\/confirm/.exec(page.text) ?? []
  assert.ok(key && id)
  return { page, key, id }
}

/** The key as it could stand in a reply: in one piece, in groups, or in another case. */
function holds(reply: Reply, key: string): boolean {
  const plain = reply.text.replace(/<[^>]*>/g, '').replace(/[\s-]+/g, '')
  return plain.toUpperCase().includes(key)
}

test('TOTP-08: the key is in the reply to the set-up’s start, which nobody may keep', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const { page, key } = await startOnPage(visitor)
  assert.ok(holds(page, key))
  assert.equal(page.headers.get('cache-control'), 'no-store')
})

test('TOTP-08: during the set-up no GET shows the key, a refused code shows it again', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const { key, id } = await startOnPage(visitor)
  const pending = await visitor.get(`${cards}/pending/${id}`)
  assert.equal(pending.status, 200)
  assert.ok(!holds(pending, key), 'Back and reload')
  assert.ok(!holds(await visitor.api('GET', `/methods/${id}/set-up`), key))
  const refused = await visitor.post(`/settings/security/methods/${id}/confirm`, { code: '1' })
  assert.ok(holds(refused, key), 'the set-up that made it')
  assert.equal(refused.headers.get('cache-control'), 'no-store')
})

test('TOTP-08: another session of the same person does not get to see the key', async () => {
  const person = await addSomebody(copies.world)
  const [first, second] = [await enter(copies, person), await enter(copies, person)]
  const { key, id } = await startOnPage(first)
  for (const reply of [
    await second.post(`/settings/security/methods/${id}/confirm`, { code: '1' }),
    await second.get(`${cards}/pending/${id}`),
    await second.api('POST', `/methods/${id}/confirm`, { code: '1' }),
  ])
    assert.ok(!holds(reply, key))
})

test('TOTP-08: once it is on, no page and no API call of the whole table shows the key', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const app = await startApp(visitor)
  const code = appCode(app, copies.clock.now())
  assert.ok(!holds(await confirm(visitor, app.id, code), app.key))
  const [session] = await rowsOf<{ id: string }>(copies, 'sessions', person)
  const ids = { method: app.id, session: session?.id ?? '', device: app.id }
  const reads = doors(ids).filter(({ verb }) => verb === 'GET')
  for (const door of reads) {
    const reply = await knock(visitor, door)
    assert.ok(reply.status < 500, door.path)
    assert.ok(!holds(reply, app.key), door.path)
  }
  assert.ok(reads.length > 40 && (await isIn(visitor)))
})

test('TOTP-09: the QR code is drawn in the page; nothing it loads holds the key', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const { page, key } = await startOnPage(visitor)
  assert.match(page.text, /<div class="qr"[^>]*><svg/)
  assert.match(page.headers.get('content-security-policy') ?? '', /img-src 'self' data:;/)
  const addressed = [...page.text.matchAll(/\b(src|href|action|srcset|data)="([^"]*)"/g)]
  const withKey = addressed.filter(([, , value = '']) => value.includes(key))
  assert.deepEqual(
    withKey.map(([, name, value = '']) => [name, value.slice(0, 10)]),
    [['href', 'otpauth://']],
  )
  for (const [, , value = ''] of addressed) assert.match(value, /^(\/(?!\/)|#|otpauth:|mailto:)/)
})
