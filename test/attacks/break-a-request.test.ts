import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { cookie, enter, isIn } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { sendRaw } from '../support/raw-request.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
let visitor: Visitor
before(async () => {
  copies = await startCopies()
  visitor = await enter(copies, await addSomebody(copies.world, ['totp']))
})
after(() => copies.stop())

/** Nothing of how the program is made: no stack, statement, path, table, version or product. */
const inside =
  /\bat .*\.(ts|js)\b|node_modules|node:|SELECT|INSERT|relation|constraint|ECONN|postgres|pg_|\/src\/|Hono|SyntaxError|TypeError|ZodError|password_hash/i

function assertPlain(text: string, headers?: Headers): void {
  assert.doesNotMatch(text.replace(/https?:[^\s"]*/g, ''), inside)
  for (const name of ['server', 'x-powered-by', 'via'])
    assert.equal(headers?.get(name) ?? null, null)
}

const bodies: readonly (readonly [type: string, body: string])[] = [
  ['application/json', '{'],
  ['application/json', '[]'],
  ['application/json', 'null'],
  ['application/json', '"text"'],
  ['application/json', '{"email":{"$ne":null},"password":["a"]}'],
  ['application/json', '{"__proto__":{"a":1},"constructor":1}'],
  ['application/json', '[['.repeat(20_000)],
  ['application/json; charset=utf-16', '\u0000\ufffe'],
  ['application/x-www-form-urlencoded', '%%%=%zz&=&&&a[b][c]=1'],
  ['multipart/form-data; boundary=x', '--x\r\n\r\n'],
  ['text/xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ['', 'x'],
]

test('AUD-04: broken bodies are refused by name, at pages and API, and nothing of the inside shows', async () => {
  const door = copies.visitor()
  await door.get('/sign-in')
  for (const [type, body] of bodies) {
    for (const path of ['/sign-in', '/api/v1/sign-in', '/api/v1/sign-in/code']) {
      const reply = await sendRaw(door, 'POST', path, { type, body })
      assert.ok(reply.status >= 400 && reply.status < 500, `${path} ${type} ${reply.status}`)
      assertPlain(reply.text, reply.headers)
    }
  }
})

test('AUD-04: broken addresses and verbs are refused plainly', async () => {
  for (const path of [
    '/%',
    '/%00',
    '/..%2f..%2fetc/passwd',
    '/api/v1/%E0%A4%A',
    `/${'a'.repeat(8000)}`,
  ]) {
    const reply = await copies.visitor().get(path)
    assert.ok([400, 404].includes(reply.status), `${path.slice(0, 40)} ${reply.status}`)
    assertPlain(reply.text, reply.headers)
  }
  for (const verb of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    const reply = await sendRaw(visitor, verb, '/sign-in')
    assert.ok(reply.status >= 400 && reply.status < 500, verb)
    assertPlain(reply.text, reply.headers)
  }
})

/** Sends bytes as they are and gives what comes back. */
function speak(bytes: string): Promise<string> {
  const { port } = new URL(copies.all[0]?.base ?? '')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.end(bytes, 'latin1'))
    let said = ''
    socket.setEncoding('latin1').on('data', (piece: string) => (said += piece))
    socket.on('close', () => resolve(said)).on('error', reject)
  })
}

test('AUD-04: huge headers and what is no HTTP are turned away, and the program goes on', async () => {
  const head = 'GET /sign-in HTTP/1.1\r\nHost: localhost\r\n'
  for (const bytes of [
    `${head}Cookie: ${'a'.repeat(40_000)}\r\n\r\n`,
    `${head}${'X: y\r\n'.repeat(4000)}\r\n`,
    `${head}A: b\0c\r\n\r\n`,
    'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
    'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000',
    'hello\r\n\r\n',
  ]) {
    const said = await speak(bytes)
    assert.doesNotMatch(said, /^HTTP\/1\.1 (2|5)/)
    assertPlain(said)
  }
  assert.ok(await isIn(visitor), 'it is still up')
})

test('AUD-04: an error nobody expected: a plain page with a number, the cause in the log alone', async () => {
  await copies.sql.query('ALTER TABLE methods RENAME TO hidden')
  const replies: Reply[] = []
  try {
    replies.push(await visitor.get('/settings/security'))
    replies.push(await visitor.api('GET', '/methods'))
    replies.push(await visitor.api('POST', '/methods', { kind: 'totp' }))
  } finally {
    await copies.sql.query('ALTER TABLE hidden RENAME TO methods')
  }
  const lines = copies.logged().split('\n')
  for (const reply of replies) {
    assert.equal(reply.status, 500)
    assertPlain(reply.text, reply.headers)
    const shown = /\b[0-9a-f]{16}\b/.exec(
      reply.text.replace(/anti_forgery" value="[^"]*"/g, ''),
    )?.[0]
    const line = lines.find((one) => one.includes(`"requestId":"${shown}"`))
    assert.match(line ?? '', /relation .*methods.* does not exist.*src/, 'the log says why')
    const rows = await copies.sql.query(
      "SELECT 1 FROM events WHERE kind = 'request.failed' AND request_id = $1",
      [shown],
    )
    assert.equal(rows.length, 1)
  }
  assert.equal((await visitor.get('/settings/security')).status, 200, 'it goes on')
})

test('AUD-04: with the database down every page says so plainly, lets nobody in, and comes back', async () => {
  const broken = { on: false }
  const down = await startCopies({
    wrap: (database) => ({
      query: (text, values) => {
        if (broken.on) throw new Error('connect ECONNREFUSED 10.0.0.5:5432')
        return database.query(text, values)
      },
      tx: (run) => {
        if (broken.on) throw new Error('connect ECONNREFUSED 10.0.0.5:5432')
        return database.tx(run)
      },
      close: () => database.close(),
    }),
  })
  try {
    const person = await addSomebody(down.world, ['totp'])
    const inside = await enter(down, person)
    const door = down.visitor()
    await door.get('/sign-in')
    broken.on = true
    for (const reply of [
      await inside.get('/settings/security'),
      await inside.api('GET', '/session'),
      await door.post('/sign-in', { email: person.email, password: person.password }),
      await door.api('POST', '/sign-in', { email: person.email, password: person.password }),
    ]) {
      assert.equal(reply.status, 500)
      assertPlain(reply.text, reply.headers)
      assert.match(reply.text, /[0-9a-f]{16}/)
    }
    assert.equal(cookie(door, 'session'), '')
    assert.equal((await door.get('/sign-in')).status, 200, 'what needs no database is there')
    broken.on = false
    assert.ok(await isIn(inside))
  } finally {
    await down.stop()
  }
})
