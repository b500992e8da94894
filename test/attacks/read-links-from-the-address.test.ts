import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import { insertLink } from '../../src/accounts/link-store.ts'
import type { LinkPurpose } from '../../src/accounts/link-store.ts'
import { newId } from '../../src/crypto/random.ts'
import { linkToken } from '../../src/crypto/tokens.ts'
import { routes } from '../../src/routes.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink } from '../support/reset.ts'
import { countOf, rowsBut } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

/*
 * Whoever reads an address bar, a history, a referrer or a proxy's log afterwards: the token of a
 * mailed or printed link must not be there, and the page behind it must not be moved to another link.
 */

let copies: Copies
let person: Person
/** The tokens of the links of every kind, by the address they have. */
const tokens: Record<string, string> = {}
before(async () => {
  copies = await startCopies({ copies: 2, config: { signUpOpen: true, sendPauseSeconds: 0 } })
  const welcome = await mintFirstOwnerLink(copies.world)
  tokens['/welcome'] = welcome?.split('/').at(-1) ?? ''
})
after(() => copies.stop())

const behind: Readonly<Record<string, string>> = {
  '/welcome': '/welcome',
  '/sign-up': '/finish-sign-up',
  '/verify-email': '/verify-email',
  '/not-me': '/not-me',
  '/reset-password': '/reset-password',
  '/change-email': '/change-email',
  '/notify-email': '/notify-email',
  '/invitation': '/invitation',
  '/recovery-case': '/recovery-case',
  '/recover-account': '/recover-account',
}

/** Looks at the link as scanners, previews and people do, and holds every table against before. */
async function onlyLooks(address: string, token: string): Promise<void> {
  const rows = await rowsBut(copies.sql)
  const path = `${address}/${token}`
  const base = copies.all[0]?.base ?? ''
  for (let i = 0; i < 5; i++) {
    const head = await fetch(base + path, { method: 'HEAD', redirect: 'manual' })
    assert.equal(head.status, 303, path)
    const visitor = copies.visitor(i % 2)
    const first = await visitor.get(path)
    assert.deepEqual([first.status, first.headers.get('location')], [303, behind[address]])
    assert.ok(!first.text.includes(token))
    const page = await visitor.get(behind[address] ?? '')
    assert.equal(page.status, 200, page.text)
    assert.ok(!page.text.includes(token))
    assert.match(page.text, /<form[^>]*method="post"/)
    assert.match(page.text, /name="link" value="[0-9a-f-]{36}"/)
    const cookie = first.setCookies.find((line) => line.startsWith('link='))
    assert.match(cookie ?? '', /; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1800$/)
    for (const { headers, text } of [first, page]) {
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.deepEqual([...text.matchAll(/(?:src|href)="(https?:[^"]*)"/g)], [])
    }
  }
  assert.deepEqual(await rowsBut(copies.sql), rows)
}

test('PW-11, WEB-06, EML-04: the first owner’s link leaves the address bar and changes nothing', async () => {
  await onlyLooks('/welcome', tokens['/welcome'] ?? '')
})

test('PW-11, WEB-06, EML-04: every mailed link leaves the address bar and changes nothing', async () => {
  person = await addSomebody(copies.world)
  tokens['/reset-password'] = await askLink(copies, person)
  for (const purpose of ['sign-up', 'verify-email', 'not-me'] as const) {
    const email = purpose === 'sign-up' ? 'new@example.com' : person.email
    tokens[`/${purpose}`] = await writeLink(purpose, person.id, email)
  }
  for (const [address, token] of Object.entries(tokens)) {
    if (address !== '/welcome') await onlyLooks(address, token)
  }
})

test('WEB-06: no row of the table but those that move it on has a token in its address', () => {
  const withToken = routes.flatMap((route) => {
    const paths = ['get' in route && route.get, 'post' in route && route.post, route.api]
    return paths.some((path) => path && path.includes(':token')) ? [route] : []
  })
  assert.ok(withToken.every((route) => 'movesTo' in route))
  const moves = withToken.map((route) => 'movesTo' in route && [route.get, route.movesTo])
  assert.deepEqual(
    Object.fromEntries(moves.filter((move) => move !== false)),
    Object.fromEntries(Object.entries(behind).map(([from, to]) => [`${from}/:token`, to])),
  )
})

test('FLOW-04: a link opens the page of its own kind and no other', async () => {
  for (const [address, token] of Object.entries(tokens)) {
    if (address === '/welcome') continue
    const visitor = copies.visitor()
    await visitor.get(`${address}/${token}`)
    for (const [other, page] of Object.entries(behind)) {
      const reply = await visitor.get(page)
      assert.equal(reply.status, other === address ? 200 : 410, `${address} at ${page}`)
    }
  }
})

test('FLOW-09: what was typed for one link never reaches another opened in the same browser', async () => {
  const [ann, ben] = ['ann@example.com', 'ben@example.com']
  const visitor = copies.visitor()
  const link = await open(visitor, '/sign-up', await writeLink('sign-up', null, ann))
  await open(visitor, '/sign-up', await writeLink('sign-up', null, ben))
  const fields = { link, name: 'Ann with a secret name', password: 'six unrelated marble words' }
  const typed = await visitor.post('/finish-sign-up', fields)
  assert.equal(typed.status, 410)
  assert.ok(!typed.text.includes('secret name') && !typed.text.includes(ben), 'not into its form')
  const short = await visitor.post('/finish-sign-up', { ...fields, password: 'short' })
  assert.equal(short.status, 410)
  const made = 'SELECT 1 FROM accounts WHERE email IN ($1, $2)'
  assert.equal(await countOf(copies.sql, made, ann, ben), 0)
})

test('FLOW-09: the same of a confirmation, a report and a reset, whichever link came after', async () => {
  const [mine, other] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const own = copies.visitor()
  await givePassword(own, other)
  const fields = { password: 'six unrelated marble words' }
  for (const address of ['/verify-email', '/not-me', '/reset-password']) {
    const visitor = copies.visitor()
    const purpose = address.slice(1) as 'verify-email' | 'not-me' | 'reset-password'
    const link = await open(visitor, address, await tokenFor(purpose, mine))
    for (const later of [purpose, 'sign-up'] as const) {
      await open(visitor, `/${later}`, await tokenFor(later, other))
      assert.equal((await visitor.post(address, { ...fields, link })).status, 410)
    }
  }
  assert.equal((await own.api('GET', '/session')).status, 200, 'nothing was reported for them')
  for (const one of [mine, other]) {
    assert.equal((await givePassword(copies.visitor(), one)).status, 200)
  }
})

test('PW-11: the link is used up and forgotten by this browser, and by the API it needs no cookie', async () => {
  const visitor = copies.visitor()
  const link = await open(visitor, '/not-me', tokens['/not-me'] ?? '')
  assert.equal((await visitor.post('/not-me', { link })).status, 200)
  assert.ok(!visitor.jar.has('link'))
  assert.equal((await visitor.post('/not-me', { link })).status, 410)
  const token = tokens['/verify-email']
  const api = copies.visitor(1)
  assert.equal((await api.api('POST', '/email-verifications', {})).status, 410)
  assert.equal((await api.api('POST', '/email-verifications', { token })).status, 200)
})

/** Follows the link; gives the id that its form names. */
async function open(visitor: Visitor, address: string, token: string): Promise<string> {
  assert.equal((await visitor.get(`${address}/${token}`)).status, 303)
  const page = await visitor.get(behind[address] ?? '')
  return /name="link" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

function tokenFor(purpose: LinkPurpose, { id, email }: Person): Promise<string> {
  if (purpose === 'reset-password') return askLink(copies, { email })
  return writeLink(purpose, id, purpose === 'sign-up' ? `x-${email}` : email)
}

async function writeLink(
  purpose: LinkPurpose,
  accountId: string | null,
  email: string,
): Promise<string> {
  const { world } = copies
  const now = world.clock()
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + 3_600_000)
  const link = { id, purpose, accountId, email, now, expiresAt, usedAt: null }
  await insertLink(world.sql, link, '[]', '[]')
  return linkToken(world.keys, id, purpose)
}
