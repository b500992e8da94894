import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import {
  caseOf,
  freshen,
  contact,
  linksOf,
  note,
  outwait,
  plainMember,
  supporter,
} from '../support/recovery-case.ts'
import { askLink, follow as followReset } from '../support/reset.ts'
import { matchesSchema } from '../support/json-schema.ts'
import { addApp, enter } from '../support/member.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import { join } from '../support/teams.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

/** The program's answers, held against the document it serves about itself. */
type Operation = { readonly responses: Readonly<Record<string, unknown>> }
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

let copies: Copies
let document: Document
const fitted = new Set<string>()

before(async () => {
  copies = await startCopies({ config: { signUpOpen: true, supportEmail: 'help@example.com' } })
  document = (await copies.visitor().api('GET', '/openapi.json')).json as unknown as Document
})
after(() => copies.stop())

/** Calls, and holds the answer against what the document says of that operation and status. */
async function call(
  visitor: Visitor,
  verb: string,
  path: string,
  body?: unknown,
  wanted = 200,
): Promise<Reply> {
  // Codes may be sent every 30 seconds, and an app shows a new one as often.
  if (verb === 'POST') copies.clock.advance(31)
  const reply = await visitor.api(verb, path, body)
  const said = `${verb} ${path}: ${reply.status} ${reply.text.slice(0, 300)}`
  assert.equal(reply.status, wanted, said)
  const key = templateOf(path)
  const operation = document.paths[key]?.[verb.toLowerCase()]
  assert.ok(operation, `${verb} ${path} is not in the document`)
  const range = reply.status < 300 ? '200' : reply.status < 500 ? '4XX' : '5XX'
  const schema = schemaOf(operation.responses[range])
  assert.deepEqual(matchesSchema(schema, reply.json, document), [], said)
  if (reply.status < 300) fitted.add(`${verb} ${key}`)
  return reply
}

/** The document's own form of a path, `/methods/{id}`; the one with the fewest names in it. */
function templateOf(path: string): string {
  const [plain = ''] = path.split('?')
  const fits = Object.keys(document.paths).filter((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  )
  const names = (template: string) => template.split('{').length
  return fits.toSorted((a, b) => names(a) - names(b))[0] ?? plain
}

/** The JSON schema of a response, through the references. */
function schemaOf(response: unknown): unknown {
  const found = follow(response) as { content?: Record<string, { schema: unknown }> }
  return found.content?.['application/json']?.schema
}

function follow(value: unknown): unknown {
  const reference = (value as { $ref?: string } | undefined)?.$ref
  if (reference === undefined) return value
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document)
}

async function arrive(visitor: Visitor, person: Person): Promise<void> {
  const { email, password } = person
  await call(visitor, 'GET', '/sign-in')
  await call(visitor, 'POST', '/sign-in', { email, password })
  await call(visitor, 'GET', '/sign-in/code')
  const code = appCode(person, copies.clock.now(), 1)
  await call(visitor, 'POST', '/sign-in/code', { code, remember_device: true })
}

test('the sign-in answers as its document says', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const { email, password } = person
  const visitor = copies.visitor()
  await call(visitor, 'POST', '/sign-in', { email, password: 'wrong' }, 401)
  await call(visitor, 'POST', '/sign-in', { email }, 400)
  await call(visitor, 'GET', '/session', undefined, 401)
  await call(visitor, 'POST', '/sign-in', { email, password })
  await call(visitor, 'POST', '/sign-in/code', { code: '000000' }, 422)
  await call(visitor, 'POST', '/sign-in/method', { method: person.methods['sms'] })
  await call(visitor, 'GET', '/sign-in/delivery')
  await call(visitor, 'POST', '/sign-in/send')
  await call(visitor, 'DELETE', '/sign-in')
  await call(visitor, 'POST', '/sign-in', { email, password })
  await call(visitor, 'POST', '/sign-in/recovery-code', { recovery_code: person.recoveryCodes[0] })
  await arrive(copies.visitor(), person)
})

test('what is told of unfinished sign-ins answers as its document says', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const { email, password } = person
  const thief = copies.visitor()
  await call(thief, 'POST', '/sign-in', { email, password })
  for (let i = 0; i < 5; i++) await thief.api('POST', '/sign-in/code', { code: 'no code' })
  const visitor = copies.visitor()
  await arrive(visitor, person)
  const { json } = await call(visitor, 'GET', '/unfinished-sign-ins')
  assert.equal((json['unfinished'] as object[]).length, 1)
  await call(visitor, 'POST', '/unfinished-sign-ins/seen', { until: 'never' }, 400)
  await call(visitor, 'POST', '/unfinished-sign-ins/seen', { until: json['until'] })
  await call(visitor, 'GET', '/unfinished-sign-ins')
})

test('the settings answer as their document says', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  await arrive(visitor, person)
  await arrive(copies.visitor(), person)
  for (const path of ['/session', '/sessions', '/security', '/methods', '/recovery-codes']) {
    await call(visitor, 'GET', path)
  }
  await call(visitor, 'GET', '/trusted-devices')
  await call(visitor, 'GET', '/profile')
  await call(visitor, 'GET', '/step-up')
  await call(visitor, 'PATCH', '/profile', { name: 'Ada', phone: person.phone })
  const sessions = (await visitor.api('GET', '/sessions')).json['sessions'] as { id: string }[]
  const [other] = (await copies.sql.query<{ id: string }>(
    'SELECT id FROM sessions WHERE account_id = $1 ORDER BY created_at DESC LIMIT 1',
    [person.id],
  )) as [{ id: string }]
  assert.ok(sessions.length >= 2)
  await call(visitor, 'DELETE', `/sessions/${other.id}`)
  await call(visitor, 'DELETE', '/sessions')
  await changeMethods(visitor, person)
  await call(visitor, 'POST', '/recovery-codes')
  await call(visitor, 'PUT', '/recovery-codes/saved', { saved: true })
  await call(visitor, 'DELETE', '/trusted-devices')
  await call(visitor, 'DELETE', '/session')
})

async function changeMethods(visitor: Visitor, person: Person): Promise<void> {
  const started = await call(visitor, 'POST', '/methods', { kind: 'sms', notice_accepted: true })
  const id = String(started.json['id'])
  await call(visitor, 'GET', `/methods/${id}/set-up`)
  await call(visitor, 'GET', `/methods/${id}/delivery`)
  await call(visitor, 'POST', `/methods/${id}/code`)
  const code = codeIn(copies.newest(person.phone))
  await call(visitor, 'POST', `/methods/${id}/confirm`, { code })
  await call(visitor, 'GET', `/methods/${id}`)
  await call(visitor, 'PATCH', `/methods/${id}`, { name: 'My phone' })
  await call(visitor, 'PATCH', '/profile', { name: 'Ada', phone: '+12025550199' })
  await call(visitor, 'POST', `/methods/${id}/new-number`)
  await call(visitor, 'GET', `/methods/${id}/new-number`)
  const again = codeIn(copies.newest('+12025550199'))
  await call(visitor, 'POST', `/methods/${id}/new-number/confirm`, { code: again })
  await call(visitor, 'DELETE', `/methods/${id}`)
  await stepUp(visitor, person)
}

/** After a quarter of an hour everything is asked again. */
async function stepUp(visitor: Visitor, person: Person): Promise<void> {
  const password = { password: person.password }
  copies.clock.advance(900)
  await call(visitor, 'POST', '/recovery-codes', undefined, 403)
  await call(visitor, 'POST', '/step-up/password', password)
  await call(visitor, 'POST', '/step-up/recovery-code', { recovery_code: person.recoveryCodes[1] })
  copies.clock.advance(900)
  await call(visitor, 'POST', '/step-up/password', password)
  await call(visitor, 'POST', '/step-up/method', { method: person.methods['totp'] })
  await call(visitor, 'GET', '/step-up/delivery')
  await call(visitor, 'POST', '/step-up/send')
  const code = appCode(person, copies.clock.now(), 1)
  await call(visitor, 'POST', '/step-up/code', { code })
}

test('addresses answer as their document says', async () => {
  const person = await addSomebody(copies.world)
  const visitor = copies.visitor()
  await call(visitor, 'POST', '/sign-in', { email: person.email, password: person.password })
  const given = (name: string) => ({ email: `${name}@example.net` })
  await call(visitor, 'POST', '/email/others', given('second'))
  await copies.delivered()
  const second = tokenIn(copies.newest('second@example.net'), 'notify-email')
  await call(visitor, 'POST', '/email/others/confirmations', { token: second })
  await call(visitor, 'POST', '/email/changes', { email: 'nothing' }, 422)
  await call(visitor, 'POST', '/email/changes', given('changed'))
  const { json } = await call(visitor, 'GET', '/email')
  const [other] = json['others'] as { id: string }[]
  await call(visitor, 'DELETE', `/email/others/${other?.id}`)
  await call(visitor, 'DELETE', '/email/change')
  await call(visitor, 'POST', '/email/changes', given('again'))
  await copies.delivered()
  const token = tokenIn(copies.newest('again@example.net'), 'change-email')
  await call(visitor, 'POST', '/email/confirmations', { token })
})

test('what a team requires answers as its document says', async () => {
  const person = await addSomebody(copies.world)
  const team = await ownTeam(copies.world, person.id)
  await setPolicy(copies.world, team)
  const visitor = copies.visitor()
  await call(visitor, 'POST', '/sign-in', { email: person.email, password: person.password })
  await call(visitor, 'GET', '/session', undefined, 403)
  await call(visitor, 'GET', '/requirement')
  await call(visitor, 'POST', '/methods', { kind: 'totp' }, 403)
  await call(visitor, 'POST', '/requirement/mail')
  await call(visitor, 'GET', '/requirement/delivery')
  await call(visitor, 'POST', '/requirement/code', { code: '000' }, 422)
  await copies.delivered()
  const code = codeIn(copies.newest(person.email))
  await call(visitor, 'POST', '/requirement/code', { code })
  await addApp(copies, visitor, 'Phone')
  await call(visitor, 'POST', `/teams/${team}/switch`)
})

test('a team and what it requires answer as their document says', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const team = `/teams/${await ownTeam(copies.world, person.id)}`
  const visitor = copies.visitor()
  await arrive(visitor, person)
  await call(visitor, 'GET', team)
  await call(visitor, 'PATCH', team, { name: 'Acme' })
  await call(visitor, 'GET', `${team}/policy`)
  await call(visitor, 'GET', `${team}/policy/impact?strengths=phishing-resistant,good&bites=now`)
  await call(visitor, 'GET', `${team}/policy/impact?strengths=best`, undefined, 400)
  const { since: _since, ...policy } = (await call(visitor, 'GET', `${team}/policy`)).json
  await call(visitor, 'PUT', `${team}/policy`, { ...policy, required: true, version: 7 }, 409)
  await call(visitor, 'PUT', `${team}/policy`, { ...policy, required: true, date: 'soon' }, 400)
  await call(visitor, 'PUT', `${team}/policy`, { ...policy, required: true })
})

test('accounts and links answer as their document says', async () => {
  const visitor = copies.visitor()
  const email = 'new-here@example.com'
  await call(visitor, 'POST', '/sign-ups', { email })
  await copies.delivered()
  const token = tokenIn(copies.newest(email), 'sign-up')
  const password = 'seven quiet rivers of glass'
  await call(visitor, 'POST', '/accounts', { token, name: 'New Here', password })
  await call(visitor, 'POST', '/accounts', { token, name: 'New Here', password }, 410)
  await call(visitor, 'POST', '/sign-in', { email, password })
  await copies.sql.query('UPDATE accounts SET email_verified_at = NULL WHERE email = $1', [email])
  await call(visitor, 'POST', '/profile/verification-mails')
  await copies.delivered()
  const proof = tokenIn(copies.newest(email), 'verify-email')
  await call(visitor, 'POST', '/email-verifications', { token: proof })
})

test('changing and resetting the password answer as their document says', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const { email, password } = person
  const own = copies.visitor()
  await arrive(own, person)
  const changed = 'nine green bottles on a wall'
  const wrong = { current_password: 'not the one', new_password: changed }
  await call(own, 'PUT', '/password', wrong, 422)
  await call(own, 'PUT', '/password', { current_password: password, new_password: changed })
  const visitor = copies.visitor()
  await call(visitor, 'GET', '/password-reset', undefined, 410)
  await call(visitor, 'POST', '/password-reset-mails', { email })
  await copies.delivered()
  await call(visitor, 'POST', '/password-reset', {
    token: tokenIn(copies.newest(email), 'reset-password'),
  })
  await call(visitor, 'GET', '/password-reset')
  await call(visitor, 'PUT', '/password-reset/password', { password: changed }, 403)
  await call(visitor, 'POST', '/password-reset/method', { method: person.methods['sms'] })
  await call(visitor, 'GET', '/password-reset/delivery')
  await call(visitor, 'POST', '/password-reset/send')
  const code = codeIn(copies.newest(person.phone))
  await call(visitor, 'POST', '/password-reset/code', { code })
  const recovery_code = person.recoveryCodes[0]
  await call(visitor, 'POST', '/password-reset/recovery-code', { recovery_code })
  await call(visitor, 'PUT', '/password-reset/password', { password: 'ten tall trees in a row' })
  await call(visitor, 'DELETE', '/password-reset')
})

test('invitations and people answer as their document says', async () => {
  const [owner, person] = [
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp']),
  ]
  const [visitor, theirs] = [copies.visitor(), copies.visitor()]
  await arrive(visitor, owner)
  await arrive(theirs, person)
  const team = String((await call(visitor, 'POST', '/teams', { name: 'Acme' })).json['id'])
  await call(visitor, 'GET', '/teams')
  const root = `/teams/${team}/invitations`
  const addresses = [person.email, 'new-one@example.org', 'no-more@example.org']
  await call(visitor, 'POST', root, { addresses: ['no address'], role: 'member' }, 422)
  await call(visitor, 'POST', root, { addresses, role: 'member' })
  const list = (await call(visitor, 'GET', root)).json['invitations']
  const idOf = (email = '') =>
    (list as { id: string; email: string }[]).find((one) => one.email === email)?.id
  await call(visitor, 'PATCH', `${root}/${idOf(addresses[1])}`, { role: 'admin' })
  await call(visitor, 'POST', `${root}/${idOf(addresses[1])}/resend`)
  await call(visitor, 'DELETE', `${root}/${idOf(addresses[2])}`)
  await copies.delivered()
  const token = tokenIn(copies.newest('new-one@example.org'), 'invitation')
  const password = 'eight blue boats at anchor'
  await call(copies.visitor(), 'POST', '/invited-accounts', { token, name: 'Nina', password })
  await call(copies.visitor(), 'POST', '/invited-accounts', { token, name: 'N', password }, 410)
  await call(theirs, 'GET', '/invitations')
  await call(theirs, 'POST', `/invitations/${idOf(person.email)}/accept`)
  await call(visitor, 'PATCH', `/teams/${team}/members/${person.id}`, { role: 'admin' })
  await call(visitor, 'PUT', `/teams/${team}/owner`, { email: person.email })
  await call(theirs, 'DELETE', `/teams/${team}/members/${owner.id}`)
  const again = { addresses: owner.email, role: 'member' }
  await call(theirs, 'POST', root, again)
  const [waiting] = (await call(visitor, 'GET', '/invitations')).json['invitations'] as [
    { id: string },
  ]
  await call(visitor, 'DELETE', `/invitations/${waiting.id}`)
  await call(theirs, 'DELETE', `/teams/${team}/membership`, undefined, 409)
  await call(theirs, 'PUT', `/teams/${team}/owner`, { email: 'new-one@example.org' })
  await call(theirs, 'DELETE', `/teams/${team}/membership`)
})

test('deleting an account answers as its document says', async () => {
  const person = await addSomebody(copies.world)
  const visitor = copies.visitor()
  const { email, password } = person
  await call(visitor, 'POST', '/sign-in', { email, password })
  await call(visitor, 'DELETE', '/account', { email: 'other@example.com' }, 422)
  await call(visitor, 'DELETE', '/account', { email })
  await call(visitor, 'DELETE', '/account', { email }, 401)
})

test('the security log and API keys of a team answer as their document says', async () => {
  const owner = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  await arrive(visitor, owner)
  const team = `/teams/${await ownTeam(copies.world, owner.id)}`
  const body = { name: 'Nightly', scopes: ['read-log', 'read-members'] }
  const made = await call(visitor, 'POST', `${team}/api-keys`, body)
  await call(visitor, 'POST', `${team}/api-keys`, { ...body, days: 366 }, 400)
  await call(visitor, 'GET', `${team}/api-keys`)
  const page = await call(visitor, 'GET', `${team}/events`)
  assert.ok((page.json['events'] as object[]).length > 0)
  await call(visitor, 'DELETE', `${team}/api-keys/${String(made.json['id'])}`)
  await call(visitor, 'DELETE', `${team}/api-keys/${String(made.json['id'])}`, undefined, 404)
})

function tokenIn(letter: ReturnType<Copies['newest']>, path: string): string {
  const text = letter.channel === 'mail' ? letter.text : letter.body
  return new RegExp(`/${path}/([\\w-]+)`).exec(text)?.[1] ?? ''
}

test('a support recovery answers as its document says', async () => {
  const helper = await supporter(copies)
  const asker = await plainMember(copies)
  const { email, password } = asker
  const id = await askedCase(asker)
  await freshen(copies, helper)
  await decide(helper.visitor, id)
  const { opens_at: opens } = await caseOf(copies, asker)
  await outwait(copies, opens as Date)
  const [token] = linksOf(copies, email, 'recover-account')
  const visitor = copies.visitor()
  await call(visitor, 'POST', '/account-recovery', { token })
  await call(visitor, 'GET', '/account-recovery')
  await call(visitor, 'PUT', '/account-recovery/password', { password: 'wrong' }, 422)
  await call(visitor, 'PUT', '/account-recovery/password', { password })
  await call(visitor, 'GET', '/account-recovery/method')
})

/** Asks in every way, and proves by mail; gives the case's id. */
async function askedCase(asker: Person): Promise<string> {
  const { email } = asker
  const visitor = copies.visitor()
  await call(visitor, 'POST', '/recovery-cases', { email, contact, password_lost: false })
  await copies.delivered()
  const [token] = linksOf(copies, email, 'recovery-case')
  await call(visitor, 'POST', '/recovery-case', { token })
  await call(visitor, 'GET', '/recovery-case')
  await call(visitor, 'POST', '/recovery-case/mail')
  await call(visitor, 'GET', '/recovery-case/delivery')
  await copies.delivered()
  await call(visitor, 'POST', '/recovery-case/code', { code: codeIn(copies.newest(email)) })
  const other = await plainMember(copies)
  const door = copies.visitor()
  await call(door, 'POST', '/sign-in', { email: other.email, password: other.password })
  await call(door, 'POST', '/sign-in/case', { contact })
  await call(door, 'DELETE', '/recovery-case', undefined, 403)
  const third = await plainMember(copies)
  const reset = await followReset(copies, await askLink(copies, third))
  await call(reset, 'POST', '/password-reset/case', { contact })
  await call(reset, 'DELETE', '/recovery-case')
  const own = await enter(copies, await plainMember(copies))
  await call(own, 'DELETE', '/session/recovery-case', undefined, 410)
  return (await caseOf(copies, asker)).id
}

async function decide(visitor: Visitor, id: string): Promise<void> {
  const { email } = await plainMember(copies)
  const body = { email, contact, password_lost: true }
  const opened = await call(visitor, 'POST', '/support/cases', body)
  await call(visitor, 'GET', '/support/cases?queue=open')
  const evidence = { kind: 'called-known-number', note }
  await call(visitor, 'PUT', `/support/cases/${id}/evidence`, evidence)
  await call(visitor, 'GET', `/support/cases/${id}`)
  await call(visitor, 'POST', `/support/cases/${id}/approval`)
  const reason = { reason: 'A test' }
  await call(visitor, 'DELETE', `/support/cases/${String(opened.json['id'])}`, reason)
  const again = await call(visitor, 'POST', '/support/cases', {
    ...body,
    email: (await plainMember(copies)).email,
  })
  await call(visitor, 'POST', `/support/cases/${String(again.json['id'])}/refusal`, reason)
}

test('members and what is done to one answer as their document says', async () => {
  const [owner, person] = [
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp']),
  ]
  const visitor = copies.visitor()
  await arrive(visitor, owner)
  const team = String((await call(visitor, 'POST', '/teams', { name: 'Acme' })).json['id'])
  await join(copies.world, team, person.id)
  const [root, why] = [`/teams/${team}/members`, { reason: 'Asked by phone' }]
  const one = `${root}/${person.id}`
  await call(visitor, 'GET', root)
  await call(visitor, 'GET', one)
  await call(visitor, 'GET', `/teams/${team}/coverage`)
  await call(visitor, 'DELETE', `${one}/trusted-devices`, why)
  await call(visitor, 'DELETE', `${one}/sessions`, why)
  await call(visitor, 'POST', `${one}/unlock`, why, 403)
})

test('every operation of the document was seen to answer, but for those tested elsewhere', () => {
  const all = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.replace('/api/v1', '')}`),
  )
  const elsewhere = [
    'POST /first-owner',
    'POST /not-me-reports',
    'DELETE /trusted-device',
    'DELETE /session/recovery-case',
    'DELETE /trusted-devices/{id}',
    'GET /inbox',
    // test/members/acts.test.ts
    'POST /teams/{team}/members/{member}/unlock',
    'POST /teams/{team}/reminders',
    'POST /teams/{team}/members/{member}/reminders',
    'POST /teams/{team}/members/{member}/reset',
    'POST /teams/{team}/members/{member}/pass',
    'PUT /teams/{team}/members/{member}/exemption',
    'DELETE /teams/{team}/members/{member}/exemption',
  ]
  assert.deepEqual(
    all.filter((one) => !fitted.has(one) && !elsewhere.includes(one)),
    [],
  )
})
