import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { doors, knock } from '../support/addresses.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, isIn } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { sendRaw } from '../support/raw-request.ts'
import { givePassword } from '../support/steps.ts'

let copies: Copies
before(async () => {
  // Hashes that take their time, so that there is something to wait for.
  copies = await startCopies({ config: { passwordHashMemoryKib: 4096, sourceGuessesMax: 1000 } })
})
after(() => copies.stop())

const hashOf = async (person: Pick<Person, 'id'>) => {
  const [row] = await copies.sql.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM accounts WHERE id = $1',
    [person.id],
  )
  return row?.hash ?? ''
}

/** Somebody whose password this is. */
async function somebodyWith(password: string, hash?: string): Promise<Person> {
  const person = await addSomebody(copies.world)
  await copies.sql.query('UPDATE accounts SET password_hash = $2 WHERE id = $1', [
    person.id,
    hash ?? (await copies.world.passwords.hash(password)),
  ])
  return { ...person, password }
}

const enters = async (person: Person, password: string) =>
  (await givePassword(copies.visitor(), { ...person, password })).status === 200

test('PW-01: at the sign-in every character counts, of 100, 128 and 256, and none is cut', async () => {
  for (const length of [100, 128, 256]) {
    const start = 'plum river candle ostrich 47 velvet '.repeat(8).slice(0, length - 1)
    const person = await somebodyWith(`${start}a`)
    assert.ok(await enters(person, `${start}a`), String(length))
    for (const other of [`${start}b`, start, `${start}aa`]) {
      assert.ok(!(await enters(person, other)), `${other.length} characters`)
    }
  }
})

test('PW-01: a body of 1 MB is refused before anything is hashed', async () => {
  const visitor = copies.visitor()
  await visitor.get('/sign-in')
  const password = 'x'.repeat(1_000_000)
  for (const [path, body, type] of [
    ['/api/v1/sign-in', JSON.stringify({ email: 'a@example.com', password }), 'application/json'],
    ['/sign-in', `email=a&password=${password}`, 'application/x-www-form-urlencoded'],
  ] as const) {
    assert.equal((await sendRaw(visitor, 'POST', path, { body, type })).status, 413)
  }
})

test('PW-05: composed and decomposed letters both sign in; case and spaces matter', async () => {
  const person = await somebodyWith('Café au lait fo\u0301r Zoë')
  assert.ok(await enters(person, 'Cafe\u0301 au lait f\u00f3r Zoe\u0308'))
  assert.ok(await enters(person, person.password.normalize('NFC')))
  assert.ok(await enters(person, person.password.normalize('NFD')))
  for (const other of ['café', 'Café  au', ' Café', 'Café']) {
    const typed = person.password.replace(/^Café( au)?/, other)
    if (typed !== person.password) assert.ok(!(await enters(person, typed)), typed)
  }
  for (const typed of [
    ` ${person.password}`,
    `${person.password} `,
    person.password.toUpperCase(),
  ]) {
    assert.ok(!(await enters(person, typed)), typed)
  }
})

test('PW-04: when the parameters rose, the next sign-in makes the hash again, a wrong one does not', async () => {
  const before = createPasswords({ passwordHashMemoryKib: 256, passwordHashPasses: 1 }, 1)
  const password = 'correct horse battery staple'
  const weak = await before.hash(password)
  const person = await somebodyWith(password, weak)
  assert.ok(!(await enters(person, 'not the right password')))
  assert.equal(await hashOf(person), weak)
  assert.ok(await enters(person, password))
  const strong = await hashOf(person)
  assert.match(strong, /^\$argon2id\$v=19\$m=4096,t=1,p=1\$/)
  assert.ok(await enters(person, password))
  assert.equal(await hashOf(person), strong, 'and once only')
})

test('PW-04: 200 sign-ins at once: pages, sessions and sign-ups go on being answered meanwhile', async () => {
  const person = await addSomebody(copies.world)
  const inside = await enter(copies, person)
  const door = copies.visitor()
  await door.get('/sign-in')
  let left = 200
  const flood = Array.from({ length: left }, async (_none, i) => {
    const email = i % 2 ? person.email : `nobody-${i}@example.com`
    const { status } = await givePassword(
      door.copy(),
      { email, password: 'wrong password' },
      `10.9.${i}.1`,
    )
    left -= 1
    return status
  })
  for (const path of ['/help', '/sign-in', '/settings/security']) {
    assert.equal((await inside.get(path)).status, path === '/sign-in' ? 303 : 200, path)
  }
  assert.ok(await isIn(inside))
  assert.ok(left > 0, 'all of these were answered while hashes were still waiting')
  for (const status of await Promise.all(flood)) assert.ok([401, 503].includes(status))
})

test('PW-06: fields for passwords say what they are, take paste, and can show the text', async () => {
  const person = await addSomebody(copies.world)
  const inside = await enter(copies, person)
  copies.clock.advance(601)
  const wanted = [
    [copies.visitor(), '/sign-in', ['current-password'], 'username'],
    [inside, '/settings/password', ['current-password', 'new-password'], null],
    [inside, '/step-up?return_to=/', ['current-password'], null],
  ] as const
  for (const [visitor, path, kinds, username] of wanted) {
    const { text } = await visitor.get(path)
    const inputs = [...text.matchAll(/<input[^>]*type="password"[^>]*>/g)].map(([input]) => input)
    const named = inputs.map((input) => /autocomplete="([^"]*)"/.exec(input)?.[1])
    assert.deepEqual(named, kinds, path)
    for (const input of inputs) assert.doesNotMatch(input, /maxlength|readonly|onpaste|disabled/)
    if (username) assert.match(text, /<input[^>]*autocomplete="username[^"]*"/)
    assert.match(text, /data-show|Show password|aria-pressed/i, `${path}: the text can be shown`)
  }
})

test('PW-02: no page asks for a hint, a question or an answer', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const inside = await enter(copies, person)
  const method = person.methods['totp'] ?? ''
  let fields = 0
  for (const visitor of [inside, copies.visitor()]) {
    const pages = doors({ method, session: method, device: method }).filter(
      ({ verb, api }) => verb === 'GET' && !api,
    )
    for (const door of pages) {
      const { text } = await knock(visitor, door)
      for (const [, name = ''] of text.matchAll(/<(?:input|select|textarea)[^>]*name="([^"]*)"/g)) {
        fields += 1
        assert.doesNotMatch(name, /question|answer|hint|mother|pet|school/, door.path)
      }
    }
  }
  assert.ok(fields > 20)
})
