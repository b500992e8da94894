import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { owner, tokensIn } from './a-founded-world.ts'

let copies: Copies
let ada: Visitor
before(async () => {
  copies = await startCopies({ config: { signUpOpen: true, supportEmail: 'help@example.com' } })
  ada = copies.visitor()
})
after(() => copies.stop())

const newestToken = (to: string, path: string) =>
  tokensIn(
    copies.inbox.list().map(({ letter }) => letter),
    to,
    path,
  )[0] ?? ''

type OpenedLink = { readonly path: string; readonly page: Reply; readonly link: string }

/** Follows a link as a browser does, to the page behind it and the id that its form names. */
async function follow(visitor: Visitor, address: string): Promise<OpenedLink> {
  const moved = await visitor.get(address)
  assert.equal(moved.status, 303, moved.text)
  const path = moved.headers.get('location') ?? ''
  const page = await visitor.get(path)
  assert.equal(page.status, 200, page.text)
  return { path, page, link: /name="link" value="([^"]+)"/.exec(page.text)?.[1] ?? '' }
}

/** The opening tags of the page's visible inputs, by their name. */
function inputs(page: string): Record<string, string> {
  const tags = [...page.matchAll(/<input[^>]*\bname="([^"]+)"[^>]*>/g)]
  return Object.fromEntries(tags.map(([tag, name = '']) => [name, tag]))
}

test('PW-06: the first owner’s page can be filled in by a password manager', async () => {
  const address = new URL((await mintFirstOwnerLink(copies.world)) ?? '').pathname
  const { path, page, link } = await follow(ada, address)
  assert.equal(path, '/welcome')
  const fields = inputs(page.text)
  assert.match(fields['team'] ?? '', /autocomplete="organization"/)
  assert.match(fields['name'] ?? '', /autocomplete="name"/)
  assert.match(fields['email'] ?? '', /autocomplete="username"/)
  assert.match(fields['password'] ?? '', /autocomplete="new-password"/)
  assert.doesNotMatch(page.text, /maxlength|onpaste/)
  assert.match(page.text, /data-show="field-password"/)
  assert.match(page.text, /At least 15 characters/)

  const wrong = await ada.post(path, { ...owner, link, password: 'short', name: '<b>Ada</b>' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /at least 15 characters/)
  assert.match(inputs(wrong.text)['name'] ?? '', /value="&lt;b&gt;Ada&lt;\/b&gt;"/)
  assert.doesNotMatch(inputs(wrong.text)['password'] ?? '', /value=/)

  const made = await ada.post(path, { ...owner, link })
  assert.equal(made.status, 303)
  assert.equal(made.headers.get('location'), '/sign-in?notice=account-ready')
  assert.equal(ada.jar.has('session'), false)
  assert.match((await ada.get('/sign-in?notice=account-ready')).text, /Your account is ready/)
  for (const over of [address, path]) assert.equal((await ada.get(over)).status, 410)
  assert.equal((await ada.post(path, { ...owner, link })).status, 410)
})

test('EML-04: GET and HEAD of a link confirm nothing; its form does, once', async () => {
  await copies.delivered()
  const address = `/verify-email/${newestToken(owner.email, 'verify-email')}`
  const confirmed = async () =>
    (await copies.sql.query('SELECT 1 FROM accounts WHERE email_verified_at IS NOT NULL')).length
  for (let i = 0; i < 5; i++) {
    await follow(ada, address)
    const looked = await fetch(ada.base + address, { method: 'HEAD', redirect: 'manual' })
    assert.equal(looked.status, 303)
  }
  assert.equal(await confirmed(), 0)
  const { path, link } = await follow(ada, address)
  const done = await ada.post(path, { link })
  assert.equal(done.status, 200)
  assert.match(done.text, /that’s confirmed/)
  assert.equal(await confirmed(), 1)
  assert.equal((await ada.post(path, { link })).status, 410)
})

test('FLOW-11: the answer to a sign-up is the same page for known and unknown addresses', async () => {
  const answers = ['ada@example.com', 'new@example.com'].map(async (email) => {
    const page = await copies.visitor().post('/sign-up', { email })
    const bare = page.text.replaceAll(email, 'ADDRESS')
    return [page.status, bare.replace(/value="[\w-]{43}"|nonce="[^"]+"/g, '')]
  })
  const [known, unknown] = await Promise.all(answers)
  assert.deepEqual(known, unknown)
  const api = copies.visitor()
  const one = await api.api('POST', '/sign-ups', { email: 'ada@example.com' })
  const two = await api.api('POST', '/sign-ups', { email: 'newer@example.com' })
  assert.deepEqual([one.status, one.text], [two.status, two.text])
})

test('a newcomer signs up by the link from the mail', async () => {
  const grace = copies.visitor()
  assert.equal((await grace.post('/sign-up', { email: 'grace@example.com' })).status, 200)
  await copies.delivered()
  const address = `/sign-up/${newestToken('grace@example.com', 'sign-up')}`
  const { path, page, link } = await follow(grace, address)
  assert.match(page.text, /value="grace@example.com"\s+autocomplete="username"/)
  const fields = { link, name: 'Grace Hopper', password: 'otter lantern quilt' }
  const made = await grace.post(path, fields)
  assert.equal(made.headers.get('location'), '/sign-in?notice=account-ready')
  assert.equal(grace.jar.has('session'), false)
  assert.equal((await grace.post(path, fields)).status, 410)
  assert.equal((await grace.get(address)).status, 410)
})

test('ENR-10: nothing but its own fields is taken from a sign-up', async () => {
  const eve = copies.visitor()
  await eve.api('POST', '/sign-ups', { email: 'eve@example.com' })
  await copies.delivered()
  const token = newestToken('eve@example.com', 'sign-up')
  const made = await eve.api('POST', '/accounts', {
    token,
    name: 'Eve',
    password: 'otter lantern quilt',
    email: 'ada@example.com',
    role: 'owner',
    id: '00000000-0000-4000-8000-000000000009',
    epoch: 9,
  })
  assert.deepEqual([made.status, made.json['email']], [200, 'eve@example.com'])
  assert.notEqual(made.json['id'], '00000000-0000-4000-8000-000000000009')
  const rows = await copies.sql.query<{ role: string }>(
    'SELECT role FROM memberships WHERE account_id = $1',
    [made.json['id']],
  )
  assert.deepEqual(rows, [])
})

test('PRV-01: the profile says what the phone is for, and takes one of any country', async () => {
  const signedIn = await ada.post('/sign-in', { email: owner.email, password: owner.password })
  assert.equal(signedIn.status, 303)
  const page = await ada.get('/settings/profile')
  const text = page.text.replace(/\s+/g, ' ')
  assert.match(text, /for sign-in security only: .* not used for search, advertising or anything/)
  const fields = { name: 'Ada <script>', phone: '0049 1512 3456789', role: 'admin', email: 'x@y.z' }
  const saved = await ada.post('/settings/profile', fields)
  assert.equal(saved.headers.get('location'), '/settings/profile?notice=phone-saved')
  const after = await ada.get('/settings/profile?notice=phone-saved')
  assert.match(after.text, /Codes by text keep going to the number you turned them on with/)
  assert.match(inputs(after.text)['phone'] ?? '', /value="\+49 1512 3456789"/)
  assert.match(after.text, /Ada &lt;script&gt;/)
  assert.doesNotMatch(after.text, /Ada <script>/)
  const profile = await ada.api('GET', '/profile')
  assert.deepEqual(profile.json, {
    name: 'Ada <script>',
    email: owner.email,
    email_verified: true,
    phone: '+4915123456789',
  })
})

test('FLOW-14: several phones, or one that is no text, are refused and change nothing', async () => {
  for (const phone of [['+447400123456'], { number: 1 }, 447400123456, true, 'x'.repeat(101)]) {
    const refused = await ada.api('PATCH', '/profile', { phone })
    assert.deepEqual([refused.status, refused.json['error']], [400, 'bad-input'])
  }
  const wrong = await ada.post('/settings/profile', { name: 'Ada', phone: '07400 123456' })
  assert.equal(wrong.status, 422)
  assert.match(inputs(wrong.text)['phone'] ?? '', /value="07400 123456"[^>]*aria-invalid="true"/)
  assert.match(wrong.text, /Start with \+ and the country code/)
  assert.equal((await ada.api('GET', '/profile')).json['phone'], '+4915123456789')
})

test('NTF-03: from the notice of another phone to "this was not me", without signing in', async () => {
  await copies.delivered()
  const stranger = copies.visitor()
  const address = `/not-me/${newestToken(owner.email, 'not-me')}`
  const { path, page, link } = await follow(stranger, address)
  assert.match(page.text, /is signed out, on every device/)
  assert.doesNotMatch(page.text, /ada@example\.com/)
  assert.equal((await ada.get('/settings/profile')).status, 200)
  const done = await stranger.post(path, { link })
  assert.match(done.text, /Everybody is signed out/)
  assert.match(done.text, /mailto:help@example.com/)
  assert.equal((await ada.get('/settings/profile')).status, 303)
  assert.equal((await stranger.post(path, { link })).status, 410)
})

test('WEB-01: a form from elsewhere, or without its token, uses no link up', async () => {
  await copies.visitor().post('/sign-up', { email: 'safe@example.com' })
  await copies.delivered()
  const visitor = copies.visitor()
  const address = `/sign-up/${newestToken('safe@example.com', 'sign-up')}`
  const { path, link } = await follow(visitor, address)
  const fields = { link, name: 'Mallory', password: 'otter lantern quilt' }
  assert.equal((await visitor.post(path, fields, { withToken: false })).status, 403)
  const headers = { origin: 'https://evil.example' }
  assert.equal((await visitor.post(path, fields, { headers })).status, 403)
  await follow(visitor, address)
})

test('AUD-02: no link, password or number is in what was logged', () => {
  const lines = copies.logged()
  for (const secret of [owner.password, 'otter lantern', '4915123456789', '1512 3456789']) {
    assert.ok(!lines.includes(secret), secret)
  }
  assert.doesNotMatch(lines, /(welcome|sign-up|verify-email|not-me)\/[\w-]{43}/)
})

test('a sign-up that is closed says so', async () => {
  const closed = await startCopies()
  after(() => closed.stop())
  const page = await closed.visitor().get('/sign-up')
  assert.equal(page.status, 403)
  assert.match(page.text, /by invitation/)
  const asked = await closed.visitor().api('POST', '/sign-ups', { email: 'a@example.com' })
  assert.deepEqual([asked.status, asked.json['error']], [403, 'sign-up-closed'])
})
