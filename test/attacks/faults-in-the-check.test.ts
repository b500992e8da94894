import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { createFailingStatements, faultText } from '../support/failing-statements.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { countOf, failuresOf, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

const faults = createFailingStatements()

let copies: Copies
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1000, sendsPerDayMax: 1000 }
  copies = await startCopies({ wrap: faults.wrap, config: { ...config, sourceGuessesMax: 1000 } })
  // What is sent afterwards by itself would count among the statements of the step.
  const delivery = { ...copies.world.delivery, wake: () => {} }
  Object.assign(copies.world, { delivery })
})
after(() => copies.stop())

/** A last step of a sign-in that would be right, and what it uses up. */
type Step = {
  readonly name: string
  readonly kinds: readonly ('totp' | 'sms' | 'email')[]
  readonly send: (browser: Visitor, person: Person) => Promise<Reply>
}

const steps: readonly Step[] = [
  {
    name: 'an app’s code',
    kinds: ['totp'],
    send: (browser, person) => giveCode(browser, appCode(person, now())),
  },
  {
    name: 'an app’s code with Remember This Device, by form',
    kinds: ['totp'],
    send: (browser, person) =>
      browser.post('/sign-in/code', { code: appCode(person, now()), remember_device: 'yes' }),
  },
  {
    name: 'a sent code',
    kinds: ['sms'],
    send: (browser, person) => giveCode(browser, codeIn(copies.newest(person.phone))),
  },
  {
    name: 'a recovery code',
    kinds: ['totp'],
    send: (browser, { recoveryCodes }) =>
      browser.api('POST', '/sign-in/recovery-code', { recovery_code: recoveryCodes[0] }),
  },
]

for (const { name, kinds, send } of steps) {
  for (const when of ['before', 'after'] as const) {
    test(`FLOW-15: ${name}: the database fails ${when} each statement`, async () => {
      for (let n = 1; ; n++) {
        const person = await addSomebody(copies.world, kinds)
        const browser = copies.visitor()
        await givePassword(browser, person)
        faults.failAt(n, when)
        const reply = await send(browser, person)
        const statements = faults.mend()
        if (statements < n) return assert.ok(n > 2, 'two statements at least decide it')
        if (isIn(reply)) continue
        assertGeneric(reply)
        await assertNobodyIn(browser)
        const sessions = await sessionsOf(copies.sql, person.id)
        assert.equal(await usedUp(person), sessions, 'no code is used up without its session')
        if (when === 'before') assert.equal(sessions, 0)
        assert.equal(await failedEvents(reply), 1, `one event for statement ${n}`)
      }
    })
  }
}

test('FLOW-15: the password step: the database fails at each statement', async () => {
  for (const kinds of [[], ['totp'], ['sms']] as const) {
    for (let n = 1; ; n++) {
      const person = await addSomebody(copies.world, kinds)
      const browser = copies.visitor()
      await browser.get('/sign-in')
      faults.failAt(n, 'before')
      const reply = await givePassword(browser, person)
      if (faults.mend() < n) break
      if (reply.status === 200) continue
      assertGeneric(reply)
      assert.ok(!browser.jar.has('session') && !browser.jar.has('sign-in'))
      assert.equal(await sessionsOf(copies.sql, person.id), 0)
    }
  }
})

test('FLOW-15: a trusted device: no fault lets anybody in or uses its token up', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await signIn(browser, person, now(), { remember_device: true })
  browser.jar.delete('session')
  for (let n = 1; ; n++) {
    faults.failAt(n, 'before')
    const reply = await givePassword(browser, person)
    if (faults.mend() < n) return assert.equal(reply.json['next'], 'signed-in')
    assertGeneric(reply)
    assert.ok(!browser.jar.has('session') && !browser.jar.has('sign-in'))
  }
})

test('FLOW-15: the whole database is gone: every step refuses with the same words', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const [code, wrong] = [appCode(person, now()), wrongCode(person, now())]
  const asked = [
    () => giveCode(browser, code),
    () => giveCode(browser, wrong),
    () => browser.post('/sign-in/code', { code }),
    () => browser.api('POST', '/sign-in/recovery-code', { recovery_code: person.recoveryCodes[0] }),
    () => givePassword(copies.visitor(), person),
    () => browser.get('/sign-in/code'),
  ]
  await copies.visitor().get('/sign-in')
  for (const ask of asked) {
    faults.failAlways()
    assertGeneric(await ask())
    faults.mend()
  }
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  assert.equal((await giveCode(browser, code)).status, 200, 'and afterwards all goes on')
})

test('FLOW-15: a key that does not open refuses the sign-in', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const { totp } = person.methods
  await copies.sql.query("UPDATE methods SET secret = '\\x00010203' WHERE id = $1", [totp])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const reply = await giveCode(browser, appCode(person, now()))
  assertGeneric(reply)
  await assertNobodyIn(browser)
  assert.equal(await failedEvents(reply), 1)
  assert.equal(await failuresOf(copies.sql, totp), 1, 'the try is counted')
})

const broken = {
  passwords: ['hash', 'verify', 'hashWithSalt', 'needsRehash'],
  delivery: ['sendNow', 'wake'],
  keys: ['codes', 'tokens', 'secrets'],
  clock: [],
  random: [],
} as const

for (const [part, methods] of Object.entries(broken)) {
  test(`FLOW-15: ${part} fails: nobody gets in, and nothing is said about why`, async () => {
    const [byApp, byText] = [await pending(['totp']), await pending(['sms'])]
    const code = codeIn(copies.newest(byText.person.phone))
    const mend = breakPart(part, methods)
    const replies = [
      await giveCode(byApp.browser.copy(), appCode(byApp.person, now())),
      await giveCode(byText.browser.copy(), code),
      await givePassword(copies.visitor(), byText.person),
    ].filter((reply) => !isIn(reply))
    mend()
    for (const reply of replies) {
      assert.ok([200, 401, 403, 500, 503].includes(reply.status), reply.text)
      assert.ok(!reply.text.includes(faultText) && !/ at .*\.ts/.test(reply.text))
      assert.ok(!reply.setCookies.some((line) => line.startsWith('session=')))
    }
  })
}

test('FLOW-15: the server is too busy to hash: it says so, and neither signs in nor counts', async () => {
  copies.clock.advance(3600)
  const { person, browser } = await pending(['totp'])
  const { passwords } = copies.world
  const busy = async () => 'busy' as const
  Object.assign(copies.world, { passwords: { ...passwords, verify: busy, hashWithSalt: busy } })
  const step = await givePassword(copies.visitor(), person)
  const recovery_code = person.recoveryCodes[0]
  const recovery = await browser.api('POST', '/sign-in/recovery-code', { recovery_code })
  Object.assign(copies.world, { passwords })
  for (const reply of [step, recovery]) {
    assert.deepEqual([reply.status, reply.json['error']], [503, 'busy'])
    assert.equal(reply.headers.get('retry-after'), '2')
  }
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  const counted = 'SELECT 1 FROM guesses WHERE at = $1 AND count > 0'
  assert.equal(await countOf(copies.sql, counted, now()), 0)
  const [set] = await copies.sql.query<{ failures: number }>(
    'SELECT failures FROM recovery_sets WHERE account_id = $1',
    [person.id],
  )
  assert.equal(set?.failures, 0)
  const screen = await browser.api('GET', '/sign-in/code')
  assert.equal(screen.json['attempts_left'], 5)
})

test('LIM-05: a try stays counted when what follows it is rolled back', async () => {
  const { person, browser } = await pending(['totp'])
  const code = appCode(person, now())
  for (let i = 1; i <= 4; i++) {
    faults.failAt(2, 'before')
    assertGeneric(await giveCode(browser, code))
    faults.mend()
    assert.equal(await failuresOf(copies.sql, person.methods['totp']), i)
  }
  const screen = await browser.api('GET', '/sign-in/code')
  assert.equal(screen.json['attempts_left'], 1)
  assert.equal((await giveCode(browser, code)).status, 200, 'the code itself was not used up')
})

test('LIM-05: a wrong try stays counted when its event cannot be written', async () => {
  const { person, browser } = await pending(['totp'])
  faults.failAt(2, 'before')
  assertGeneric(await giveCode(browser, wrongCode(person, now())))
  faults.mend()
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 1)
})

function now(): Date {
  return copies.clock.now()
}

async function pending(kinds: readonly ('totp' | 'sms')[]) {
  const person = await addSomebody(copies.world, kinds)
  const browser = copies.visitor()
  assert.equal((await givePassword(browser, person)).status, 200)
  return { person, browser }
}

/** Makes a part of the world, or some of its functions, throw; gives what mends it. */
function breakPart(part: string, methods: readonly string[]): () => void {
  const world = copies.world as unknown as Record<string, object>
  const whole = world[part] ?? {}
  const fault = () => {
    throw new Error(faultText)
  }
  const property = { get: fault, enumerable: true, configurable: true }
  const isKeys = part === 'keys'
  const replaced = Object.fromEntries(
    methods.map((name) => [name, isKeys ? property : { value: fault }]),
  )
  const parts = { ...Object.getOwnPropertyDescriptors(whole), ...replaced }
  world[part] = methods.length > 0 ? Object.defineProperties({}, parts) : fault
  return () => void (world[part] = whole)
}

function isIn(reply: Reply): boolean {
  return reply.setCookies.some((line) => /^session=[\w-]+/.test(line))
}

/** One sentence with a number, and nothing of the cause. */
function assertGeneric(reply: Reply): void {
  assert.equal(reply.status, 500, reply.text)
  assert.match(reply.text, /Something went wrong on our side/)
  assert.ok(!/on fire|10\.0\.0\.5|SELECT|UPDATE|node:|\.ts:\d/.test(reply.text), reply.text)
  assert.ok(!reply.setCookies.some((line) => /^(session|sign-in)=/.test(line)))
}

async function assertNobodyIn(browser: Visitor): Promise<void> {
  assert.ok(!browser.jar.has('session'))
  assert.equal((await browser.api('GET', '/session')).status, 401)
}

/** How many codes of the person are used up: app steps and recovery codes, or the sign-in of a sent one. */
async function usedUp({ id, methods }: Person): Promise<number> {
  const { sql } = copies
  const steps = 'SELECT 1 FROM methods WHERE account_id = $1 AND last_used_at IS NOT NULL'
  const codes = 'SELECT 1 FROM recovery_codes WHERE account_id = $1 AND used_at IS NOT NULL'
  const open = await countOf(sql, 'SELECT 1 FROM challenges WHERE account_id = $1', id)
  const used = (await countOf(sql, steps, id)) + (await countOf(sql, codes, id))
  assert.equal(used, methods['sms'] || used > 0 ? 1 - open : used)
  return used
}

/** Events of this very request that say a fault was met. */
function failedEvents(reply: Reply): Promise<number> {
  const number = /\b[0-9a-f]{16}\b/.exec(reply.text)?.[0] ?? 'none'
  const text = "SELECT 1 FROM events WHERE kind = 'request.failed' AND request_id = $1"
  return countOf(copies.sql, text, number)
}
