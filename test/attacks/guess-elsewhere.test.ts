import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { failuresOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1000, sendsPerDayMax: 1000 }
  copies = await startCopies({ copies: 2, config: { ...config, stepUpLifetimeMinutes: 1440 } })
})
after(() => copies.stop())

/** A place where a secret is checked, other than the second step's code. */
type Place = {
  readonly name: string
  /** A fresh round of tries at either copy, as far as this place has rounds; gives how to guess. */
  readonly open: (person: Person, own: Visitor, copy: number) => Promise<Guess>
  readonly kinds: readonly ('totp' | 'sms' | 'email')[]
  /** Of the tries so far, those counted against the place's own secret. */
  readonly counted: (person: Person) => Promise<number>
  readonly over: string
}

type Guess = { readonly wrong: () => Promise<Reply>; readonly right: () => Promise<Reply> }

const wrongRecoveryCode = 'AAAA-BBBB-CCCC-DDDD'

const places: readonly Place[] = [
  {
    name: 'a recovery code at sign-in',
    kinds: ['totp'],
    over: 'too-many-tries',
    counted: recoveryFailures,
    async open(person, _own, copy) {
      const browser = copies.visitor(copy)
      await givePassword(browser, person)
      const give = (recovery_code = '') =>
        browser.copy().api('POST', '/sign-in/recovery-code', { recovery_code })
      return { wrong: () => give(wrongRecoveryCode), right: () => give(person.recoveryCodes[0]) }
    },
  },
  {
    name: 'the code of a step-up',
    kinds: ['totp'],
    over: 'too-many-wrong-codes',
    counted: (person) => failuresOf(copies.sql, person.methods['totp']),
    async open(person, own, copy) {
      await own.api('POST', '/step-up/method', { method: person.methods['totp'] })
      const give = (code: string) => own.copy(base(copy)).api('POST', '/step-up/code', { code })
      return {
        wrong: () => give(wrongCode(person, now())),
        right: () => give(appCode(person, now(), 1)),
      }
    },
  },
  {
    name: 'a recovery code of a step-up',
    kinds: ['totp'],
    over: 'too-many-wrong-codes',
    counted: recoveryFailures,
    async open(person, own, copy) {
      await own.api('POST', '/step-up/method', { method: person.methods['totp'] })
      const give = (recovery_code = '') =>
        own.copy(base(copy)).api('POST', '/step-up/recovery-code', { recovery_code })
      return { wrong: () => give(wrongRecoveryCode), right: () => give(person.recoveryCodes[0]) }
    },
  },
  {
    name: 'the first code of a set-up',
    kinds: ['totp'],
    over: 'too-many-wrong-codes',
    counted: pendingFailures,
    async open(person, own, copy) {
      const setUp = await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
      const confirm = `/methods/${String(setUp.json['id'])}/confirm`
      const code = codeIn(copies.newest(person.phone))
      const give = (given: string) => own.copy(base(copy)).api('POST', confirm, { code: given })
      return { wrong: () => give(wrongOf(code)), right: () => give(code) }
    },
  },
  {
    name: 'the code to a new number',
    kinds: ['sms', 'email'],
    over: 'too-many-wrong-codes',
    counted: (person) => failuresOf(copies.sql, person.methods['sms']),
    async open(person, own, copy) {
      const phone = `+1202444${person.phone.slice(-4)}`
      await own.api('PATCH', '/profile', { phone })
      const moving = `/methods/${person.methods['sms']}/new-number`
      await own.api('POST', moving, {})
      const code = codeIn(copies.newest(phone))
      const give = (given: string) =>
        own.copy(base(copy)).api('POST', `${moving}/confirm`, { code: given })
      return { wrong: () => give(wrongOf(code)), right: () => give(code) }
    },
  },
]

for (const place of places) {
  test(`LIM-06, LIM-05: ${place.name}: of 40 guesses at once five are looked at`, async () => {
    const { person, own } = await somebody(place)
    const round = await place.open(person, own, 0)
    const replies = await Promise.all(Array.from({ length: 40 }, () => round.wrong()))
    assert.equal(lookedAt(replies), 5)
    assert.equal(await place.counted(person), 5)
    assert.equal((await round.right()).json['error'], place.over)
  })

  test(`LIM-06, LIM-03, LIM-04, LIM-07: ${place.name}: new rounds go on counting, then wait`, async () => {
    const { person, own } = await somebody(place)
    for (const copy of [0, 1]) {
      const round = await place.open(person, own, copy)
      for (let i = 0; i < 5; i++) assert.equal(lookedAt([await round.wrong()]), 1)
    }
    assert.equal(await place.counted(person), 10)
    for (const seconds of [30, 60]) {
      const round = await place.open(person, own, 0)
      const replies = [await round.right(), await round.wrong()]
      for (const reply of replies) {
        assert.deepEqual([reply.status, reply.json['error']], [429, 'wait-before-trying'])
        assert.equal(reply.headers.get('retry-after'), String(seconds))
      }
      copies.clock.advance(seconds)
      if (seconds === 30) assert.equal(lookedAt([await round.wrong()]), 1)
      else assert.equal((await round.right()).status, 200)
    }
  })

  test(`LIM-06, LIM-02: ${place.name}: the hundredth in a row is the last`, async () => {
    const { person, own } = await somebody(place)
    for (const table of ['methods', 'recovery_sets']) {
      await copies.sql.query(`UPDATE ${table} SET failures = 99 WHERE account_id = $1`, [person.id])
    }
    const round = await place.open(person, own, 0)
    if ((await place.counted(person)) === 0) {
      await copies.sql.query(
        'UPDATE methods SET failures = 99 WHERE account_id = $1 AND confirmed_at IS NULL',
        [person.id],
      )
    }
    assert.equal(lookedAt([await round.wrong()]), 1)
    copies.clock.advance(3600)
    const next = await place.open(person, own, 0)
    const right = await next.right()
    assert.ok(right.status >= 400, right.text)
    assert.equal(await place.counted(person), 100)
  })
}

test('LIM-06: each secret has its own count', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  for (let i = 0; i < 2; i++) await giveCode(browser, wrongCode(person, now()))
  await browser.api('POST', '/sign-in/recovery-code', { recovery_code: wrongRecoveryCode })
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 2)
  assert.equal(await recoveryFailures(person), 1)
  await giveCode(browser, appCode(person, now()))
  assert.equal(await recoveryFailures(person), 1, 'a success by code leaves the other count')
})

test('LIM-06, LIM-08: the password of a step-up has the limits of the sign-in', async () => {
  const person = await addSomebody(copies.world)
  const own = copies.visitor()
  await signIn(own, person, now())
  const give = (password: string, copy = 0) =>
    own.copy(base(copy)).api('POST', '/step-up/password', { password }, { headers })
  const headers = { 'x-forwarded-for': '10.5.5.5' }
  const replies = await Promise.all(
    Array.from({ length: 40 }, (_none, i) => give(`guess ${i}`, i % 2)),
  )
  assert.ok(replies.every(({ status }) => status === 422))
  const [counted] = await copies.sql.query<{ count: number }>(
    'SELECT max(count) AS count FROM guesses WHERE known AND at = $1',
    [now()],
  )
  assert.equal(counted?.count, 10)
  const right = await give(person.password)
  assert.deepEqual([right.status, right.json['error']], [422, 'wrong-password'], 'one reply')
  copies.clock.advance(30)
  assert.equal((await give(person.password)).status, 200)
})

function now(): Date {
  return copies.clock.now()
}

function base(copy: number): string | undefined {
  return copies.all[copy]?.base
}

/** Somebody with a session in which both proofs were just given. */
async function somebody({ kinds }: Place): Promise<{ person: Person; own: Visitor }> {
  const person = await addSomebody(copies.world, kinds)
  const own = copies.visitor()
  if (kinds.includes('totp')) await signIn(own, person, now())
  else {
    await givePassword(own, person)
    await own.api('POST', '/sign-in/method', { method: person.methods['email'] })
    await giveCode(own, codeIn(copies.newest(person.email)))
  }
  copies.clock.advance(30)
  assert.equal((await own.api('GET', '/session')).status, 200)
  return { person, own }
}

async function recoveryFailures(person: Person): Promise<number> {
  const [row] = await copies.sql.query<{ failures: number }>(
    'SELECT failures FROM recovery_sets WHERE account_id = $1',
    [person.id],
  )
  return row?.failures ?? -1
}

async function pendingFailures(person: Person): Promise<number> {
  const [row] = await copies.sql.query<{ failures: number }>(
    'SELECT failures FROM methods WHERE account_id = $1 AND confirmed_at IS NULL',
    [person.id],
  )
  return row?.failures ?? -1
}

function wrongOf(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

function lookedAt(replies: readonly Reply[]): number {
  return replies.filter(({ json }) => {
    const details = json['details'] as { attemptsLeft?: number } | undefined
    return details?.attemptsLeft !== undefined
  }).length
}
