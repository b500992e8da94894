import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Database, Sql } from '../../src/database/port.ts'
import type { World } from '../../src/world.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { told } from '../support/raw-request.ts'
import { signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

const work = { statements: 0, hashes: 0 }

let copies: Copies
before(async () => {
  copies = await startCopies({ wrap: countStatements })
  countHashes(copies.world)
})
after(() => copies.stop())

/** Below the hundred tries that close an account. */
const triesPerAccount = 50

/** A try that fails, by an account of its class and from a source of its own. */
type Try = { readonly email: string; readonly password: string; readonly from: string }

const classes: Readonly<Record<string, (round: number) => Promise<Try>>> = {
  unknown: async (round) => ({
    email: `nobody-${Math.floor(round / triesPerAccount)}@example.com`,
    password: 'not the right password',
    from: sourceOf(1, round),
  }),
  'wrong password': async (round) => ({
    email: (await personOf('wrong', round)).email,
    password: 'not the right password',
    from: sourceOf(2, round),
  }),
  'wrong password, enrolled': async (round) => ({
    email: (await personOf('enrolled', round)).email,
    password: 'not the right password',
    from: sourceOf(3, round),
  }),
  disabled: async (round) => ({ ...(await disabled(round)), from: sourceOf(4, round) }),
  throttled: async () => ({ ...(await throttled()), from: '10.5.0.1' }),
  'closed after a hundred': async (round) => ({ ...(await closed()), from: sourceOf(6, round) }),
  'no address': async (round) => ({
    email: `nobody ${round % 4}`,
    password: 'x',
    from: sourceOf(7, round),
  }),
}

/** The classes the requirement names; the others are tried less often. */
const named = ['unknown', 'wrong password', 'disabled', 'throttled']

test('FLOW-11: 200 refused passwords of each class: one reply and the same work', async () => {
  const replies = new Set<string>()
  for (let round = 0; round < 200; round++) {
    for (const [name, make] of Object.entries(classes)) {
      if (round >= 20 && !named.includes(name)) continue
      const one = await make(round)
      const { reply, effort } = await measured(() => byApi(freshVisitor(), one))
      assert.deepEqual([reply.status, effort], [401, { statements: 2, hashes: 1 }], name)
      replies.add(replyWithout(reply, one))
    }
  }
  assert.equal(replies.size, 1, [...replies].join('\n'))
})

test('FLOW-11: each class is written down at both statements, so that none saves a commit', async () => {
  const { sql, clock } = copies
  for (const [name, make] of Object.entries(classes)) {
    const one = await make(0)
    clock.advance(1)
    await byApi(freshVisitor(), one)
    const [written] = await sql.query<{ guesses: boolean; events: boolean }>(
      `SELECT EXISTS (SELECT FROM guesses WHERE at = $1) AS guesses,
         EXISTS (SELECT FROM events WHERE at = $1) AS events`,
      [clock.now()],
    )
    assert.deepEqual(written, { guesses: true, events: true }, name)
  }
})

test('FLOW-11: the page says the same to each class, and sets the same cookies', async () => {
  const replies = new Set<string>()
  for (const make of Object.values(classes)) {
    const one = await make(0)
    const reply = await byForm(freshVisitor(), one)
    assert.equal(reply.status, 401)
    replies.add(replyWithout(reply, one))
  }
  assert.equal(replies.size, 1, [...replies].join('\n'))
})

test('FLOW-11: unknown identifiers are throttled as known ones are', async () => {
  const counted = async (email: string, from: string) => {
    const browser = freshVisitor()
    for (let i = 0; i < 12; i++) await byApi(browser, { email, password: 'wrong', from })
    const guesses = await copies.sql.query<{ count: number; waits: boolean }>(
      `SELECT count, not_before > $1 AS waits FROM guesses WHERE at = $1 AND count > 0
       ORDER BY not_before`,
      [copies.clock.now()],
    )
    copies.clock.advance(7200)
    return guesses
  }
  copies.clock.advance(7200)
  const known = await counted((await addSomebody(copies.world, ['totp'])).email, '10.6.1.1')
  const unknown = await counted('nobody-at-all@example.com', '10.6.1.2')
  assert.deepEqual(unknown, known)
  assert.deepEqual(
    known.map(({ count }) => count),
    [10, 10],
  )
  assert.ok(known.some(({ waits }) => waits))
})

test('FLOW-12: a wrong password tells nothing of second step, devices or methods', async () => {
  const plain = await addSomebody(copies.world)
  const enrolled = await addSomebody(copies.world, ['totp', 'sms', 'email'])
  const bySms = await addSomebody(copies.world, ['sms'])
  const trusting = copies.visitor()
  await signIn(trusting, enrolled, copies.clock.now(), { remember_device: true })
  trusting.jar.delete('session')
  await copies.delivered()
  const letters = copies.inbox.list().length
  const tries: [Visitor, Person][] = [
    [freshVisitor(), plain],
    [freshVisitor(), enrolled],
    [freshVisitor(), bySms],
    [trusting, enrolled],
  ]
  const replies = new Set<string>()
  for (const [browser, { email }] of tries) {
    const one = { email, password: 'not the right password', from: '10.7.0.1' }
    for (const reply of [await byApi(browser, one), await byForm(browser, one)]) {
      assert.equal(reply.status, 401)
      assert.deepEqual(reply.setCookies, [])
    }
    replies.add(replyWithout(await byApi(browser, one), one))
    replies.add(replyWithout(await byForm(browser, one), one))
  }
  assert.equal(replies.size, 2, 'one as JSON, one as a page')
  await copies.delivered()
  assert.equal(copies.inbox.list().length, letters, 'nothing was sent')
})

test('FLOW-12: the way in looks the same for a browser that is trusted', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const trusting = copies.visitor()
  await signIn(trusting, person, copies.clock.now(), { remember_device: true })
  trusting.jar.delete('session')
  const stranger = freshVisitor()
  const pages = await Promise.all([trusting, stranger].map((browser) => browser.get('/sign-in')))
  assert.deepEqual(...(pages.map(told) as [unknown, unknown]))
})

test('FLOW-12: the second step’s addresses tell nothing before the right password', async () => {
  const { id, email } = await addSomebody(copies.world, ['totp', 'sms'])
  const nobody = { id: crypto.randomUUID(), email: 'nobody@example.com' }
  const browser = freshVisitor()
  await byApi(browser, { email, password: 'wrong', from: '10.7.0.2' })
  for (const path of ['/sign-in/code', '/sign-in/methods', '/sign-in/stuck']) {
    const replies = new Set<string>()
    for (const one of [{ id, email }, nobody]) {
      const query = new URLSearchParams({ email: one.email, account: one.id }).toString()
      const page = await browser.get(`${path}?${query}`)
      assert.equal(page.status, 401)
      replies.add(replyWithout(page, one))
    }
    assert.equal(replies.size, 1, path)
  }
})

/** People of a class, each for so many tries. */
const people = new Map<string, Person>()
async function personOf(kind: string, round: number): Promise<Person> {
  const key = `${kind} ${Math.floor(round / triesPerAccount)}`
  const known = people.get(key)
  const person = known ?? (await addSomebody(copies.world, kind === 'enrolled' ? ['totp'] : []))
  people.set(key, person)
  return person
}

/** The right password of a disabled account. */
async function disabled(round: number) {
  const { id, email, password } = await personOf('disabled', round)
  await copies.sql.query('UPDATE accounts SET disabled_at = $2 WHERE id = $1', [
    id,
    copies.clock.now(),
  ])
  return { email, password }
}

/** The right password of somebody at whose source too many wrong ones were given. */
async function throttled() {
  const { email, password } = await personOf('throttled', 0)
  if (people.has('throttled already')) return { email, password }
  const browser = freshVisitor()
  const wrong = { email, password: 'not the right password', from: '10.5.0.1' }
  for (let i = 0; i < 10; i++) await byApi(browser, wrong)
  people.set('throttled already', await personOf('throttled', 0))
  return { email, password }
}

/** The right password of an account closed by a hundred wrong ones. */
async function closed() {
  const tries = people.has('closed 0') ? 0 : 100
  const { email, password } = await personOf('closed', 0)
  for (let i = 0; i < tries; i++) {
    const wrong = { email, password: 'not the right password', from: sourceOf(8, i) }
    await byApi(freshVisitor(), wrong)
  }
  return { email, password }
}

/** A source whose own budget is not in the way. */
function sourceOf(network: number, round: number): string {
  return `10.${network}.${Math.floor(round / 5)}.9`
}

function freshVisitor(): Visitor {
  const visitor = copies.visitor()
  visitor.jar.set('visitor', 'a'.repeat(22))
  return visitor
}

function byApi(visitor: Visitor, { email, password, from }: Try): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.api('POST', '/sign-in', { email, password }, { headers })
}

function byForm(visitor: Visitor, { email, password, from }: Try): Promise<Reply> {
  return visitor.post('/sign-in', { email, password }, { headers: { 'x-forwarded-for': from } })
}

/** A reply without what is new in each, and without the address that was typed. */
function replyWithout(reply: Reply, { email }: { email: string }): string {
  return JSON.stringify(told(reply)).replaceAll(email, 'the address')
}

async function measured(run: () => Promise<Reply>) {
  const { statements, hashes } = work
  const reply = await run()
  const effort = { statements: work.statements - statements, hashes: work.hashes - hashes }
  return { reply, effort }
}

function countStatements(database: Database): Database {
  const counting = <T extends Sql>(sql: T): T => ({
    ...sql,
    query: (text: string, values?: readonly unknown[]) => {
      work.statements++
      return sql.query(text, values)
    },
    tx: <R>(run: (inner: Sql) => Promise<R>) => sql.tx((inner) => run(counting(inner))),
  })
  return counting(database)
}

function countHashes(world: World): void {
  const { passwords } = world
  const count = <A extends unknown[], R>(run: (...given: A) => R) => {
    return (...given: A) => {
      work.hashes++
      return run(...given)
    }
  }
  const counting: World['passwords'] = {
    hash: count(passwords.hash),
    verify: count(passwords.verify),
    hashWithSalt: count(passwords.hashWithSalt),
    needsRehash: passwords.needsRehash,
  }
  Object.assign(world, { passwords: counting })
}
