import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import { toBase32 } from '../../src/crypto/base32.ts'
import { random } from '../../src/crypto/random.ts'
import { commands } from '../../src/operator/run.ts'
import { routes } from '../../src/routes.ts'
import { callWith, makeKey, ownerOfTeam } from '../support/api-keys.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { appOnly, invited, joinBy, newcomer, ownedTeam, someAddress } from '../support/invited.ts'
import {
  addApp,
  addSent,
  askedCode,
  confirm,
  cookie,
  enter,
  freshAppCode,
  isIn,
  startApp,
} from '../support/member.ts'
import { act, addMember, makeCrew } from '../support/members.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import * as recovery from '../support/recovery-case.ts'
import * as reset from '../support/reset.ts'
import { countOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce } from '../support/world.ts'

/*
 * Every pathway of docs/sign-in.md, gone by somebody whose account is enrolled, without the second
 * step: as far as it leads there is no session, at either of two copies of the program, and what is
 * asked for instead is the second step.
 */

let copies: Copies
let folder: string
let ownersLink: string | null
before(async () => {
  const config = { sendPauseSeconds: 0, signUpOpen: true, sourceGuessesMax: 10_000 }
  copies = await startCopies({ copies: 2, config })
  folder = mkdtempSync(join(tmpdir(), 'twostep-pathways-'))
  ownersLink = await mintFirstOwnerLink(copies.world)
})
after(async () => {
  await copies.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Holder = Pick<Person, 'email' | 'password' | 'phone' | 'key'>

/** Where a pathway led without the second step: a browser, whose account it is, and what is asked. */
type Left = {
  readonly visitor: Visitor
  readonly person: Holder
  readonly asked?: 'totp' | 'sms' | 'email'
}

/** Goes down one pathway. Null where it asserts itself what is asked, because that is another thing. */
type Pathway = () => Promise<Left | null>

const enrolled = () => addSomebody(copies.world, ['totp'])
const next = ({ json }: Reply) => json['next']
const errorOf = ({ json }: Reply) => json['error']

/** The pathways that end in a session, by their names in docs/sign-in.md. */
const toSession: Readonly<Record<string, Pathway>> = {
  async 'password, no method on'() {
    const bare = await addSomebody(copies.world)
    assert.equal(next(await givePassword(copies.visitor(), bare)), 'signed-in')
    const locked = await enrolled()
    await copies.sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [locked.id])
    const door = copies.visitor()
    assert.equal(next(await givePassword(door, locked)), 'second-step', 'switched off, but on')
    await assertNobody(door, locked)
    const person = await enrolled()
    const { email, password } = person
    const visitor = copies.visitor(1)
    const form = await visitor.post('/sign-in', { email, password })
    assert.equal(form.headers.get('location'), '/sign-in/code')
    return { visitor, person }
  },

  async 'password, trusted device'() {
    const [person, other] = [await enrolled(), await enrolled()]
    const visitor = await enter(copies, person, { remember_device: true })
    await leave(visitor)
    assert.equal(next(await givePassword(visitor, person)), 'signed-in')
    const { json } = await visitor.api('GET', '/session')
    assert.equal((json['proofs'] as Record<string, unknown>)['second_step_kind'], null)
    for (const { base } of copies.all) {
      const change = await visitor.copy(base).api('POST', '/methods', { kind: 'totp' })
      assert.equal(errorOf(change), 'step-up-required')
    }
    await leave(visitor)
    return { visitor, person: other }
  },

  async 'password, authenticator app'() {
    const person = await enrolled()
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    const wrong = await giveCode(visitor, wrongCode(person, copies.clock.now()))
    assert.equal(errorOf(wrong), 'wrong-code')
    return { visitor, person }
  },

  async 'password, text message'() {
    const person = await addSomebody(copies.world, ['sms'])
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    assert.equal((await giveCode(visitor, otherThan(copies.newest(person.phone)))).status, 422)
    return { visitor, person, asked: 'sms' }
  },

  async 'password, email code'() {
    const person = await addSomebody(copies.world, ['email'])
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    assert.equal((await giveCode(visitor, otherThan(copies.newest(person.email)))).status, 422)
    return { visitor, person, asked: 'email' }
  },

  async 'password, recovery code'() {
    const person = await enrolled()
    const [code = ''] = person.recoveryCodes
    const early = await useSpare(copies.visitor(), code)
    assert.equal(errorOf(early), 'sign-in-over', 'a code is nothing without the password')
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    assert.equal(errorOf(await useSpare(visitor, 'AAAA-AAAA-AAAA-AAAA')), 'wrong-recovery-code')
    return { visitor, person }
  },

  async 'password, one-time pass'() {
    const crew = await makeCrew(copies)
    const person = await addMember(copies, crew.team, ['totp'])
    const made = await act(crew, 'POST', person, 'pass', {})
    const early = await useSpare(copies.visitor(), String(made.json['pass']))
    assert.equal(errorOf(early), 'sign-in-over', 'a pass is nothing without the password')
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    const wrong = await useSpare(visitor, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA')
    assert.equal(errorOf(wrong), 'wrong-one-time-pass')
    return { visitor, person }
  },

  async 'set-up required by a team, no method on'() {
    const person = await addSomebody(copies.world)
    await setPolicy(copies.world, await ownTeam(copies.world, person.id))
    copies.clock.advance(1)
    const key = await setUpAsRequired(copies.visitor(), person)
    return { visitor: copies.visitor(1), person: { ...person, key } }
  },

  async 'set-up required by a team, only methods that don’t count'() {
    const person = await addSomebody(copies.world, ['sms'])
    await setPolicy(copies.world, await ownTeam(copies.world, person.id), appOnly)
    copies.clock.advance(1)
    const visitor = copies.visitor()
    assert.equal(next(await givePassword(visitor, person)), 'second-step')
    await assertNobody(visitor, person)
    await enterCode(visitor, person)
    await assertOnly(visitor, 'set-up-required')
    await addApp(copies, visitor)
    assert.ok(await isIn(visitor))
    return null
  },

  async 'after a reset by an admin or the operator'() {
    const crew = await makeCrew(copies)
    const person = await addMember(copies, crew.team, ['totp'])
    const own = await enter(copies, person, { remember_device: true })
    await leave(own)
    const pending = copies.visitor(1)
    await givePassword(pending, person)
    const done = await act(crew, 'POST', person, 'reset', { reason: 'lost phone' })
    assert.equal(done.status, 200, done.text)
    assert.equal((await giveCode(pending, freshAppCode(copies, person))).status, 401)
    assert.equal(next(await givePassword(own, person)), 'signed-in', 'nothing is left to ask for')
    await leave(own)
    await setPolicy(copies.world, crew.team)
    copies.clock.advance(1)
    const first = await setUpAsRequired(own, person)
    assert.equal(next(await givePassword(own, person)), 'second-step')
    await enterCode(own, { ...person, key: first })
    await leave(own)
    const words = ['reset-two-step', person.email, '--reason', 'lost phone', '--yes']
    assert.equal((await operate(copies.world, words)).code, 0)
    const key = await setUpAsRequired(own, person)
    return { visitor: copies.visitor(1), person: { ...person, key } }
  },

  async 'support recovery'() {
    const person = await recovery.plainMember(copies)
    const own = await enter(copies, person, { remember_device: true })
    await leave(own)
    const helper = await recovery.supporter(copies)
    const { opensAt } = await recovery.approvedCase(copies, person, [helper])
    await recovery.outwait(copies, opensAt)
    const visitor = await recovery.follow(copies, person, 'recover-account')
    await assertNobody(visitor, person)
    assert.equal((await recovery.givePasswordAgain(visitor, person.password)).status, 200)
    await assertOnly(visitor, 'recovery-set-up-required')
    const { reply, key } = await recovery.setUpApp(copies, visitor)
    assert.equal(reply.status, 200, reply.text)
    const { json } = await visitor.api('GET', '/session')
    assert.equal((json['proofs'] as Record<string, unknown>)['second_step_kind'], 'totp')
    await leave(visitor)
    return { visitor: own, person: { ...person, key } }
  },

  async 'account brought along by import'() {
    const [password, there, bare] = ['violet ladder cement 47', await enrolled(), someAddress()]
    const hash = await copies.world.passwords.hash(password)
    const person = { email: someAddress(), password, phone: '', key: toBase32(random(20)) }
    const uri = (key: string) => `otpauth://totp/Old:x?secret=${key}&issuer=Old`
    const said = await bring([
      { email: person.email, password_hash: hash, otpauth: uri(person.key), email_verified: true },
      { email: there.email, password_hash: hash },
      { email: bare, otpauth: uri(toBase32(random(20))), email_verified: true },
    ])
    assert.match(said, /2 accounts were made.*\n.*\n.*1 address has an account already/)
    await assertAsked({ visitor: copies.visitor(), person: there })
    const reader = await reset.follow(copies, await reset.askLink(copies, { email: bare }))
    assert.equal(errorOf(await reset.setPassword(reader)), 'reset-not-confirmed')
    await assertNobody(reader, { email: bare })
    return { visitor: copies.visitor(), person }
  },

  async 'sign-in by the API'() {
    const person = await addSomebody(copies.world, ['sms', 'totp'])
    const visitor = copies.visitor()
    assert.equal(next(await givePassword(visitor, person)), 'second-step')
    const headers = { authorization: `Bearer ${cookie(visitor, 'sign-in')}` }
    const borne = await copies.visitor().api('GET', '/session', undefined, { headers })
    assert.equal(errorOf(borne), 'sign-in-required')
    return { visitor, person }
  },
}

/** The pathways that end in none: at the sign-in page, or nowhere. */
const toNone: Readonly<Record<string, Pathway>> = {
  async 'first owner’s link'() {
    const token = ownersLink?.split('/').at(-1) ?? ''
    const password = 'six unrelated marble words'
    const owner = { email: 'ada@example.com', password }
    const own = copies.visitor()
    const made = await own.api('POST', '/first-owner', {
      token,
      team: 'Acme',
      name: 'Ada',
      ...owner,
    })
    assert.equal(made.status, 200, made.text)
    await assertNobody(own, owner)
    const person = await enrolByPassword(own, owner)
    const visitor = copies.visitor(1)
    assert.equal((await visitor.get(`/welcome/${token}`)).status, 410)
    const other = { token, team: 'Acme', name: 'Eve', email: 'eve@example.com', password }
    const again = await visitor.api('POST', '/first-owner', other)
    assert.equal(errorOf(again), 'link-over')
    return { visitor, person }
  },

  async 'sign-up link'() {
    const email = someAddress()
    const tokens: string[] = []
    for (let i = 0; i < 2; i++) {
      await copies.visitor().api('POST', '/sign-ups', { email })
      tokens.push(await tokenTo(email, 'sign-up'))
    }
    const own = copies.visitor()
    const [first, second] = tokens
    const made = await own.api('POST', '/accounts', { token: first, ...newcomer })
    assert.equal(made.status, 200, made.text)
    await assertNobody(own, { email })
    const person = await enrolByPassword(own, { email, password: newcomer.password })
    const visitor = copies.visitor(1)
    const again = await visitor.api('POST', '/accounts', { token: second, ...newcomer })
    assert.equal(errorOf(again), 'link-over')
    await visitor.api('POST', '/sign-ups', { email })
    assert.equal(await tokenTo(email, 'sign-up'), second, 'an address with an account gets no link')
    return { visitor, person }
  },

  async 'link to confirm the address'() {
    const person = await enrolled()
    await copies.sql.query('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [
      person.id,
    ])
    const own = await enter(copies, person)
    await own.api('POST', '/profile/verification-mails', {})
    await leave(own)
    const visitor = copies.visitor()
    await use(visitor, '/email-verifications', await tokenTo(person.email, 'verify-email'))
    return { visitor, person }
  },

  async 'link to a new address'() {
    const person = await enrolled()
    const visitor = await enter(copies, person, { remember_device: true })
    const email = someAddress()
    assert.equal((await visitor.api('POST', '/email/changes', { email })).status, 200)
    const stranger = copies.visitor(1)
    await use(stranger, '/email/confirmations', await tokenTo(email, 'change-email'))
    await assertNobody(stranger, { email })
    visitor.jar.delete('session')
    return { visitor, person: { ...person, email } }
  },

  async 'link to a further address'() {
    const person = await enrolled()
    const own = await enter(copies, person)
    const email = someAddress()
    assert.equal((await own.api('POST', '/email/others', { email })).status, 200)
    await leave(own)
    const visitor = copies.visitor()
    await use(visitor, '/email/others/confirmations', await tokenTo(email, 'notify-email'))
    return { visitor, person }
  },

  async 'invitation, no account yet'() {
    const email = someAddress()
    const { token } = await invited(copies, await ownedTeam(copies), email)
    const own = copies.visitor()
    assert.equal((await joinBy(own, token)).status, 200)
    await assertNobody(own, { email })
    const person = await enrolByPassword(own, { email, password: newcomer.password })
    const visitor = copies.visitor(1)
    assert.equal(errorOf(await joinBy(visitor, token)), 'invitation-over')
    return { visitor, person }
  },

  async 'invitation, to an account'() {
    const person = await enrolled()
    const { id, token } = await invited(copies, await ownedTeam(copies), person.email)
    const visitor = copies.visitor()
    await visitor.get(`/invitation/${token}`)
    assert.equal(errorOf(await joinBy(visitor, token)), 'invitation-to-account')
    await givePassword(visitor, person)
    const early = await visitor.api('POST', `/invitations/${id}/accept`, {})
    assert.equal(errorOf(early), 'sign-in-required')
    return { visitor, person }
  },

  async 'this was not me'() {
    const person = await enrolled()
    const visitor = await enter(copies, person, { remember_device: true })
    const stranger = copies.visitor(1)
    await use(stranger, '/not-me-reports', await tokenTo(person.email, 'not-me'))
    await assertNobody(stranger, person)
    visitor.jar.delete('session')
    return { visitor, person }
  },

  async 'link to a new password'() {
    const person = await enrolled()
    const visitor = await enter(copies, person, { remember_device: true })
    await leave(visitor)
    await visitor.get(`/reset-password/${await reset.askLink(copies, person)}`)
    await assertNobody(visitor, person)
    assert.equal(errorOf(await reset.setPassword(visitor)), 'reset-not-confirmed')
    await visitor.api('POST', '/password-reset/method', { method: person.methods['totp'] })
    const code = freshAppCode(copies, person)
    assert.equal((await visitor.api('POST', '/password-reset/code', { code })).status, 200)
    await assertNobody(visitor, person)
    assert.equal((await reset.setPassword(visitor)).status, 200)
    return { visitor, person: { ...person, password: reset.newPassword } }
  },

  async 'link of a recovery case'() {
    const person = await recovery.plainMember(copies)
    await recovery.askByAddress(copies.visitor(), person.email)
    return { visitor: await recovery.proveByMail(copies, person), person }
  },

  async 'API key'() {
    const { owner, team, visitor } = await ownerOfTeam(copies)
    const scopes = ['read-members', 'manage-members', 'read-log']
    const { token } = await makeKey(visitor, team, scopes)
    await leave(visitor)
    for (const { base } of copies.all) {
      assert.equal((await callWith(base, token, 'GET', `/teams/${team}/events`)).status, 200)
      for (const path of ['/session', '/sessions', '/methods', '/profile']) {
        const reply = await callWith(base, token, 'GET', path)
        assert.deepEqual([errorOf(reply), reply.setCookies], ['sign-in-required', []], path)
      }
      const { email, password } = owner
      const door = await callWith(base, token, 'POST', '/sign-in', { email, password })
      assert.deepEqual([errorOf(door), door.setCookies], ['forgery-suspected', []])
    }
    for (const name of ['session', 'sign-in']) {
      const forged = copies.visitor()
      forged.jar.set(name, token.replace('tsk_', ''))
      assert.equal(errorOf(await forged.api('GET', '/session')), 'sign-in-required')
    }
    return { visitor, person: owner }
  },

  async 'operator’s command'() {
    assert.deepEqual(
      Object.keys(typed).toSorted(),
      commands.map(({ name }) => name).toSorted(),
      'every command is tried here',
    )
    for (const [name, words] of Object.entries(typed)) {
      const person = await enrolled()
      const visitor = await enter(copies, person, { remember_device: true })
      await leave(visitor)
      const { code, said, complained } = await operate(copies.world, await words(person))
      assert.equal(code, 0, said + complained)
      await assertNobody(visitor, person)
      const ends = name === 'reset-two-step' || name === 'delete-account'
      assert.equal(await isAsked(person), !ends, name)
    }
    return null
  },

  async 'session from before the second step'() {
    const bare = await addSomebody(copies.world)
    const [own, visitor] = [await enter(copies, bare), await enter(copies, bare)]
    const { key } = await addApp(copies, own)
    for (const { base } of copies.all) assert.equal(await isIn(visitor.copy(base)), false)
    await leave(own)
    visitor.jar.delete('session')
    return { visitor, person: { ...bare, key } }
  },

  async 'sign-in that waited while a method was added'() {
    const person = await enrolled()
    const waiting = copies.visitor(1)
    await givePassword(waiting, person)
    const own = await enter(copies, person)
    await addSent(copies, own, 'email', person.email)
    const late = await giveCode(waiting, freshAppCode(copies, person))
    assert.equal(errorOf(late), 'sign-in-over')
    await leave(own)
    await assertNobody(waiting, person)
    await enrolMeanwhile('guesses')
    await enrolMeanwhile('accounts')
    waiting.jar.delete('sign-in')
    return { visitor: waiting, person }
  },
}

/** What is typed for each command, to act on that person. */
const typed: Readonly<Record<string, (person: Person) => string[] | Promise<string[]>>> = {
  status: () => ['status'],
  locked: () => ['locked', '--full'],
  unlock: ({ email }) => ['unlock', email],
  'reset-two-step': ({ email }) => ['reset-two-step', email, '--reason', 'lost phone', '--yes'],
  'policy-off': async ({ id }) => {
    const team = await ownTeam(copies.world, id)
    await setPolicy(copies.world, team)
    return ['policy-off', team, '--reason', 'locked out', '--yes']
  },
  'make-support': ({ email }) => ['make-support', email, '--yes'],
  'end-support': async ({ email }) => {
    await operate(copies.world, ['make-support', email, '--yes'])
    return ['end-support', email, '--yes']
  },
  'delete-account': ({ email }) => ['delete-account', email, '--yes'],
  'clean-up': () => ['clean-up'],
  'rotate-keys': () => ['rotate-keys', '--check'],
  import: ({ email }) => ['import', fileOf([{ email }])],
  'check-log': () => ['check-log'],
  'after-restore': () => ['after-restore', '--since', copies.clock.now().toISOString(), '--yes'],
}

// The first owner's link comes first: it is good only while nobody is there.
for (const [name, go] of Object.entries({ ...toNone, ...toSession })) {
  test(`FLOW-08: ${name}: without the second step an enrolled person has no session`, async () => {
    const left = await go()
    if (left) await assertAsked(left)
  })
}

const section =
  /## Pathways that can end in a session\n([\s\S]*?)\n## /.exec(
    readFileSync(join(import.meta.dirname, '../../docs/sign-in.md'), 'utf8'),
  )?.[1] ?? ''
const rows = [...section.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | '))

test('FLOW-08: the pathways of docs/sign-in.md are those gone here, and their further tests exist', () => {
  const named = rows.map(([name = '']) => name).filter((name) => name !== 'pathway')
  assert.deepEqual(named, [...Object.keys(toSession), ...Object.keys(toNone)])
  const files = rows.flatMap((row) => [...(row.at(-1) ?? '').matchAll(/`([^`]+)`/g)])
  assert.ok(files.length >= named.length, 'each has one')
  for (const [, file = ''] of files) {
    assert.ok(existsSync(join(import.meta.dirname, '..', `${file}.test.ts`)), file)
  }
})

test('FLOW-08: every address that takes a link’s token stands in docs/sign-in.md', () => {
  const addresses = routes.flatMap((route) => ('movesTo' in route ? [route.get] : []))
  const named = rows.flatMap((row) => [...row.join().matchAll(/`(\/[\w-]+\/)…`/g)])
  assert.deepEqual(
    [...new Set(named.map(([, address = '']) => `${address}:token`))].toSorted(),
    addresses.toSorted(),
  )
})

/** Asserts that a browser is nobody's, at both copies, and that the account has no session. */
async function assertNobody(visitor: Visitor, { email }: Pick<Holder, 'email'>): Promise<void> {
  assert.equal(cookie(visitor, 'session'), '')
  for (const { base } of copies.all) {
    const at = visitor.copy(base)
    assert.equal(errorOf(await at.api('GET', '/session')), 'sign-in-required')
    const page = await at.get('/settings/security')
    assert.match(String(page.headers.get('location')), /^\/sign-in/)
  }
  const open = `SELECT 1 FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.epoch = s.epoch
    WHERE a.email = $1`
  assert.equal(await countOf(copies.sql, open, email), 0)
}

/** Asserts that the session opens nothing at either copy, for that reason. */
async function assertOnly(visitor: Visitor, reason: string): Promise<void> {
  for (const { base } of copies.all) {
    assert.equal(errorOf(await visitor.copy(base).api('GET', '/session')), reason)
  }
}

/** Asserts that there is no session, that the second step is asked, and that it then lets in. */
async function assertAsked({ visitor, person, asked = 'totp' }: Left): Promise<void> {
  await assertNobody(visitor, person)
  if (cookie(visitor, 'sign-in') === '') {
    const first = await givePassword(visitor, person)
    assert.equal(next(first), 'second-step', first.text)
    await assertNobody(visitor, person)
  }
  for (const { base } of copies.all) {
    const screen = await visitor.copy(base).api('GET', '/sign-in/code')
    assert.equal((screen.json['now_asked'] as { kind: string } | null)?.kind, asked, screen.text)
  }
  await enterCode(visitor, person)
  assert.ok(await isIn(visitor))
}

/** Whether a browser that nobody knows is asked for the second step. */
async function isAsked(person: Holder): Promise<boolean> {
  return next(await givePassword(copies.visitor(), person)) === 'second-step'
}

/** The second step, by whatever the sign-in asks for. */
async function enterCode(visitor: Visitor, person: Holder): Promise<void> {
  const reply = await giveCode(visitor, await askedCode(copies, visitor, person))
  assert.equal(reply.status, 200, reply.text)
}

/** Signs out; a trusted device stays one. */
async function leave(visitor: Visitor): Promise<void> {
  await visitor.post('/sign-out', {})
  assert.equal(cookie(visitor, 'session'), '')
}

/** A recovery code or one-time pass, at the second step. */
function useSpare(visitor: Visitor, code: string): Promise<Reply> {
  return visitor.api('POST', '/sign-in/recovery-code', { recovery_code: code })
}

/** Six digits that are not those of the letter. */
function otherThan(letter: Parameters<typeof codeIn>[0]): string {
  return codeIn(letter) === '000000' ? '000001' : '000000'
}

/** Uses a mailed link. */
async function use(visitor: Visitor, path: string, token: string): Promise<void> {
  const reply = await visitor.api('POST', path, { token })
  assert.equal(reply.status, 200, reply.text)
}

/** The token of the newest link of that kind mailed to an address. */
async function tokenTo(to: string, place: string): Promise<string> {
  await copies.delivered()
  const pattern = new RegExp(`/${place}/([\\w-]{43})`)
  const tokens = copies.inbox.list().flatMap(({ letter }) => {
    const text = letter.to === to && letter.channel === 'mail' ? letter.text : ''
    return pattern.exec(text)?.[1] ?? []
  })
  assert.ok(tokens[0], `no ${place} link went to ${to}`)
  return tokens[0]
}

/** Somebody who has just got an account signs in, turns an app on and leaves. */
async function enrolByPassword(
  visitor: Visitor,
  holder: Pick<Holder, 'email' | 'password'>,
): Promise<Holder> {
  assert.equal(next(await givePassword(visitor, holder)), 'signed-in')
  const { key } = await addApp(copies, visitor)
  await leave(visitor)
  return { ...holder, phone: '', key }
}

/** The set-up that a team requires, from the password to the end: nothing else opens before. */
async function setUpAsRequired(visitor: Visitor, person: Holder): Promise<string> {
  assert.equal(next(await givePassword(visitor, person)), 'set-up')
  await assertOnly(visitor, 'set-up-required')
  const early = await visitor.api('POST', '/methods', { kind: 'totp' })
  assert.equal(errorOf(early), 'mailbox-required')
  await visitor.api('POST', '/requirement/mail', {})
  await copies.delivered()
  const code = codeIn(copies.newest(person.email))
  const proven = await visitor.api('POST', '/requirement/code', { code })
  assert.equal(proven.status, 200, proven.text)
  await assertOnly(visitor, 'set-up-required')
  const { key } = await addApp(copies, visitor)
  assert.ok(await isIn(visitor))
  await leave(visitor)
  return key
}

/**
 * Somebody's first method is turned on elsewhere while the password is on its way. It waits at the
 * count of its tries, with what it read of the account before; or both wait for the account's row.
 */
async function enrolMeanwhile(at: 'guesses' | 'accounts'): Promise<void> {
  const bare = await addSomebody(copies.world)
  const own = await enter(copies, bare)
  const app = await startApp(own)
  const visitor = copies.visitor(1)
  await givePassword(visitor, { ...bare, password: 'not the right password' })
  const turnOn = () => confirm(own, app.id, appCode(app, copies.clock.now()))
  const password = () => givePassword(visitor, bare)
  if (at === 'guesses') {
    const [late] = await atOnce(copies.sql, 'SELECT FROM guesses FOR UPDATE', [password], turnOn)
    assert.equal(late?.json['error'], 'changed')
  } else {
    const holding = `SELECT FROM accounts WHERE id = '${bare.id}' FOR UPDATE`
    const [on] = await atOnce(copies.sql, holding, [turnOn, password])
    assert.equal(on?.status, 200, on?.text)
  }
  assert.ok(await isAsked(bare), 'the method is on')
  for (const { base } of copies.all) assert.equal(await isIn(visitor.copy(base)), false, at)
}

let files = 0

function fileOf(lines: readonly object[]): string {
  const path = join(folder, `${(files += 1)}.json`)
  writeFileSync(path, JSON.stringify(lines))
  return path
}

/** Imports these lines; gives what was said. */
async function bring(lines: readonly object[]): Promise<string> {
  const { code, said, complained } = await operate(copies.world, ['import', fileOf(lines)])
  assert.equal(code, 0, said + complained)
  return said
}
