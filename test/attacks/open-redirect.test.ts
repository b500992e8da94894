import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { sameSitePath } from '../../src/http/field.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { appCode } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ config: { sourceGuessesMax: 1000 } })
})
after(() => copies.stop())

const leadAway = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'https:evil.example',
  'https://evil.example',
  'HTTPS://evil.example',
  'http:///evil.example',
  '//evil.example/%2f..',
  '@evil.example',
  '.evil.example',
  'evil.example',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,x',
  '/%0d%0aLocation:%20https://evil.example',
  '/\r\nSet-Cookie: session=x',
  '/%0aSet-Cookie:x',
  '/%5cevil.example',
  '/%2f%2fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/%2e//evil.example',
  '/%2E%2e//evil.example',
  '/settings/..//evil.example',
  '/settings/%2e%2e//evil.example',
  '/settings/../..//evil.example',
  '/a/.././/evil.example',
  '',
  '?x',
  '#x',
  '/'.padEnd(600, 'a'),
]

test('FLOW-13: no return address leads away after the password alone', async () => {
  const person = await addSomebody(copies.world)
  for (const return_to of leadAway) {
    const { email, password } = person
    const byForm = await copies.visitor().post('/sign-in', { email, password, return_to })
    assert.equal(byForm.status, 303, return_to)
    assert.equal(byForm.headers.get('location'), '/', return_to)
    const byApi = await copies.visitor().api('POST', '/sign-in', { email, password, return_to })
    assert.equal(byApi.json['return_to'], null, return_to)
  }
})

test('FLOW-13: no return address leads away after both steps, wherever it is given', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const { email, password } = person
  for (const return_to of leadAway) {
    const browser = copies.visitor()
    const query = new URLSearchParams({ return_to }).toString()
    await browser.post(`/sign-in?${query}`, { email, password, return_to })
    const code = appCode(person, copies.clock.now())
    const done = await browser.post(`/sign-in/code?${query}`, { code, return_to })
    assert.equal(done.headers.get('location'), '/', return_to)
    copies.clock.advance(30)
  }
})

test('FLOW-13: nor does one that is not a text', async () => {
  const { email, password } = await addSomebody(copies.world)
  for (const return_to of [['//evil.example'], { a: '/' }, 7, true, null]) {
    const reply = await copies.visitor().api('POST', '/sign-in', { email, password, return_to })
    assert.equal(reply.json['return_to'], null, JSON.stringify(return_to))
  }
})

test('FLOW-13: a path of this site survives both steps', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const { email, password } = person
  const return_to = '/settings/security/set-up?a=b%20c'
  const browser = copies.visitor()
  const door = await browser.get('/settings/security/set-up?a=b%20c')
  const [, asked = ''] = (door.headers.get('location') ?? '').split('return_to=')
  assert.equal(decodeURIComponent(asked), return_to)
  const page = await browser.get(`/sign-in?return_to=${asked}`)
  assert.match(page.text, /name="return_to" value="\/settings\/security\/set-up\?a=b%20c"/)
  await browser.post('/sign-in', { email, password, return_to })
  const done = await browser.post('/sign-in/code', { code: appCode(person, copies.clock.now()) })
  assert.equal(done.headers.get('location'), return_to)
})

test('FLOW-13: inside a session no return address of a step-up leads away', async () => {
  const person = await addSomebody(copies.world)
  const { email, password } = person
  const browser = copies.visitor()
  await browser.post('/sign-in', { email, password })
  for (const return_to of leadAway) {
    const done = await browser.post('/step-up/password', { password, return_to })
    assert.match(done.headers.get('location') ?? '', /^\/settings\/security$/, return_to)
  }
})

test('FLOW-13: whatever is typed, what is left of it stays on this site in every browser', () => {
  const part = fc.constantFrom(
    '/',
    '//',
    '.',
    '..',
    '\\',
    '%2e',
    '%2F',
    '@',
    ':',
    'a',
    'evil.example',
  )
  const built = fc.array(part, { maxLength: 12 }).map((parts) => `/${parts.join('')}`)
  fc.assert(
    fc.property(fc.oneof(built, fc.webUrl(), fc.string()), (typed) => {
      const path = sameSitePath(typed)
      if (path === null) return
      assert.equal(new URL(path, 'https://own.example/sign-in').host, 'own.example', path)
      assert.match(path, /^\/(?![/\\])/)
    }),
    { numRuns: 5000 },
  )
})
