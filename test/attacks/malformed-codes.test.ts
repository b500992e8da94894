import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { arabic, asForm, asJson, fullWidth } from '../support/malformed-code.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { formOf, formType, sendRaw } from '../support/raw-request.ts'
import { askLink, follow } from '../support/reset.ts'
import { rowsBut, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1000, sendsPerDayMax: 1000 }
  copies = await startCopies({ config: { ...config, stepUpLifetimeMinutes: 1440 } })
})
after(() => copies.stop())

/** A check of a code: how it comes about, and where it is asked for as API and as form. */
type Check = {
  readonly name: string
  readonly open: () => Promise<{ person: Person; browser: Visitor; api: string; form: string }>
  readonly right: (person: Person) => string
}

const checks: readonly Check[] = [
  {
    name: 'an app’s code at sign-in',
    right: (person) => appCode(person, copies.clock.now()),
    async open() {
      const { person, browser } = await pending('totp')
      return { person, browser, api: '/sign-in/code', form: '/sign-in/code' }
    },
  },
  {
    name: 'a sent code at sign-in',
    right: (person) => codeIn(copies.newest(person.phone)),
    async open() {
      const { person, browser } = await pending('sms')
      return { person, browser, api: '/sign-in/code', form: '/sign-in/code' }
    },
  },
  {
    name: 'the code of a step-up',
    right: (person) => appCode(person, copies.clock.now(), 1),
    async open() {
      const { person, browser } = await signedIn()
      await browser.api('POST', '/step-up/method', { method: person.methods['totp'] })
      return { person, browser, api: '/step-up/code', form: '/step-up/code' }
    },
  },
  {
    name: 'the first code of a set-up',
    right: (person) => codeIn(copies.newest(person.phone)),
    async open() {
      const { person, browser } = await signedIn()
      const setUp = await browser.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
      const path = `/methods/${String(setUp.json['id'])}/confirm`
      return { person, browser, api: path, form: `/settings/security${path}` }
    },
  },
  {
    name: 'the code for a new password',
    right: (person) => codeIn(copies.newest(person.phone)),
    async open() {
      const person = await addSomebody(copies.world, ['sms'])
      const browser = await follow(copies, await askLink(copies, person))
      await browser.api('POST', '/password-reset/method', { method: person.methods['sms'] })
      return { person, browser, api: '/password-reset/code', form: '/reset-password/code' }
    },
  },
]

for (const { name, open, right } of checks) {
  test(`FLOW-14: ${name}: what is not one text of six digits is one failed try at most`, async () => {
    const { person, browser, api, form } = await open()
    const code = right(person)
    const sessions = await sessionsOf(copies.sql, person.id)
    const tries = [
      ...asJson(code).map((body) => () => sendRaw(browser, 'POST', `/api/v1${api}`, { body })),
      ...asForm(code).map((fields) => () => {
        const body = formOf(browser, fields)
        return sendRaw(browser, 'POST', form, { body, type: formType })
      }),
    ]
    for (const send of tries) {
      await refillTries(person)
      const rows = await rowsBut(copies.sql, 'events', 'challenges', 'methods')
      const reply = await send()
      assertRefused(reply)
      assert.ok((await spentTries(person)) <= 1, 'one try at most')
      assert.deepEqual(await rowsBut(copies.sql, 'events', 'challenges', 'methods'), rows)
    }
    assert.equal(await sessionsOf(copies.sql, person.id), sessions)
    await refillTries(person)
    const reply = await browser.api('POST', api, { code })
    assert.equal(reply.status, 200, reply.text)
  })
}

test('FLOW-14: no request carries several guesses, wherever they are put', async () => {
  const { person, browser } = await pending('totp')
  const code = appCode(person, copies.clock.now())
  const others = { code_2: code, codes: [code, '000001'], recovery_code: person.recoveryCodes[0] }
  const path = `/api/v1/sign-in/code?code=${code}&code=000001`
  const headers = { 'x-code': code, cookie: `code=${code}` }
  const body = JSON.stringify({ ...others, code: '000000' })
  const reply = await sendRaw(browser, 'POST', path, {
    body,
    headers: { 'x-code': headers['x-code'] },
  })
  assertRefused(reply)
  assert.equal(await spentTries(person), 1)
  const twice = `{"code":"${code}","code":"000000"}`
  assertRefused(await sendRaw(browser, 'POST', '/api/v1/sign-in/code', { body: twice }))
  assert.equal(await spentTries(person), 2, 'of a name that comes twice, one is looked at')
})

test('FLOW-14: other kinds of body hold no code', async () => {
  const { person, browser } = await pending('totp')
  const code = appCode(person, copies.clock.now())
  const json = JSON.stringify({ code })
  const multipart = `--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n${code}\r\n--x--`
  const bodies: [string, string, string][] = [
    ['/api/v1/sign-in/code', 'text/plain', json],
    ['/api/v1/sign-in/code', formType, `code=${code}`],
    ['/api/v1/sign-in/code', 'application/xml', `<code>${code}</code>`],
    ['/api/v1/sign-in/code', 'multipart/form-data; boundary=x', multipart],
    ['/sign-in/code', 'multipart/form-data; boundary=x', multipart],
    ['/sign-in/code', 'application/json', json],
    ['/sign-in/code', 'text/plain', `code=${code}`],
  ]
  for (const [path, type, body] of bodies) {
    const reply = await sendRaw(browser, 'POST', path, { body, type })
    assert.ok([400, 403, 415].includes(reply.status), `${type}: ${reply.status}`)
  }
  assert.equal(await spentTries(person), 0)
  assert.equal((await giveCode(browser, code)).status, 200)
})

test('CODE-08: a code typed in other ways is one code: one success, the others are reuse', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const code = appCode(person, copies.clock.now())
  const [a, b] = [code.slice(0, 3), code.slice(3)]
  const ways = [` ${code}`, code, `${a} ${b}`, `${a}-${b}`, `${code}\n`, `\u00a0${a}\u00a0${b}`]
  const replies: Reply[] = []
  for (const way of ways) {
    const browser = copies.visitor()
    await givePassword(browser, person)
    replies.push(await giveCode(browser, way))
  }
  assert.deepEqual(
    replies.map(({ json }) => json['error'] ?? 'in'),
    ['in', ...Array.from({ length: 5 }, () => 'code-used')],
  )
  assert.equal(await sessionsOf(copies.sql, person.id), 1)
})

test('CODE-08: characters nobody sees and digits of other scripts are refused', async () => {
  const { person, browser } = await pending('sms')
  const code = codeIn(copies.newest(person.phone))
  const hidden = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\u0000', '\u0301']
  const ways = [...hidden.map((one) => code.slice(0, 3) + one + code.slice(3)), fullWidth(code)]
  for (const way of [...ways, arabic(code), `${code}.`, `-${code}`]) {
    await refillTries(person)
    const reply = await giveCode(browser, way)
    assert.equal(reply.json['error'], 'wrong-code', JSON.stringify(way))
  }
  assert.equal((await giveCode(browser, code)).status, 200)
})

test('CODE-08: a recovery code typed in other ways works once', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [code = ''] = person.recoveryCodes
  const ways = [
    code.toLowerCase(),
    code,
    code.replaceAll('-', ''),
    ` ${code.replaceAll('-', ' ')} `,
  ]
  const statuses: number[] = []
  for (const recovery_code of ways) {
    const browser = copies.visitor()
    await givePassword(browser, person)
    statuses.push((await browser.api('POST', '/sign-in/recovery-code', { recovery_code })).status)
  }
  assert.deepEqual(statuses, [200, 422, 422, 422])
})

async function pending(kind: 'totp' | 'sms') {
  const person = await addSomebody(copies.world, [kind])
  const browser = copies.visitor()
  assert.equal((await givePassword(browser, person)).status, 200)
  return { person, browser }
}

async function signedIn() {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await signIn(browser, person, copies.clock.now())
  return { person, browser }
}

const triesMax = 5

/** Gives the tries back, so that every form is looked at. */
async function refillTries({ id }: Person): Promise<void> {
  await copies.sql.query('UPDATE challenges SET attempts_left = $2 WHERE account_id = $1', [
    id,
    triesMax,
  ])
  await copies.sql.query(
    `UPDATE methods SET failures = 0, not_before = 'epoch'
     WHERE id IN (SELECT method_id FROM challenges WHERE account_id = $1)`,
    [id],
  )
}

/** How many tries the person's challenge has lost since. */
async function spentTries({ id }: Person): Promise<number> {
  const [row] = await copies.sql.query<{ left: number }>(
    'SELECT min(attempts_left) AS left FROM challenges WHERE account_id = $1',
    [id],
  )
  return triesMax - (row?.left ?? Number.NaN)
}

function assertRefused(reply: Reply): void {
  assert.ok([400, 422].includes(reply.status), `${reply.status} ${reply.text}`)
  assert.deepEqual(reply.setCookies, [])
}
