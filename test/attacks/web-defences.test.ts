/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { createApp, type App } from '../../src/app.ts'
import { routes } from '../../src/routes.ts'
import { arriveAt, giveCode, givePassword, press, signOut } from '../browser/acts.ts'
import { startStage, type Stage } from '../browser/stage.ts'
import type { Person } from '../support/people.ts'
import { appCode, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const someId = '019e0000-0000-7000-8000-000000000000'
const inPlace = (path: string) =>
  path
    .replace(/:kind/, 'totp')
    .replace(/:token/, 'no-such-token')
    .replace(/:\w+/g, someId)

type Write = { readonly verb: string; readonly path: string; readonly json: boolean }

/** Every address that changes something: forms, and calls of the API. */
const writes: readonly Write[] = routes.flatMap((route): Write[] => [
  ...('post' in route ? [{ verb: 'POST', path: inPlace(route.post), json: false }] : []),
  ...(route.api && !route.api.startsWith('GET ') ? [apiWrite(route.api)] : []),
])

function apiWrite(api: string): Write {
  const [verb = '', path = ''] = api.split(' ')
  return { verb, path: `/api/v1${inPlace(path)}`, json: true }
}

/** Every page there is. */
const pages = routes.flatMap((route) => ('get' in route ? [inPlace(route.get)] : []))

/** Everything the database holds but the security log, where refusals are written. */
async function everything(): Promise<string> {
  const tables = ['accounts', 'methods', 'sessions', 'challenges', 'recovery_sets']
  const more = ['recovery_codes', 'trusted_devices', 'messages', 'links', 'teams', 'memberships']
  const rows = [...tables, ...more].map((table) =>
    stage.sql(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} t`, []),
  )
  return JSON.stringify(await Promise.all(rows))
}

async function member(...kinds: ('totp' | 'sms' | 'email')[]): Promise<[Visitor, Person]> {
  const person = await stage.somebody(...kinds)
  const visitor = stage.copies.visitor()
  stage.wait()
  await signIn(visitor, person, stage.copies.clock.now())
  return [visitor, person]
}

/** Sends a write with everything right but what `how` says. */
async function send(
  visitor: Visitor,
  { verb, path, json }: Write,
  how: { headers?: Record<string, string>; token?: string | null; verb?: string; type?: string },
): Promise<Reply> {
  const token = how.token === undefined ? visitor.token : how.token
  const fields = { email: 'a@example.com', password: 'x', code: '123456', saved: 'yes', name: 'N' }
  const form = new URLSearchParams({ ...fields, ...(token !== null && { anti_forgery: token }) })
  const cookie = [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const method = how.verb ?? verb
  const response = await fetch(visitor.base + path, {
    method,
    redirect: 'manual',
    headers: {
      cookie,
      origin: visitor.base,
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(json && token !== null && { 'anti-forgery-token': token }),
      ...how.headers,
    },
    ...(method !== 'GET' && { body: json ? JSON.stringify(fields) : form.toString() }),
  })
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, text, json: {}, setCookies: headers.getSetCookie() }
}

test('WEB-01: every write needs the token of its own cookie and comes from our own pages', async () => {
  const [victim] = await member('totp', 'sms')
  const [attacker] = await member('totp')
  const before = await everything()
  const forged = {
    'no token': { token: null },
    'the token of another session': { token: attacker.token },
    'another origin': { headers: { origin: 'https://evil.example' } },
    'another site': { headers: { 'sec-fetch-site': 'cross-site' } },
    'a site beside ours': { headers: { 'sec-fetch-site': 'same-site' } },
  }
  assert.ok(writes.length > 40, `${writes.length} writes`)
  for (const write of writes) {
    for (const [what, how] of Object.entries(forged)) {
      const { status } = await send(victim, write, how)
      assert.equal(status, 403, `${write.verb} ${write.path} with ${what}`)
    }
  }
  assert.equal(await everything(), before, 'nothing was changed')
})

test('WEB-01: no GET changes anything, no header or field turns one verb into another', async () => {
  const [victim] = await member('totp', 'sms')
  const cookie = [...victim.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const before = await everything()
  for (const write of writes) {
    const overridden = {
      'x-http-method-override': write.verb,
      'x-method-override': write.verb,
      'x-http-method': write.verb,
    }
    const reply = await send(
      victim,
      { ...write, path: `${write.path}?_method=${write.verb}` },
      {
        verb: 'GET',
        headers: overridden,
      },
    )
    assert.ok(reply.status < 500, `GET ${write.path}: ${reply.status}`)
    const { status } = await fetch(victim.base + write.path, {
      method: 'HEAD',
      headers: { cookie },
    })
    assert.ok(status < 500, `HEAD ${write.path}: ${status}`)
  }
  assert.equal(await everything(), before, 'nothing was changed')
})

test('WEB-01: the API takes JSON alone, forms take forms alone', async () => {
  const [victim] = await member('totp', 'sms')
  const before = await everything()
  for (const write of writes) {
    const types = write.json
      ? ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
      : ['text/plain', 'application/json', 'multipart/form-data; boundary=x']
    for (const type of types) {
      const { status } = await send(victim, write, { headers: { 'content-type': type } })
      const refused = [403, 415].includes(status)
      assert.ok(refused, `${write.verb} ${write.path} as ${type}: ${status}`)
    }
  }
  assert.equal(await everything(), before, 'nothing was changed')
})

/** The same world in production, behind https, as one handler. */
function inProduction(): App {
  const { world } = stage.copies
  const config = { ...world.config, production: true, baseUrl: 'https://id.example.com' }
  return createApp({ ...world, config }, { inbox: null })
}

type Shot = readonly [verb: string, path: string, headers?: Record<string, string>]

const everywhere: readonly Shot[] = [
  ...pages.map((path) => ['GET', path] as const),
  ...writes.map(({ verb, path }) => [verb, path] as const),
  ...routes.flatMap(({ api }) =>
    api?.startsWith('GET ') ? [['GET', `/api/v1${inPlace(api.slice(4))}`] as const] : [],
  ),
  ['GET', '/nothing-here'],
  ['GET', '/api/v1/nothing-here'],
  ['PUT', '/sign-in'],
  ['GET', '/api/v1/openapi.json'],
  ['GET', '/favicon.svg'],
  ['GET', '/sign-in', { host: 'evil.example' }],
]

async function shoot(app: App, [method, path, headers]: Shot, more = {}): Promise<Response> {
  const host = headers?.['host'] ?? 'id.example.com'
  const request = new Request(`https://${host}${path}`, {
    method,
    headers: { ...headers, ...more },
  })
  return app.fetch(request, '127.0.0.1')
}

test('WEB-02, WEB-04: every reply of every address carries the defending headers', async () => {
  const app = inProduction()
  const wanted = {
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
  for (const shot of everywhere) {
    const { headers, status } = await shoot(app, shot, { origin: 'https://evil.example' })
    const where = `${shot[0]} ${shot[1]} (${status})`
    for (const [name, value] of Object.entries(wanted))
      assert.equal(headers.get(name), value, where)
    const transport = headers.get('strict-transport-security') ?? ''
    assert.ok(Number(/max-age=(\d+)/.exec(transport)?.[1]) >= 31_536_000, where)
    assert.match(transport, /includeSubDomains/, where)
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, where)
    const granted = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
    assert.deepEqual(granted, [], where)
    assert.ok(![...headers.values()].some((value) => value.includes('evil.example')), where)
  }
})

test('WEB-04: an error on our side carries them as well', async () => {
  const [visitor] = await member('totp')
  const cookie = `__Host-session=${visitor.jar.get('session')}`
  stage.faults.database = true
  const reply = await shoot(inProduction(), ['GET', '/settings/security'], { cookie })
  stage.faults.database = false
  assert.equal(reply.status, 500)
  assert.equal(reply.headers.get('x-frame-options'), 'DENY')
  assert.equal(reply.headers.get('cache-control'), 'no-store')
  assert.ok(reply.headers.get('strict-transport-security'))
})

test('WEB-03: each page has a policy with a nonce of its own, and no other script may run', async () => {
  const app = inProduction()
  const nonces = new Set<string>()
  let count = 0
  for (const path of [...pages, ...pages]) {
    const reply = await shoot(app, ['GET', path])
    if (!reply.headers.get('content-type')?.startsWith('text/html')) continue
    const policy = reply.headers.get('content-security-policy') ?? ''
    for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'"]) {
      assert.ok(policy.includes(part), path)
    }
    assert.ok(policy.includes("form-action 'self'"), path)
    assert.ok(!/unsafe|\*|https?:/.test(policy), `${path}: ${policy}`)
    const nonce = /script-src 'nonce-([\w+/=-]{22,})'(;|$)/.exec(policy)?.[1] ?? ''
    const text = await reply.text()
    const scripts = text.match(/<script\b[^>]*>/g) ?? []
    assert.ok(scripts.length > 0 && scripts.every((tag) => tag.includes(`nonce="${nonce}"`)), path)
    nonces.add(nonce)
    count++
  }
  assert.ok(count > 20, `${count} pages`)
  assert.equal(nonces.size, count, 'no nonce came twice')
})

test('WEB-03: in the browser no inline handler, script, frame or style of a stranger takes effect', async () => {
  const page = await stage.visit()
  await page.goto('/sign-in')
  await page.evaluate(() => {
    const put = (html: string) => document.body.insertAdjacentHTML('beforeend', html)
    put(
      '<img src="/nothing" onerror="window.hacked = 1"><a id="bait" href="javascript:hacked=1">x</a>',
    )
    put('<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe><style>h1{color:red}</style>')
    const script = document.createElement('script')
    script.textContent = 'window.hacked = 1'
    document.body.append(script)
    document.getElementById('bait')?.click()
  })
  await page.waitForTimeout(300)
  assert.equal(await page.evaluate(() => 'hacked' in window), false)
  const colour = await page.locator('h1').evaluate((heading) => getComputedStyle(heading).color)
  assert.notEqual(colour, 'rgb(255, 0, 0)')
})

test('WEB-02: framed by another page, what removes and turns off stays blank', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person)
  const paths = [
    `/settings/security/methods/${person.methods['totp']}/remove`,
    '/settings/security/sessions/end-others',
    '/settings/security/recovery-codes/new',
    '/sign-in',
  ]
  const frames = paths.map((path) => `<iframe src="${stage.base}${path}"></iframe>`).join('')
  const stranger = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<h1>A game</h1>${frames}`)
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  try {
    // The same site by name, so that even cookies for our own site alone come along.
    await page.goto(`http://localhost:${(stranger.address() as AddressInfo).port}/`)
    await page.waitForLoadState('networkidle')
    const framed = page.frames().slice(1)
    assert.equal(framed.length, paths.length)
    for (const frame of framed) {
      assert.equal(await frame.locator('form').count(), 0)
      assert.doesNotMatch(await frame.content(), /Twostep|What will happen/)
      assert.ok(!frame.url().startsWith(stage.base), frame.url())
    }
  } finally {
    stranger.close()
    stranger.closeAllConnections()
  }
})

/** Follows every link of the product from where it stands, each once, and looks at each page. */
async function crawl(page: Page, look: (page: Page) => Promise<void>): Promise<number> {
  const done = new Set<string>()
  const wanted = [new URL(page.url()).pathname]
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (done.has(path)) continue
    done.add(path)
    await page.goto(path)
    await look(page)
    const links = await page
      .locator('a[href^="/"]')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    // A download leaves the page where it is.
    const pages = links
      .map((link) => link.replace(/#.*/, ''))
      .filter((link) => !/^$|\.csv/.test(link))
    wanted.push(...pages)
  }
  return done.size
}

test('WEB-05, WEB-06, TOTP-09: a crawl asks one origin, and no address and no storage holds a secret', async () => {
  const person = await stage.somebody('totp', 'sms', 'email')
  const page = await stage.visit()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const kept: string[] = []
  const look = async () => void kept.push(await page.evaluate(whatIsKept))
  await page.goto('/sign-in')
  const outside = await crawl(page, look)
  await page.goto('/sign-in?return_to=/settings/security')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await press(page, 'Continue')
  await arriveAt(page, 'Open your authenticator app')
  const between = await crawl(page, look)
  await page.goto('/sign-in/code')
  const code = appCode(person, stage.copies.clock.now())
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, code, 'Sign in')
  await arriveAt(page, 'Security')
  await page.goto('/settings/security/set-up/totp')
  await press(page, 'Continue')
  await arriveAt(page, 'Scan this with your app')
  const key = (await page.locator('code').first().innerText()).replace(/\s/g, '')
  await look()
  const inside = await crawl(page, look)
  assert.ok(outside > 3 && between > 4 && inside > 12, `${outside}, ${between}, ${inside} pages`)
  const origins = new Set(asked.map((url) => new URL(url).origin))
  assert.deepEqual([...origins], [stage.base])
  const cookies = (await page.context().cookies()).map(({ value }) => value)
  const { email, password, phone, recoveryCodes } = person
  const secrets = [...cookies, code, key, email, password, phone, ...recoveryCodes]
  for (const secret of secrets) {
    const said = [secret, encodeURIComponent(secret)]
    assert.ok(!asked.some((url) => said.some((one) => url.includes(one))), 'a secret in an address')
  }
  assert.deepEqual([...new Set(kept)], [JSON.stringify([0, 0, [], []])])
})

/** Runs in the page: how much it has put into the browser's storage. */
async function whatIsKept(): Promise<string> {
  const bases = (await indexedDB.databases()).map(({ name }) => name)
  return JSON.stringify([localStorage.length, sessionStorage.length, bases, await caches.keys()])
}

test('PW-11, WEB-06: a mailed link’s token is in no address, history, storage or later request', async () => {
  const person = await stage.somebody()
  await stage.sql('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [person.id])
  const own = stage.copies.visitor()
  await own.api('POST', '/sign-in', { email: person.email, password: person.password })
  await own.api('POST', '/profile/verification-mails', {})
  await stage.copies.delivered()
  const letter = stage.copies.newest(person.email)
  const address = /http\S+\/verify-email\/[\w-]{43}/.exec('text' in letter ? letter.text : '')?.[0]
  assert.ok(address)
  const page = await stage.visit()
  await page.goto('/sign-in')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url(), request.headers()['referer'] ?? ''))
  await page.goto(address)
  await arriveAt(page, 'Confirm your email address')
  assert.equal(page.url(), `${stage.base}/verify-email`)
  assert.equal(await page.evaluate(() => document.cookie), '')
  await page.reload()
  await press(page, 'Yes, confirm it')
  await arriveAt(page, 'Thank you, that’s confirmed')
  const token = address.split('/').at(-1) ?? ''
  assert.deepEqual(
    asked.filter((url) => url.includes(token)),
    [address],
  )
  assert.equal(await page.evaluate(whatIsKept), JSON.stringify([0, 0, [], []]))
  await page.goBack()
  assert.ok(!page.url().includes(token), page.url())
  await page.goBack()
  assert.ok(!page.url().includes(token), page.url())
})

const nasty = [
  `<script>window.hacked=1</script>`,
  `"><img src=x onerror=window.hacked=1>`,
  `' onmouseover='window.hacked=1`,
  `&lt;b&gt; \${7*7} {{7*7}} %00 ' OR 1=1 --`,
  `\u200Fليلى "(evil)" name\u200F`,
]

test('WEB-07: names of people and methods are shown as the text they are', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person)
  const method = `/settings/security/methods/${person.methods['totp']}`
  for (const name of nasty) {
    await page.goto('/settings/profile')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await press(page, 'Save')
    await page.goto(`${method}/rename`)
    await page.getByLabel('Name', { exact: true }).fill(name)
    await press(page, 'Save the name')
    assert.equal(await page.locator('#methods .row-title bdi').textContent(), name)
    assert.equal(await page.locator('.menu-name bdi').textContent(), name)
    await page.goto('/')
    assert.equal(await page.locator('h1').textContent(), `Hello, ${name}`)
    await page.goto(`${method}/remove`)
    assert.equal(await page.locator('h1').textContent(), `Turn off “${name}”?`)
    if (/\p{Script=Arabic}/u.test(name)) await rightWayRound(page)
    assert.equal(await page.evaluate(() => 'hacked' in window), false, name)
  }
})

test('WEB-07: of a User-Agent a session, a device and an event show only names we know', async () => {
  const person = await stage.somebody('totp')
  const userAgent = `Mozilla/5.0 (X11; Linux) "><script>window.hacked=1</script> Chrome/140 '`
  const page = await stage.visit({ userAgent })
  await givePassword(page, person)
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Sign in')
  await page.goto('/settings/security')
  for (const part of ['#sessions', '#devices', '#activity']) {
    const words = await page.locator(part).innerText()
    assert.match(words, /Chrome on Linux/, part)
    assert.doesNotMatch(words, /script|Mozilla|hacked/, part)
  }
  assert.equal(await page.evaluate(() => 'hacked' in window), false)
})

/** What comes before a name stands before it, and what comes after it after, however it runs. */
async function rightWayRound(page: Page): Promise<void> {
  const [before, first, last, after] = await page.locator('h1').evaluate((heading) => {
    const range = document.createRange()
    const placeOf = (node: Node | null | undefined, start: number, end: number) => {
      if (!node) return new DOMRect()
      range.setStart(node, start)
      range.setEnd(node, end)
      return range.getBoundingClientRect()
    }
    const name = heading.querySelector('bdi')?.firstChild
    const { left, right } = placeOf(name, 0, name?.textContent?.length ?? 0)
    return [
      placeOf(heading.firstChild, 0, 1).left,
      left,
      right,
      placeOf(heading.lastChild, 1, 2).left,
    ]
  })
  assert.ok((before ?? 0) < (first ?? 0) && (last ?? 0) <= (after ?? 0) + 1)
}

test('WEB-07: no name holds what turns the direction of the words around it', async () => {
  const [visitor] = await member('totp')
  for (const mark of ['\u202A', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068']) {
    const reply = await visitor.api('PATCH', '/profile', { name: `evil${mark} name` })
    assert.equal(reply.status, 400)
    assert.match(JSON.stringify(reply.json['fields']), /"name":.*field-not-right/)
  }
})

test('WEB-07: what stands in an address or comes back in a form is shown as text', async () => {
  const page = await stage.visit()
  for (const text of nasty) {
    const said = encodeURIComponent(text)
    for (const path of [
      `/sign-in?notice=${said}`,
      `/sign-in?return_to=${said}`,
      `/signed-out?device=${said}`,
      `/sign-up/${said}`,
      `/nothing/${said}`,
    ]) {
      await page.goto(path)
      assert.equal(await page.evaluate(() => 'hacked' in window), false, path)
    }
    await page.goto('/sign-in')
    await page.getByLabel('Email').evaluate((input) => input.setAttribute('type', 'text'))
    await page.getByLabel('Email').fill(text)
    await page.getByLabel('Password', { exact: true }).fill('whatever it may be')
    await press(page, 'Continue')
    await page.getByRole('alert').getByText(/./).first().waitFor()
    assert.equal(await page.getByLabel('Email').getAttribute('value'), text)
    assert.equal(await page.evaluate(() => 'hacked' in window), false)
  }
})

test('WEB-07: % and _ stand for themselves in every field', async () => {
  const person = await stage.somebody('totp')
  const visitor = stage.copies.visitor()
  for (const email of ['%', '%@example.com', person.email.replace('person', '______')]) {
    const { password } = person
    const reply = await visitor.api('POST', '/sign-in', { email, password })
    assert.equal(reply.json['error'], 'wrong-email-or-password', email)
  }
  await visitor.api('POST', '/sign-in', { email: person.email, password: person.password })
  for (const code of ['%', '______', '%%%%%%']) {
    const reply = await visitor.api('POST', '/sign-in/code', { code })
    assert.equal(reply.json['error'], 'wrong-code', code)
  }
  const reply = await visitor.api('POST', '/sign-in/recovery-code', { recovery_code: '%' })
  assert.equal(reply.json['error'], 'wrong-recovery-code')
})

test('SES-07: Back after signing out shows nothing private', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person)
  for (const path of ['/', '/settings/profile', '/settings/security']) await page.goto(path)
  await signOut(page)
  for (let back = 0; back < 3; back++) {
    await page.goBack()
    await arriveAt(page, 'Sign in')
    const text = await page.locator('body').innerText()
    for (const secret of [person.email, 'Person ', '•••', 'Recovery codes']) {
      assert.ok(!text.includes(secret), secret)
    }
  }
})
