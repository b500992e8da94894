import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, addSent, enter, eventsOf, proveAgain, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink, follow } from '../support/reset.ts'
import { givePassword } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import { join, makeTeam, setPolicy } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'
import { atOnce } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

/** Somebody in a team that requires two steps since a moment ago. */
async function inStrictTeam(
  kinds: Parameters<typeof addSomebody>[1] = [],
  policy: Parameters<typeof setPolicy>[2] = {},
): Promise<Person & { team: string }> {
  const person = await addSomebody(copies.world, kinds)
  const team = await makeTeam(copies.world)
  await join(copies.world, team, person.id)
  await setPolicy(copies.world, team, policy)
  copies.clock.advance(1)
  return { ...person, team }
}

async function mailedCode(person: Person): Promise<string> {
  await copies.delivered()
  return codeIn(copies.newest(person.email))
}

async function withMailbox(visitor: Visitor, person: Person): Promise<void> {
  const asked = await visitor.api('POST', '/requirement/mail', { return_to: '/settings/profile' })
  assert.equal(asked.status, 200, asked.text)
  const proven = await visitor.api('POST', '/requirement/code', { code: await mailedCode(person) })
  assert.equal(proven.status, 200, proven.text)
}

test('A4, ENR-03, TEAM-02: at the next login the password leads to the set-up and nowhere else', async () => {
  const person = await inStrictTeam()
  const visitor = copies.visitor()
  const first = await givePassword(visitor, person)
  assert.equal(first.json['next'], 'set-up')
  for (const { route, verb, path, api } of addresses) {
    if (route.who === 'anyone' || route.openInSetUp) continue
    const at = fill(path, { team: person.team, id: person.id, kind: 'totp' })
    const reply = api
      ? await visitor.api(verb, at.replace('/api/v1', ''), verb === 'GET' ? undefined : {})
      : verb === 'GET'
        ? await visitor.get(at)
        : await visitor.post(at, {})
    const told = api ? reply.json['error'] : reply.headers.get('location')
    if (api) assert.equal(told, 'set-up-required', `${verb} ${at}: ${reply.text.slice(0, 200)}`)
    else assert.match(String(told), /^\/set-up-required/, `${verb} ${at}`)
  }
})

test('ENR-03: with the password alone no set-up begins; a code mailed to the address opens it', async () => {
  const person = await inStrictTeam()
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const early = await visitor.api('POST', '/methods', { kind: 'totp' })
  assert.equal(early.json['error'], 'mailbox-required')
  assert.equal((await rowsOf(copies, 'methods', person)).length, 0)
  await withMailbox(visitor, person)
  await addApp(copies, visitor, 'Phone')
  assert.equal((await visitor.api('GET', '/session')).status, 200)
  const told = copies.inbox.list().filter(({ letter }) => letter.to === person.email)
  assert.ok(
    told.some(({ letter }) => letter.channel === 'mail' && /turned on/.test(letter.subject)),
  )
})

test('ENR-03: attack: a thief with the password alone puts no phone into the profile before the mailed code', async () => {
  const person = await inStrictTeam()
  await copies.sql.query('UPDATE accounts SET phone = NULL WHERE id = $1', [person.id])
  const phoneOf = async () =>
    (await copies.sql.query('SELECT phone FROM accounts WHERE id = $1', [person.id]))[0]
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const give = () => visitor.post('/settings/security/set-up/sms/phone', { phone: '+12025550199' })
  assert.match((await give()).headers.get('location') ?? '', /^\/set-up-required/)
  assert.deepEqual(await phoneOf(), { phone: null })
  await withMailbox(visitor, person)
  assert.equal((await give()).headers.get('location'), '/settings/security/set-up/sms')
  assert.deepEqual(await phoneOf(), { phone: '+12025550199' })
})

test('ENR-03: afterwards it goes on to the page that was first wanted', async () => {
  const person = await inStrictTeam()
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const away = await visitor.get('/settings/profile')
  assert.equal(away.headers.get('location'), '/set-up-required?return_to=%2Fsettings%2Fprofile')
  await withMailbox(visitor, person)
  await addApp(copies, visitor, 'Phone')
  assert.match(
    (await visitor.get('/settings/security/set-up/done')).text,
    /href="\/settings\/profile"/,
  )
})

test('ENR-03, LIM-06: the mailed code is guessed five times, in parallel over two copies', async () => {
  const person = await inStrictTeam()
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  await visitor.api('POST', '/requirement/mail', {})
  const right = await mailedCode(person)
  const wrong = right === '000000' ? '000001' : '000000'
  const twins = Array.from({ length: 30 }, (_none, i) => visitor.copy(copies.all[i % 2]?.base))
  const replies = await Promise.all(
    twins.map((twin) => twin.api('POST', '/requirement/code', { code: wrong })),
  )
  const looked = replies.filter(
    ({ json }) =>
      (json['details'] as object | undefined) && 'attemptsLeft' in (json['details'] as object),
  )
  assert.equal(looked.length, 5)
  const late = await visitor.api('POST', '/requirement/code', { code: right })
  assert.equal(late.json['error'], 'too-many-wrong-codes')
})

test('ENR-03: a right code counts once, of twenty at the same moment', async () => {
  const person = await inStrictTeam()
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  await visitor.api('POST', '/requirement/mail', {})
  const code = await mailedCode(person)
  const twins = Array.from({ length: 20 }, (_none, i) => visitor.copy(copies.all[i % 2]?.base))
  const replies = await Promise.all(
    twins.map((twin) => twin.api('POST', '/requirement/code', { code })),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
})

test('TEAM-06: who has only a forbidden method uses it once more, then sets up another', async () => {
  const person = await inStrictTeam(['sms'], { strengths: ['phishing-resistant', 'good'] })
  const visitor = copies.visitor()
  assert.equal((await givePassword(visitor, person)).json['next'], 'second-step')
  await enter(copies, person, {}, visitor)
  assert.equal((await visitor.api('GET', '/session')).json['error'], 'set-up-required')
  const weak = await visitor.api('POST', '/methods', { kind: 'email' })
  assert.equal(weak.json['error'], 'method-forbidden')
  await addApp(copies, visitor, 'Phone')
  assert.equal((await visitor.api('GET', '/session')).status, 200)
})

test('FLOW-07: with an allowed method the forbidden one is shown with the reason, and refused', async () => {
  const person = await inStrictTeam(['sms', 'totp'], { strengths: ['good'] })
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const screen = await visitor.api('GET', '/sign-in/code')
  const choices = screen.json['choices'] as { kind: string; forbidden_by: string | null }[]
  assert.deepEqual(
    choices.map(({ kind, forbidden_by }) => [kind, forbidden_by]),
    [
      ['totp', null],
      ['sms', 'Acme'],
    ],
  )
  const sent = copies.inbox.list().length
  const turned = await visitor.api('POST', '/sign-in/method', { method: person.methods['sms'] })
  assert.equal(turned.json['error'], 'method-not-available')
  assert.equal(copies.inbox.list().length, sent)
})

test('TEAM-01: "now" holds at the next request of a session that is open', async () => {
  const person = await addSomebody(copies.world)
  const team = await makeTeam(copies.world)
  await join(copies.world, team, person.id)
  const visitor = await enter(copies, person)
  assert.equal((await visitor.api('GET', '/session')).status, 200)
  copies.clock.advance(1)
  await setPolicy(copies.world, team, { bites: 'next-login' })
  assert.equal((await visitor.api('GET', '/session')).status, 200, 'the next login, not this one')
  await setPolicy(copies.world, team, { bites: 'now' })
  assert.equal((await visitor.api('GET', '/session')).json['error'], 'set-up-required')
  assert.equal(
    (await visitor.api('POST', '/methods', { kind: 'totp' })).json['error'],
    'mailbox-required',
  )
})

test('TD-08: a team that forbids or shortens trusted devices is heard, also for those that are there', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const team = await makeTeam(copies.world)
  await join(copies.world, team, person.id)
  const trusted = await enter(copies, person, { remember_device: true })
  trusted.jar.delete('session')
  copies.clock.advance(3 * 86_400)
  assert.equal((await givePassword(trusted, person)).json['next'], 'signed-in')
  await setPolicy(copies.world, team, { required: false, since: null, trust_days: 3 })
  assert.equal((await givePassword(trusted, person)).json['next'], 'second-step')
  await setPolicy(copies.world, team, { required: false, since: null, trust_days: 0 })
  assert.equal((await givePassword(trusted, person)).json['next'], 'second-step')
  assert.equal((await trusted.api('GET', '/sign-in/code')).json['trust_days'], 0)
  const again = await enter(copies, person, { remember_device: true }, copies.visitor())
  assert.ok(![...again.jar.keys()].some((name) => name.includes('device-')))
  assert.equal((await rowsOf(copies, 'trusted_devices', person)).length, 1, 'no new one')
})

test('ENR-05: the last method that a team counts cannot be turned off, also not by two at once', async () => {
  const person = await inStrictTeam(['totp', 'sms'], { strengths: ['good', 'restricted'] })
  const visitor = await enter(copies, person)
  const off = (kind: string, copy = 0) =>
    visitor.copy(copies.all[copy]?.base).api('DELETE', `/methods/${person.methods[kind]}`)
  const both = await Promise.all([off('totp', 0), off('sms', 1)])
  assert.equal(both.filter(({ status }) => status === 200).length, 1)
  const left = (await rowsOf(copies, 'methods', person)).length
  assert.equal(left, 1)
  const back = await enter(copies, person, {}, copies.visitor())
  const [kept] = await copies.sql.query<{ id: string }>(
    'SELECT id FROM methods WHERE account_id = $1',
    [person.id],
  )
  const last = await back.api('DELETE', `/methods/${kept?.id}`)
  assert.equal(last.json['error'], 'last-required-method')
})

test('A4: a slip in a phone given on the spot is put right there, and nowhere else once it is on', async () => {
  const person = await inStrictTeam()
  await copies.sql.query('UPDATE accounts SET phone = NULL WHERE id = $1', [person.id])
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  await withMailbox(visitor, person)
  const give = (phone: string) => visitor.post('/settings/security/set-up/sms/phone', { phone })
  assert.equal((await give('+44 7700 900100')).status, 303)
  const opening = await visitor.get('/settings/security/set-up/sms')
  assert.match(opening.text, /href="\/settings\/security\/set-up\/sms\?number=other"/)
  assert.doesNotMatch(opening.text, /Change it in your profile/)
  const wrong = await give('0800 123')
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /name="phone"/)
  assert.equal((await give('+44 7700 900101')).status, 303)
  await addSent(copies, visitor, 'sms', '+447700900101')
  assert.equal((await give('+44 7700 900102')).status, 409)
})

test('ENR-05: a team begins to require it at the moment the last method is turned off: it stays', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const team = await makeTeam(copies.world)
  await join(copies.world, team, person.id)
  const visitor = await enter(copies, person)
  const [reply] = await atOnce(
    copies.sql,
    `SELECT FROM accounts WHERE id = '${person.id}' FOR UPDATE`,
    [() => visitor.api('DELETE', `/methods/${person.methods['totp']}`)],
    () => setPolicy(copies.world, team),
  )
  assert.deepEqual([reply?.status, reply?.json['error']], [409, 'last-required-method'])
  assert.equal((await rowsOf(copies, 'methods', person)).length, 1)
})

test('ENR-05: a further method that does not count may go', async () => {
  const person = await inStrictTeam(['totp'], { strengths: ['good'] })
  const visitor = await enter(copies, person)
  const refused = await visitor.api('POST', '/methods', { kind: 'email' })
  assert.equal(refused.json['error'], 'method-forbidden')
  await setPolicy(copies.world, person.team, { strengths: ['good', 'weakest'] })
  const id = await addSent(copies, visitor, 'email', person.email)
  await setPolicy(copies.world, person.team, { strengths: ['good'] })
  assert.equal((await visitor.api('DELETE', `/methods/${id}`)).status, 200)
})

test('FLOW-07, ENR-01: attack: cookie, password and phone number pass no step-up by texts that a team rules out', async () => {
  const person = await inStrictTeam(['sms', 'totp'], { strengths: ['good'] })
  await copies.sql.query(`UPDATE methods SET last_used_at = $2 WHERE id = $1`, [
    person.methods['sms'],
    copies.clock.now(),
  ])
  const visitor = await enter(copies, person)
  copies.clock.advance(601)
  const first = await visitor.api('POST', '/step-up/password', { password: person.password })
  assert.equal(first.json['complete'], false)
  const step = await visitor.api('GET', '/step-up')
  assert.equal((step.json['now_asked'] as { kind: string }).kind, 'totp')
  const choices = step.json['choices'] as { kind: string; forbidden_by: string | null }[]
  assert.deepEqual(
    choices.map(({ kind, forbidden_by }) => [kind, forbidden_by]),
    [
      ['totp', null],
      ['sms', 'Acme'],
    ],
  )
  const chosen = await visitor.api('POST', '/step-up/method', { method: person.methods['sms'] })
  assert.deepEqual([chosen.status, chosen.json['error']], [403, 'method-not-available'])
  assert.ok(copies.inbox.list().every(({ letter }) => letter.to !== person.phone))
  assert.equal((await eventsOf(copies, person)).at(-1), 'step-up.method-refused')
  assert.match((await visitor.get('/step-up?way=methods')).text, /Acme does not allow this method/)
  await proveAgain(copies, visitor, person)
})

test('FLOW-07, PW-10: attack: mailbox and phone number choose no new password by texts that a team rules out', async () => {
  const person = await inStrictTeam(['sms', 'totp'], { strengths: ['good'] })
  const visitor = await follow(copies, await askLink(copies, person))
  const reset = await visitor.api('GET', '/password-reset')
  const choices = reset.json['choices'] as { kind: string }[]
  assert.deepEqual(
    choices.map(({ kind }) => kind),
    ['totp'],
  )
  const body = { method: person.methods['sms'] }
  const chosen = await visitor.api('POST', '/password-reset/method', body)
  assert.deepEqual([chosen.status, chosen.json['error']], [403, 'method-not-available'])
  assert.ok(copies.inbox.list().every(({ letter }) => letter.to !== person.phone))
})

test('TEAM-06: who has only a method that is ruled out steps up and resets by it, as they sign in', async () => {
  const person = await inStrictTeam(['sms'], { strengths: ['good'] })
  const visitor = await enter(copies, person)
  copies.clock.advance(601)
  const first = await visitor.api('POST', '/step-up/password', { password: person.password })
  assert.equal(first.json['complete'], false)
  const code = codeIn(copies.newest(person.phone))
  assert.equal((await visitor.api('POST', '/step-up/code', { code })).status, 200)
  const reset = await follow(copies, await askLink(copies, person))
  const body = { method: person.methods['sms'] }
  const chosen = await reset.api('POST', '/password-reset/method', body)
  assert.equal(chosen.status, 200, chosen.text)
})
