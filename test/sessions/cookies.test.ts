import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

const host = 'accounts.example.com'

let copies: Copies
let proxy: Server
before(async () => {
  copies = await startCopies({ config: { baseUrl: `https://${host}` } })
  proxy = await startProxy(new URL(copies.all[0]?.base ?? '').port)
})
after(async () => {
  proxy.closeAllConnections()
  proxy.close()
  await copies.stop()
})

/** What stands before the program and ends TLS: requests come with the site's public name. */
async function startProxy(port: string): Promise<Server> {
  const server = createServer((asked, answer) => {
    const headers = {
      ...asked.headers,
      host,
      ...(asked.headers.origin && { origin: `https://${host}` }),
    }
    const { method, url } = asked
    const onwards = request({ port, method, path: url, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.headers)
      reply.pipe(answer)
    })
    asked.pipe(onwards)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

/** A browser behind the proxy. Keeps every reply. */
function browser() {
  const visitor = copies.visitor()
  visitor.base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const replies: Reply[] = []
  const keep = async (reply: Promise<Reply>) => {
    replies.push(await reply)
    return replies.at(-1) as Reply
  }
  return {
    visitor,
    replies,
    get: (path: string) => keep(visitor.get(path)),
    post: (path: string, fields: Record<string, string>) => keep(visitor.post(path, fields)),
    api: (verb: string, path: string, body?: object) => keep(visitor.api(verb, path, body)),
  }
}

const nameOf = (line: string) => line.slice(0, line.indexOf('='))
const valueOf = (line: string) => line.slice(line.indexOf('=') + 1, line.indexOf(';'))

/** Signs in by page, remembers the device, proves it again, changes something and leaves. */
async function liveThrough(): Promise<{ lines: string[]; visitor: Visitor }> {
  const { visitor, replies, get, post, api } = browser()
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const code = () => {
    copies.clock.advance(30)
    return appCode(person, copies.clock.now())
  }
  const { email, password } = person
  await get('/sign-in')
  await post('/sign-in', { email, password })
  await post('/sign-in/methods', { method: person.methods['totp'] ?? '' })
  await post('/sign-in/code', { code: code(), remember_device: 'yes' })
  await api('POST', '/step-up/password', { password })
  await api('POST', '/step-up/code', { code: code() })
  await api('DELETE', `/methods/${person.methods['email']}`)
  await post('/sign-out', {})
  await api('POST', '/sign-in', { email, password })
  await api('POST', '/sign-in/code', { code: code(), remember_device: true })
  await api('DELETE', '/session')
  await api('POST', '/sign-in', { email, password })
  const { json } = await api('GET', '/trusted-devices')
  const [device] = json['devices'] as { id: string }[]
  await api('DELETE', `/trusted-devices/${device?.id}`)
  await api('DELETE', '/sessions')
  await copies.delivered()
  const letter = copies.newest(email)
  await get(/\/not-me\/[\w-]+/.exec('text' in letter ? letter.text : '')?.[0] ?? '')
  await post('/not-me', {})
  assert.ok(replies.every(({ status }) => status < 500))
  return { lines: replies.flatMap(({ setCookies }) => setCookies), visitor }
}

test('SES-02: every cookie of every flow is __Host-, Secure, HttpOnly, SameSite and for the whole site', async () => {
  const { lines } = await liveThrough()
  assert.deepEqual(
    [...new Set(lines.map((line) => nameOf(line).replace(/-[\w-]{12}$/, '-*')))].toSorted(),
    ['__Host-device-*', '__Host-link', '__Host-session', '__Host-sign-in', '__Host-visitor'],
  )
  for (const line of lines) {
    const parts = line
      .split(';')
      .slice(1)
      .map((part) => part.trim().toLowerCase())
    for (const needed of ['secure', 'httponly', 'path=/']) assert.ok(parts.includes(needed), line)
    assert.ok(parts.includes('samesite=lax') || parts.includes('samesite=strict'), line)
    assert.ok(!parts.some((part) => part.startsWith('domain')), line)
  }
})

test('SES-01, SES-02: each value is opaque, of its own kind, and never given twice', async () => {
  const { lines } = await liveThrough()
  const given = lines.filter((line) => !/Max-Age=0/.test(line))
  assert.ok(given.length > 10)
  const values = given.map(valueOf)
  for (const value of values) assert.match(value, /^[\w-]{22,50}$/)
  assert.equal(new Set(values).size, values.length)
  for (const line of given.filter((one) => nameOf(one) === '__Host-session')) {
    assert.equal(Buffer.from(valueOf(line), 'base64url').length, 32)
  }
})

test('SES-02: a cookie without the prefix, or with another name, is no session', async () => {
  const { visitor, api } = browser()
  const person = await addSomebody(copies.world)
  await api('POST', '/sign-in', { email: person.email, password: person.password })
  const value = visitor.jar.get('__Host-session') ?? ''
  assert.equal((await api('GET', '/session')).status, 200)
  visitor.jar.delete('__Host-session')
  for (const name of ['session', '__Secure-session', '__host-session', 'Session', 'sid']) {
    visitor.jar.clear()
    visitor.jar.set(name, value)
    assert.equal((await api('GET', '/session')).status, 401, name)
  }
})
