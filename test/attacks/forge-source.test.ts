import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'

let direct: Copies
let behindProxy: Copies
before(async () => {
  direct = await startCopies({ config: { trustedProxies: [] } })
  behindProxy = await startCopies({ config: { trustedProxies: ['127.0.0.1', '10.0.0.2'] } })
})
after(() => Promise.all([direct.stop(), behindProxy.stop()]))

type Headers = Record<string, string>

/** Every header that a server somewhere takes an address from. */
const claims = (address: string): Headers[] => [
  { 'x-forwarded-for': address },
  { 'x-forwarded-for': `${address}, 127.0.0.1` },
  { forwarded: `for=${address};proto=https` },
  { 'x-real-ip': address },
  { 'x-client-ip': address },
  { 'cf-connecting-ip': address },
  { 'true-client-ip': address },
  { 'x-originating-ip': address, 'x-remote-ip': address, 'x-cluster-client-ip': address },
]

test('LIM-09: without a trusted proxy no header moves the source', async () => {
  const tries = Array.from({ length: 24 }, (_none, i) => claims(`203.0.113.${i}`)[i % 8] ?? {})
  const { lookedAt, sources } = await guess(direct, tries)
  assert.equal(lookedAt, 10, 'as from one address')
  assert.deepEqual(sources, ['127.0.0.1'])
})

test('LIM-09: behind a trusted proxy only what it appended counts, not what the client wrote', async () => {
  const tries = Array.from({ length: 24 }, (_none, i) => ({
    ...claims(`203.0.113.${i}`)[i % 8],
    'x-forwarded-for': `203.0.113.${i}, 198.51.100.${i}, 192.0.2.7`,
  }))
  const { lookedAt, sources } = await guess(behindProxy, tries)
  assert.equal(lookedAt, 10)
  assert.deepEqual(sources, ['192.0.2.7'])
})

test('LIM-09: two trusted proxies in a row: the address before the first of them counts', async () => {
  const tries = Array.from({ length: 12 }, (_none, i) => ({
    'x-forwarded-for': `203.0.113.${i}, 192.0.2.8, 10.0.0.2`,
  }))
  const { lookedAt, sources } = await guess(behindProxy, tries)
  assert.equal(lookedAt, 10)
  assert.deepEqual(sources, ['192.0.2.8'])
})

test('LIM-09: addresses inside one /64 are one source, however they are written', async () => {
  const inOne = [
    '2001:db8:1:2::1',
    '2001:DB8:1:2:0:0:0:2',
    '2001:0db8:0001:0002:ffff:ffff:ffff:ffff',
    '2001:db8:1:2:a:b:c:d',
    '2001:db8:1:2:3::',
    '2001:db8:1:2:3:4:192.0.2.1',
  ]
  const tries = Array.from({ length: 24 }, (_none, i) => ({
    'x-forwarded-for': inOne[i % 6] ?? '',
  }))
  const { lookedAt, sources } = await guess(behindProxy, tries)
  assert.equal(lookedAt, 10)
  assert.deepEqual(sources, ['2001:db8:1:2::/64'])
})

test('LIM-09: an IPv4 address counts as one, also inside IPv6', async () => {
  const tries = Array.from({ length: 12 }, (_none, i) => ({
    'x-forwarded-for': i % 2 === 0 ? '192.0.2.9' : '::ffff:192.0.2.9',
  }))
  const { lookedAt, sources } = await guess(behindProxy, tries)
  assert.equal(lookedAt, 10)
  assert.deepEqual(sources, ['192.0.2.9'])
})

test('LIM-09: what is no address is not believed: the proxy’s own counts', async () => {
  const words = ['nonsense', '', '999.1.1.1', '192.0.2.1:80', "' OR 1=1", 'a\tb', '[2001:db8::1]']
  const tries = Array.from({ length: 14 }, (_none, i) => ({
    'x-forwarded-for': words[i % 7] ?? '',
  }))
  const { lookedAt, sources } = await guess(behindProxy, tries)
  assert.equal(lookedAt, 10)
  assert.deepEqual(sources, ['127.0.0.1'])
})

test('LIM-09: the limit of codes a source may send holds whatever it claims to be', async () => {
  const people = await Promise.all(
    Array.from({ length: 34 }, () => addSomebody(direct.world, ['sms'])),
  )
  for (const [i, { email, password }] of people.entries()) {
    const headers = claims(`203.0.113.${i}`)[i % 8] ?? {}
    direct.clock.advance(60)
    const reply = await direct.visitor().api('POST', '/sign-in', { email, password }, { headers })
    assert.equal(reply.status, 200, reply.text)
  }
  const numbers = new Set(people.map(({ phone }) => phone))
  const texts = direct.inbox.list().filter(({ letter }) => numbers.has(letter.to))
  assert.equal(texts.length, direct.world.config.sendsPerSourcePerHourMax)
})

/** One wrong password for one person with each of these headers; what was made of them. */
async function guess(
  copies: Copies,
  tries: readonly Headers[],
): Promise<{ lookedAt: number; sources: string[] }> {
  copies.clock.advance(7200)
  const { id, email } = await addSomebody(copies.world)
  for (const headers of tries) {
    const visitor = copies.visitor()
    visitor.jar.set('visitor', 'a'.repeat(22))
    const wrong = { email, password: 'not the right password' }
    const reply = await visitor.api('POST', '/sign-in', wrong, { headers })
    assert.equal(reply.status, 401)
  }
  const events = await copies.sql.query<{ kind: string; source: string }>(
    'SELECT kind, source FROM events WHERE account_id = $1',
    [id],
  )
  return {
    lookedAt: events.filter(({ kind }) => kind === 'sign-in.password-wrong').length,
    sources: [...new Set(events.map(({ source }) => source))],
  }
}
