import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Database } from '../../src/database/port.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { ask, askLink, follow, linksTo, newPassword, setPassword } from '../support/reset.ts'
import { countOf, eventsOf, failuresOf, rowsBut, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
let statements: string[] = []
/* What the delivery does beside the requests. */
const ofDelivery = /SKIP LOCKED|UPDATE messages/
before(async () => {
  copies = await startCopies({
    copies: 2,
    config: { sendPauseSeconds: 0 },
    wrap: (database) => counting(database),
  })
})
after(() => copies.stop())

test('PW-08: the answer is the same for a known, an unknown and a disabled account', async () => {
  const known = await addSomebody(copies.world, ['totp'])
  const disabled = await addSomebody(copies.world)
  const off = 'UPDATE accounts SET disabled_at = created_at WHERE id = $1'
  await copies.sql.query(off, [disabled.id])
  const told = []
  for (const address of [known.email, 'nobody@example.com', disabled.email]) {
    const visitor = copies.visitor()
    await visitor.get('/forgot-password')
    statements = []
    const page = await ask(visitor, address)
    const count = statements.filter((text) => !ofDelivery.test(text)).length
    const api = await copies.visitor().api('POST', '/password-reset-mails', { email: address })
    told.push([page.status, bare(page, address), api.status, api.text, count])
  }
  assert.deepEqual(told[1], told[0])
  assert.deepEqual(told[2], told[0])
  await copies.delivered()
  assert.equal(linksTo(copies, known.email).length, 2)
  assert.deepEqual(linksTo(copies, 'nobody@example.com'), [])
  assert.deepEqual(linksTo(copies, disabled.email), [])
})

test('PW-08: 20 requests send five mails an hour, and nothing changes until a link is used', async () => {
  const person = await addSomebody(copies.world)
  const own = copies.visitor()
  await signIn(own, person, copies.clock.now())
  const pages = new Set<string>()
  for (let i = 0; i < 20; i++) {
    pages.add(bare(await ask(copies.visitor(i % 2), person.email, `10.3.${i}.1`), person.email))
    // A mail that waits is of no use any more once the next one voids its link.
    await copies.delivered()
  }
  assert.equal(pages.size, 1, 'a limit that holds is not seen')
  assert.equal(linksTo(copies, person.email).length, 5)
  assert.equal((await own.api('GET', '/session')).status, 200)
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
  copies.clock.advance(3601)
  await askLink(copies, person)
  assert.equal(linksTo(copies, person.email).length, 6)
})

test('PW-08: one source asks for so many mails and no more, to whatever addresses', async () => {
  const max = copies.world.config.sendsPerSourcePerHourMax
  const many = Array.from({ length: max + 5 }, () => addSomebody(copies.world))
  const people = await Promise.all(many)
  for (const { email } of people) await ask(copies.visitor(), email, '10.66.0.9')
  await copies.delivered()
  assert.equal(people.flatMap((one) => linksTo(copies, one.email)).length, max)
})

test('PW-09: a link works once', async () => {
  const person = await addSomebody(copies.world)
  const token = await askLink(copies, person)
  const first = await follow(copies, token)
  const second = first.copy()
  assert.equal((await setPassword(first)).status, 200)
  const again = await setPassword(second, 'another password of mine')
  assert.equal(again.json['error'], 'reset-over')
  assert.equal((await copies.visitor().get(`/reset-password/${token}`)).status, 410)
  const signedIn = await givePassword(copies.visitor(), { ...person, password: newPassword })
  assert.equal(signedIn.status, 200)
})

test('PW-09: only the newest link is good', async () => {
  const person = await addSomebody(copies.world)
  const older = await askLink(copies, person)
  const opened = await follow(copies, older)
  const newer = await askLink(copies, person)
  assert.equal((await copies.visitor().get(`/reset-password/${older}`)).status, 410)
  assert.equal((await setPassword(opened)).json['error'], 'reset-over')
  assert.equal((await setPassword(await follow(copies, newer))).status, 200)
})

test('PW-09: a link is dead after an hour', async () => {
  const person = await addSomebody(copies.world)
  const [inTime, late] = [await addSomebody(copies.world), person]
  const [good, bad] = [await askLink(copies, inTime), await askLink(copies, late)]
  const opened = await follow(copies, bad)
  copies.clock.advance(59 * 60)
  assert.equal((await setPassword(await follow(copies, good))).status, 200)
  copies.clock.advance(2 * 60)
  assert.equal((await copies.visitor().get(`/reset-password/${bad}`)).status, 410)
  assert.equal((await setPassword(opened)).json['error'], 'reset-over')
  assert.equal((await givePassword(copies.visitor(), late)).status, 200)
})

test('PW-09: a token made for another account, purpose or by nobody opens nothing', async () => {
  const [mine, victim] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const token = await askLink(copies, mine)
  const victims = await askLink(copies, victim)
  const mixed = Buffer.from(victims, 'base64url')
  Buffer.from(token, 'base64url').copy(mixed, 16, 16)
  const [link] = await copies.sql.query<{ id: string }>(
    "SELECT id FROM links WHERE account_id = $1 AND purpose = 'reset-password'",
    [victim.id],
  )
  const forged = [mixed.toString('base64url'), `${token}A`, token.slice(1), link?.id ?? '', 'x']
  for (const one of forged) {
    assert.equal((await copies.visitor().get(`/reset-password/${one}`)).status, 410, one)
    const visitor = copies.visitor()
    visitor.jar.set('link', one)
    assert.equal((await setPassword(visitor)).json['error'], 'reset-over', one)
  }
  const visitor = await follow(copies, token)
  const body = {
    password: newPassword,
    account: victim.id,
    account_id: victim.id,
    email: victim.email,
  }
  assert.equal((await visitor.api('PUT', '/password-reset/password', body)).status, 200)
  assert.equal((await givePassword(copies.visitor(), victim)).status, 200)
})

test('PW-09: 20 posts of one link at once over two copies: one password is set', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const token = await askLink(copies, person)
  const visitor = await proven(person, token)
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_none, i) => {
      const one = visitor.copy(copies.all[i % 2]?.base)
      return setPassword(one, `a new password, number ${i}`)
    }),
  )
  const set = replies.flatMap((reply, i) => (reply.status === 200 ? [i] : []))
  assert.equal(set.length, 1)
  const others = replies.filter(({ status }) => status !== 200).map(({ json }) => json['error'])
  assert.deepEqual([...new Set(others)], ['reset-over'])
  const password = `a new password, number ${set[0]}`
  assert.equal((await givePassword(copies.visitor(), { ...person, password })).status, 200)
  const events = await eventsOf(copies.sql, person.id)
  assert.equal(events.filter((kind) => kind === 'password.reset').length, 1)
})

test('EML-04, PW-11: what only looks at the link changes nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const token = await askLink(copies, person)
  const rows = await rowsBut(copies.sql)
  const path = `${copies.all[0]?.base}/reset-password/${token}`
  for (let i = 0; i < 5; i++) {
    await fetch(path, { method: 'HEAD', redirect: 'manual' })
    const visitor = copies.visitor()
    await visitor.get(`/reset-password/${token}`)
    assert.equal((await visitor.get('/reset-password')).status, 200)
  }
  assert.deepEqual(await rowsBut(copies.sql), rows)
  assert.equal((await setPassword(await proven(person, token))).status, 200)
})

test('PW-11: the token leaves the address bar at once, and pages of a reset tell nobody', async () => {
  const person = await addSomebody(copies.world)
  const token = await askLink(copies, person)
  const visitor = copies.visitor()
  const first = await visitor.get(`/reset-password/${token}`)
  assert.deepEqual([first.status, first.headers.get('location')], [303, '/reset-password'])
  const cookie = first.setCookies.find((line) => line.startsWith('link='))
  assert.match(cookie ?? '', /; HttpOnly; SameSite=Lax; Max-Age=1800$/)
  const page = await visitor.get('/reset-password')
  assert.ok(!page.text.includes(token))
  assert.deepEqual([...page.text.matchAll(/(?:src|href)="(https?:[^"]*)"/g)], [])
  for (const { headers } of [first, page]) {
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})

test('EML-05: the link is made from the configured address, whatever the request says', async () => {
  const person = await addSomebody(copies.world)
  const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
  await copies.visitor().post('/forgot-password', { email: person.email }, { headers })
  await copies.delivered()
  const letter = copies.newest(person.email)
  const text = letter.channel === 'mail' ? letter.text + letter.html : ''
  const bases = copies.all.map(({ base }) => base)
  assert.ok(bases.some((base) => text.includes(`${base}/reset-password/`)))
  assert.doesNotMatch(text, /evil/)
})

test('PW-10: without the second step the old password stays', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const visitor = await follow(copies, await askLink(copies, person))
  const refusals = [await setPassword(visitor)]
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  refusals.push(await setPassword(visitor))
  await visitor.api('POST', '/password-reset/code', { code: wrongCode(person, now()) })
  refusals.push(await setPassword(visitor))
  await visitor.api('POST', '/password-reset/recovery-code', {
    recovery_code: 'AAAA-AAAA-AAAA-AAAA',
  })
  refusals.push(await setPassword(visitor))
  const names = refusals.map(({ json }) => json['error'])
  assert.deepEqual([...new Set(names)], ['reset-not-confirmed'])
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

test('PW-10: a reset signs nobody in, and leaves the methods as they are', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const kept =
    'SELECT id, kind, destination, secret, confirmed_at FROM methods WHERE account_id = $1 ORDER BY id'
  const keptBefore = await copies.sql.query(kept, [person.id])
  const visitor = await proven(person, await askLink(copies, person))
  const reply = await visitor.post('/reset-password', { password: newPassword })
  assert.equal(reply.headers.get('location'), '/sign-in?notice=password-changed')
  assert.ok(!visitor.jar.has('session') && !visitor.jar.has('sign-in') && !visitor.jar.has('link'))
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  assert.deepEqual(await copies.sql.query(kept, [person.id]), keptBefore)
  const next = await givePassword(copies.visitor(), { ...person, password: newPassword })
  assert.equal(next.json['next'], 'second-step')
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
})

test('PW-07: a reset ends sessions, pending sign-ins, trusted devices, open codes and links', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = copies.visitor()
  await signIn(own, person, now(), { remember_device: true })
  const pending = copies.visitor()
  await givePassword(pending, person)
  const token = await askLink(copies, person)
  const visitor = await proven(person, token)
  const twin = visitor.copy()
  assert.equal((await setPassword(visitor)).status, 200)
  assert.equal((await own.api('GET', '/session')).status, 401)
  assert.equal((await giveCode(pending, freshCode(person))).json['error'], 'sign-in-over')
  assert.equal((await setPassword(twin)).json['error'], 'reset-over')
  const trusted = await givePassword(own, { ...person, password: newPassword })
  assert.equal(trusted.json['next'], 'second-step')
  for (const table of ['sessions', 'trusted_devices']) {
    assert.equal(
      await countOf(copies.sql, `SELECT 1 FROM ${table} WHERE account_id = $1`, person.id),
      0,
    )
  }
})

test('PW-07: what ends sessions ends an open link too', async () => {
  const ways: ((person: Person, own: Visitor) => Promise<Reply>)[] = [
    (_person, own) => own.api('DELETE', '/sessions'),
    (_person, own) => own.api('POST', '/recovery-codes', {}),
    (person, own) =>
      own.api('PUT', '/password', { current_password: person.password, new_password: newPassword }),
  ]
  for (const way of ways) {
    const person = await addSomebody(copies.world, ['totp'])
    const visitor = await follow(copies, await askLink(copies, person))
    const own = copies.visitor()
    await signIn(own, person, now())
    assert.equal((await way(person, own)).status, 200)
    assert.equal((await setPassword(visitor)).json['error'], 'reset-over')
  }
})

test('NTF-01: the owner is told of a reset, with the way to object', async () => {
  const person = await addSomebody(copies.world)
  await setPassword(await follow(copies, await askLink(copies, person)))
  await copies.delivered()
  const letter = copies.newest(person.email)
  assert.ok(letter.channel === 'mail' && letter.subject.endsWith('Your password was reset'))
  assert.match(letter.text, /\/not-me\//)
  assert.ok((await eventsOf(copies.sql, person.id)).includes('password.reset'))
})

test('EML-02: who only reads the mailbox gets no new password and no session, in any order', async () => {
  for (const kinds of [['email'], ['email', 'totp']] as const) {
    const person = await addSomebody(copies.world, kinds)
    const method = person.methods['email'] ?? ''
    const token = await askLink(copies, person)
    const thief = await follow(copies, token)
    const screen = await thief.api('GET', '/password-reset')
    assert.equal(screen.json['mailbox_left_out'], true)
    assert.ok(!JSON.stringify(screen.json['choices']).includes(method))
    const asked = await thief.api('POST', '/password-reset/method', { method })
    assert.equal(asked.json['error'], 'method-not-available')
    await thief.api('POST', '/password-reset/send', {})
    const own = copies.visitor()
    assert.equal((await givePassword(own, person)).json['next'], 'second-step')
    await own.api('POST', '/sign-in/method', { method })
    await copies.delivered()
    const code = digitsTo(person.email)
    await thief.api('POST', '/password-reset/code', { code })
    const orders = [
      setPassword,
      (one: Visitor) => one.post('/reset-password', { password: newPassword }),
    ]
    for (const order of orders) assert.equal((await order(thief)).status, 403)
    assert.equal((await giveCode(thief, code)).json['error'], 'sign-in-over')
    assert.equal((await thief.api('GET', '/session')).status, 401)
    assert.equal(await sessionsOf(copies.sql, person.id), 0)
    assert.equal((await giveCode(own, code)).status, 200, 'the owner’s own code was not spent')
  }
})

test('EML-02: with a recovery code the owner gets in, once for each code', async () => {
  const person = await addSomebody(copies.world, ['email'])
  const [recovery_code = ''] = person.recoveryCodes
  const visitor = await follow(copies, await askLink(copies, person))
  const page = await visitor.get('/reset-password')
  assert.match(page.text, /A code by email doesn’t count here/)
  const used = await visitor.api('POST', '/password-reset/recovery-code', { recovery_code })
  assert.equal(used.status, 200, used.text)
  assert.equal((await setPassword(visitor)).status, 200)
  const again = await follow(copies, await askLink(copies, person))
  const second = await again.api('POST', '/password-reset/recovery-code', { recovery_code })
  assert.equal(second.json['error'], 'wrong-recovery-code')
})

test('EML-02: without recovery codes the page leads to support', async () => {
  const person = await addSomebody(copies.world, ['email'])
  await copies.sql.query('UPDATE recovery_sets SET codes_left = 0 WHERE account_id = $1', [
    person.id,
  ])
  const visitor = await follow(copies, await askLink(copies, person))
  const page = await visitor.get('/reset-password')
  assert.match(page.text, /Ask support to let you back in/)
  assert.match(page.text, /href="\/forgot-password\/case"/)
  assert.match(page.text, /href="\/help#stuck"/)
  assert.equal((await setPassword(visitor)).status, 403)
})

test('LIM-08: after a hundred wrong passwords only a reset opens the account', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  for (let i = 0; i < 100; i++) {
    const wrong = { ...person, password: `guess ${i}` }
    assert.equal((await givePassword(copies.visitor(i % 2), wrong, `10.67.${i}.1`)).status, 401)
  }
  const homes = ['10.1.0.1', '10.2.0.1']
  for (const from of homes) {
    assert.equal((await givePassword(copies.visitor(), person, from)).status, 401, 'closed')
  }
  assert.equal((await setPassword(await proven(person, await askLink(copies, person)))).status, 200)
  for (const from of homes) {
    const known = { ...person, password: newPassword }
    assert.equal((await givePassword(copies.visitor(), known, from)).status, 200, 'open again')
  }
})

test('LIM-08: asking for a link, or the link alone, opens nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  for (let i = 0; i < 100; i++) {
    await givePassword(copies.visitor(), { ...person, password: `guess ${i}` }, `10.68.${i}.1`)
  }
  const visitor = await follow(copies, await askLink(copies, person))
  await setPassword(visitor)
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
})

test('LIM-06: a link has five wrong answers in its whole life, however often it is opened', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const token = await askLink(copies, person)
  const names: unknown[] = []
  for (let i = 0; i < 6; i++) {
    const thief = await follow(copies, token, i % 2)
    const method = person.methods[i % 2 === 0 ? 'totp' : 'sms']
    await thief.api('POST', '/password-reset/method', { method })
    const code = i % 2 === 0 ? wrongCode(person, now()) : 'no code'
    names.push((await thief.api('POST', '/password-reset/code', { code })).json['error'])
  }
  assert.deepEqual(names.slice(0, 4), Array(4).fill('wrong-code'))
  assert.deepEqual(names.slice(4), Array(2).fill('too-many-tries-to-reset'))
  const visitor = await follow(copies, token)
  assert.equal((await visitor.get('/reset-password')).status, 410)
  assert.equal((await setPassword(visitor)).json['error'], 'too-many-tries-to-reset')
  const [recovery_code] = person.recoveryCodes
  const late = await visitor.api('POST', '/password-reset/recovery-code', { recovery_code })
  assert.equal(late.json['error'], 'too-many-tries-to-reset')
})

test('LIM-05, LIM-06: 20 wrong codes at once over two copies: five are looked at', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await follow(copies, await askLink(copies, person))
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  const code = wrongCode(person, now())
  await Promise.all(
    Array.from({ length: 20 }, (_none, i) =>
      visitor.copy(copies.all[i % 2]?.base).api('POST', '/password-reset/code', { code }),
    ),
  )
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 5)
})

test('CODE-03, TOTP-04: a right code proves a reset once and does not sign in afterwards', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await follow(copies, await askLink(copies, person))
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  const code = freshCode(person)
  const replies = await Promise.all(
    [0, 1, 0, 1].map((copy) =>
      visitor.copy(copies.all[copy]?.base).api('POST', '/password-reset/code', { code }),
    ),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal((await setPassword(visitor)).status, 200)
  const own = copies.visitor()
  await givePassword(own, { ...person, password: newPassword })
  assert.equal((await giveCode(own, code)).status, 422)
})

test('CODE-03: a texted code proves a reset once', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const visitor = await follow(copies, await askLink(copies, person))
  await visitor.api('POST', '/password-reset/method', { method: person.methods['sms'] })
  await copies.delivered()
  assert.match(letterTo(person.phone), /to choose a new password/)
  const code = digitsTo(person.phone)
  const first = await visitor.api('POST', '/password-reset/code', { code })
  assert.equal(first.status, 200, first.text)
  assert.notEqual((await visitor.api('POST', '/password-reset/code', { code })).status, 200)
})

test('PW-10: the second step counts for ten minutes, then it is asked again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await proven(person, await askLink(copies, person))
  copies.clock.advance(600)
  assert.equal((await setPassword(visitor)).json['error'], 'reset-not-confirmed')
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  const code = freshCode(person)
  assert.equal((await visitor.api('POST', '/password-reset/code', { code })).status, 200)
  assert.equal((await setPassword(visitor)).status, 200)
})

test('FLOW-09: what is typed for one account never reaches another in the same browser', async () => {
  const [ann, ben] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const visitor = await follow(copies, await askLink(copies, ann))
  const page = await visitor.get('/reset-password')
  const link = /name="link" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  await visitor.get(`/reset-password/${await askLink(copies, ben)}`)
  const typed = await visitor.post('/reset-password', { password: newPassword, link })
  assert.equal(typed.status, 410)
  for (const one of [ann, ben]) {
    assert.equal((await givePassword(copies.visitor(), one)).status, 200)
  }
})

test('WEB-01: nobody’s form from elsewhere sets a password', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await follow(copies, await askLink(copies, person))
  const fields = { password: newPassword }
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  assert.equal((await visitor.post('/reset-password', fields, { headers })).status, 403)
  assert.equal((await visitor.post('/reset-password', fields, { withToken: false })).status, 403)
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

/** A browser that followed the link and passed the second step by the app. */
async function proven(person: Person, token: string): Promise<Visitor> {
  const visitor = await follow(copies, token)
  await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  const code = freshCode(person)
  const reply = await visitor.api('POST', '/password-reset/code', { code })
  assert.equal(reply.status, 200, reply.text)
  return visitor
}

function now(): Date {
  return copies.clock.now()
}

/** The app's next code, of a step that was not used yet. */
function freshCode(person: Person): string {
  copies.clock.advance(30)
  return appCode(person, now())
}

function letterTo(to: string): string {
  const letter = copies.newest(to)
  return letter.channel === 'text' ? letter.body : letter.text
}

function digitsTo(to: string): string {
  return /(?<!\d)\d{6}(?!\d)/.exec(letterTo(to))?.[0] ?? ''
}

/** A page without what differs from request to request by nature. */
function bare(reply: Reply, typed: string): string {
  return reply.text
    .replaceAll(typed, 'typed')
    .replace(/nonce="[^"]*"/g, '')
    .replace(/value="[\w-]{40,}"/g, '')
    .replace(/(app|style)-?\w*\.(js|css)/g, '')
}

function counting(database: Database): Database {
  const note = (text: string) => void statements.push(text)
  return {
    ...database,
    query: (text, values) => (note(text), database.query(text, values)),
    tx: (run) =>
      database.tx((sql) =>
        run({ ...sql, query: (text, values) => (note(text), sql.query(text, values)) }),
      ),
  }
}
