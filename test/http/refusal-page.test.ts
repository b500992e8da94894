import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalPage } from '../../src/http/html/refusal-page.ts'
import { sentence } from '../../src/http/html/words.ts'
import type { View } from '../../src/http/html/view.ts'
import { reasons, refuse } from '../../src/reasons.ts'
import type { Reason } from '../../src/reasons.ts'

const all = Object.keys(reasons) as Reason[]

test('every refusal without a page of its own has one that says what happened, once', async () => {
  for (const reason of all.filter((one) => one !== 'bad-input')) {
    const refusal = refuse(reason, { requestId: '00ff' })
    const page = await draw(reason)
    const heading = /<h1[^>]*>([^<]+)</.exec(page)?.[1] ?? ''
    assert.notEqual(heading, '', reason)
    assert.notEqual(heading, 'Error', reason)
    assert.equal(page.split(escaped(sentence(refusal))).length, 2, reason)
    assert.ok(page.includes(`<title>Error: ${heading} · Acme</title>`), reason)
  }
})

test('a wrong address does not send people looking for a form that is not there', async () => {
  const page = await draw('bad-input')
  assert.doesNotMatch(page, /fields marked below/)
  assert.ok(page.includes(escaped(sentence(refuse('not-found')))))
})

test('there is always a way on: to the start page or to sign in, and to Help', async () => {
  for (const reason of all) {
    const visitor = await draw(reason)
    assert.match(visitor, /class="button primary" href="\/(sign-in)?"/, reason)
    assert.match(visitor, /href="\/help"/)
    const member = await draw(reason, { name: 'Ada', email: 'ada@example.com' })
    assert.match(member, /class="button primary" href="\/"/, reason)
    assert.match(member, /href="\/settings\/security"/)
  }
})

test('AUD-04: what went wrong on our side is told by a number, nothing else', async () => {
  const page = await draw('unexpected')
  assert.match(page, /tell us this number: 00ff/)
})

async function draw(reason: Reason, account: View['account'] = null): Promise<string> {
  const page = await refusalPage({
    productName: 'Acme',
    logoUrl: null,
    supportEmail: null,
    supportChatUrl: null,
    signUpOpen: false,
    inbox: false,
    path: '/nowhere',
    antiForgery: 'token',
    teams: [],
    team: null,
    restricted: false,
    nonce: 'nonce',
    account,
    refusal: refuse(reason, { requestId: '00ff' }),
    values: {},
    now: new Date('2026-11-24T12:00:00Z'),
    assets: { style: '/style.css', script: '/app.js' },
    notice: null,
  })
  return page.toString()
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
