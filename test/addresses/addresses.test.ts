import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { linkToken } from '../../src/crypto/tokens.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, cookie, enter, eventsOf, isIn, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink } from '../support/reset.ts'
import { countOf, rowsBut } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

let count = 0
const newAddress = () => `new-${++count}@example.net`

const bodyOf = (letter: Letter) => (letter.channel === 'mail' ? letter.text : letter.body)

async function lettersTo(address: string): Promise<string[]> {
  await copies.delivered()
  return copies.inbox
    .list()
    .filter(({ letter }) => letter.to === address)
    .map(({ letter }) => `${letter.channel === 'mail' ? letter.subject : ''}\n${bodyOf(letter)}`)
}

async function tokenTo(address: string, path: string): Promise<string> {
  const pattern = new RegExp(`/${path}/([\\w-]{43})`)
  return (await lettersTo(address)).map((text) => pattern.exec(text)?.[1]).find(Boolean) ?? ''
}

async function askFor(visitor: Visitor, email: string): Promise<string> {
  const asked = await visitor.api('POST', '/email/changes', { email })
  assert.equal(asked.status, 200, asked.text)
  return tokenTo(email, 'change-email')
}

async function addressOf(person: Person): Promise<string> {
  const [row] = await copies.sql.query<{ email: string }>(
    'SELECT email FROM accounts WHERE id = $1',
    [person.id],
  )
  return row?.email ?? ''
}

test('EML-03: the old address stays in force until the new one confirms; both get mail', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  const email = newAddress()
  const token = await askFor(visitor, email)
  assert.equal(await addressOf(person), person.email)
  assert.ok(await isIn(visitor))
  assert.match((await lettersTo(person.email)).join(), /A new address was asked for.*n•••\s*@/s)
  const page = await visitor.get('/settings/email')
  assert.match(page.text, /A change is waiting/)
  const done = await copies.visitor(1).api('POST', '/email/confirmations', { token })
  assert.equal(done.status, 200, done.text)
  assert.equal(await addressOf(person), email)
  for (const told of [person.email, email]) {
    assert.match((await lettersTo(told)).join(), /Your email address was changed/)
  }
  assert.equal(await isIn(visitor), false, 'every session has ended')
  assert.ok(!cookie(copies.visitor(), 'session'))
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
  const back = await givePassword(copies.visitor(), { ...person, email })
  assert.equal(back.json['next'], 'second-step')
})

test('EML-03: a change needs the password and the second step again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  copies.clock.advance(601)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  for (const [path, body] of [
    ['/email/changes', { email: newAddress() }],
    ['/email/others', { email: newAddress() }],
  ] as const) {
    const refused = await visitor.api('POST', path, body)
    assert.equal(refused.json['error'], 'step-up-required')
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
})

test('EML-03: codes and links that went to the old address are void', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const visitor = await enter(copies, person)
  const email = newAddress()
  const token = await askFor(visitor, email)
  const reset = await askLink(copies, person)
  const door = copies.visitor()
  await givePassword(door, person)
  await copies.visitor().api('POST', '/email/confirmations', { token })
  assert.equal((await door.api('GET', '/sign-in/code')).status, 401)
  const opened = await copies.visitor().api('POST', '/password-reset', { token: reset })
  assert.equal(opened.status, 410)
  const [method] = await rowsOf<{ destination: string }>(copies, 'methods', person).then((rows) =>
    rows.filter((row) => row.destination !== null),
  )
  assert.equal(method?.destination, email, 'codes by mail go to the new address')
})

test('EML-04: the link changes nothing when fetched, works once, and for the newest change alone', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const older = await askFor(visitor, newAddress())
  const email = newAddress()
  const token = await askFor(visitor, email)
  const rows = await rowsBut(copies.sql)
  for (let i = 0; i < 5; i++) await copies.visitor().get(`/change-email/${token}`)
  assert.deepEqual(await rowsBut(copies.sql), rows)
  const use = (one: string, copy = 0) =>
    copies.visitor(copy).api('POST', '/email/confirmations', { token: one })
  assert.equal((await use(older)).status, 410)
  const replies = await Promise.all(Array.from({ length: 20 }, (_none, i) => use(token, i % 2)))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(await addressOf(person), email)
})

test('PRV-02: whoever reads the new address, perhaps a stranger by a slip, learns the present one masked', async () => {
  const person = await addSomebody(copies.world)
  const email = newAddress()
  const token = await askFor(await enter(copies, person), email)
  const reader = copies.visitor()
  await reader.get(`/change-email/${token}`)
  const page = await reader.get('/change-email')
  assert.equal(page.status, 200)
  assert.ok(page.text.includes(email) && page.text.includes('p•••@example.com'))
  assert.ok(!page.text.includes(person.email))
})

test('EML-03: cancelled, “this was not me”, or after a day: nothing comes of it', async () => {
  const ways: readonly ((visitor: Visitor, person: Person) => Promise<unknown>)[] = [
    (visitor) => visitor.api('DELETE', '/email/change'),
    async (_visitor, person) => {
      const notMe = await tokenTo(person.email, 'not-me')
      const reply = await copies.visitor().api('POST', '/not-me-reports', { token: notMe })
      assert.equal(reply.status, 200, reply.text)
    },
    async () => copies.clock.advance(24 * 3600 + 1),
  ]
  for (const way of ways) {
    const person = await addSomebody(copies.world)
    const visitor = await enter(copies, person)
    const token = await askFor(visitor, newAddress())
    await way(visitor, person)
    const late = await copies.visitor().api('POST', '/email/confirmations', { token })
    assert.equal(late.status, 410, late.text)
    assert.equal(await addressOf(person), person.email)
  }
})

test('FLOW-11: an address that has an account is answered alike, told, and never taken', async () => {
  const [person, other] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const visitor = await enter(copies, person)
  const free = await visitor.api('POST', '/email/changes', { email: newAddress() })
  const taken = await visitor.api('POST', '/email/changes', { email: other.email })
  assert.deepEqual([taken.status, Object.keys(taken.json)], [free.status, Object.keys(free.json)])
  assert.match((await lettersTo(other.email)).join(), /You already have/)
  assert.equal(await tokenTo(other.email, 'change-email'), '')
})

test('FLOW-11: nor does anything afterwards tell whether the new address has an account', async () => {
  const [person, other] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const visitor = await enter(copies, person)
  const seen: unknown[] = []
  for (const email of [newAddress(), other.email]) {
    assert.equal((await visitor.api('POST', '/email/changes', { email })).status, 200)
    const { pending } = (await visitor.api('GET', '/email')).json
    const page = await visitor.get('/settings/email')
    const cancelled = await visitor.api('DELETE', '/email/change')
    const text = page.text.replaceAll(email, 'it').replace(/(value|nonce)="[\w-]+"/g, '')
    const { email: shown, ...times } = pending as Record<string, unknown>
    seen.push([shown === email, times, text, cancelled.status])
  }
  assert.deepEqual(seen[1], seen[0])
})

test('EML-03: what is on its way to an address that has an account comes to nothing, by whoever’s link', async () => {
  const [person, other] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const visitor = await enter(copies, person)
  await visitor.api('POST', '/email/changes', { email: other.email })
  const [link] = await copies.sql.query<{ id: string }>(
    `SELECT id FROM links WHERE account_id = $1 AND purpose = 'change-email' AND used_at IS NULL`,
    [person.id],
  )
  const token = linkToken(copies.world.keys, link?.id ?? '', 'change-email')
  const reply = await copies.visitor().api('POST', '/email/confirmations', { token })
  assert.equal(reply.status, 410, reply.text)
  assert.equal(await addressOf(person), person.email)
  assert.equal(await addressOf(other), other.email)
})

test('EML-03: of two accounts that change to one address at once, one gets it', async () => {
  const email = newAddress()
  const people = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const tokens: string[] = []
  for (const person of people) {
    const visitor = await enter(copies, person)
    await visitor.api('POST', '/email/changes', { email })
    await copies.delivered()
    tokens.push(await tokenTo(email, 'change-email'))
  }
  assert.notEqual(tokens[0], tokens[1])
  const replies = await Promise.all(
    tokens.map((token, i) => copies.visitor(i).api('POST', '/email/confirmations', { token })),
  )
  assert.deepEqual(
    replies.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 410],
  )
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM accounts WHERE email = $1', email), 1)
})

async function withSecond(person: Person, visitor: Visitor, email = newAddress()): Promise<string> {
  const added = await visitor.api('POST', '/email/others', { email })
  assert.equal(added.status, 200, added.text)
  const token = await tokenTo(email, 'notify-email')
  const counts = await copies.visitor().api('POST', '/email/others/confirmations', { token })
  assert.equal(counts.status, 200, counts.text)
  assert.ok((await eventsOf(copies, person)).includes('account.address-confirmed'))
  return email
}

test('NTF-02: two further addresses get every notice, each once, when they have confirmed', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const second = await withSecond(person, visitor)
  const third = await withSecond(person, visitor)
  const unconfirmed = newAddress()
  const many = await visitor.api('POST', '/email/others', { email: unconfirmed })
  assert.equal(many.json['error'], 'no-room-for-address')
  await addApp(copies, visitor, 'Phone')
  for (const address of [person.email, second, third]) {
    const told = (await lettersTo(address)).filter((text) => /method was turned on/.test(text))
    assert.equal(told.length, 1, address)
    assert.match(told[0] ?? '', /\/not-me\//)
  }
  assert.deepEqual(await lettersTo(unconfirmed), [])
})

test('NTF-02: a code never goes to a further address, and nobody signs in with it', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const visitor = await enter(copies, person)
  const second = await withSecond(person, visitor)
  const door = copies.visitor()
  await givePassword(door, person)
  await door.api('POST', '/sign-in/method', { method: person.methods['email'] })
  assert.ok(!(await lettersTo(second)).some((text) => /verification code/.test(text)))
  const stranger = await givePassword(copies.visitor(), { ...person, email: second })
  assert.equal(stranger.status, 401)
})

test('NTF-02: on a change of the address old, new and further ones are told', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const second = await withSecond(person, visitor)
  const email = newAddress()
  const token = await askFor(visitor, email)
  await copies.visitor().api('POST', '/email/confirmations', { token })
  for (const address of [person.email, email, second]) {
    assert.match((await lettersTo(address)).join(), /Your email address was changed/, address)
  }
})

test('NTF-01: the address that is removed is told for the last time', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const second = await withSecond(person, visitor)
  const others = (await visitor.api('GET', '/email')).json['others'] as { id: string }[]
  const stranger = await enter(copies, await addSomebody(copies.world))
  const id = others[0]?.id
  assert.equal((await stranger.api('DELETE', `/email/others/${id}`)).status, 404)
  assert.equal((await visitor.api('DELETE', `/email/others/${id}`)).status, 200)
  assert.match((await lettersTo(second)).join(), /gets no more notices/)
  const before = (await lettersTo(second)).length
  await addApp(copies, visitor, 'Phone')
  assert.equal((await lettersTo(second)).length, before)
})

test('NTF-02: an address that a thief has added counts no more once their session was ended', async () => {
  const person = await addSomebody(copies.world)
  const thief = await enter(copies, person)
  const email = newAddress()
  assert.equal((await thief.api('POST', '/email/others', { email })).status, 200)
  const token = await tokenTo(email, 'notify-email')
  const owner = await enter(copies, person)
  assert.equal((await owner.api('DELETE', '/sessions')).status, 200)
  const late = await copies.visitor().api('POST', '/email/others/confirmations', { token })
  assert.equal(late.status, 410, late.text)
  const again = await owner.api('POST', '/email/others', { email })
  assert.equal(again.status, 200, 'their person can ask anew')
  const fresh = await tokenTo(email, 'notify-email')
  const counts = await copies.visitor().api('POST', '/email/others/confirmations', { token: fresh })
  assert.equal(counts.status, 200, counts.text)
})

test('NTF-02: twelve addresses asked for at once: two', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  await Promise.all(
    Array.from({ length: 12 }, (_none, i) =>
      visitor.copy(copies.all[i % 2]?.base).api('POST', '/email/others', { email: newAddress() }),
    ),
  )
  const added = 'SELECT 1 FROM notification_addresses WHERE account_id = $1'
  assert.equal(await countOf(copies.sql, added, person.id), 2)
})

test('NTF-02: a further address is told when the account is deleted', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const second = await withSecond(person, visitor)
  const gone = await visitor.api('DELETE', '/account', { email: person.email })
  assert.equal(gone.status, 200, gone.text)
  for (const address of [person.email, second]) {
    const told = (await lettersTo(address)).filter((text) => /account was deleted/.test(text))
    assert.equal(told.length, 1, address)
  }
})
