import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { guessKeys } from '../../src/accounts/guesses.ts'
import { limits } from '../../src/config.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, enter, eventsOf, freshAppCode, isIn, mailsTo, rowsOf } from '../support/member.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { giveCode, givePassword, wrongCode } from '../support/steps.ts'
import { join, makeTeam, ownTeam, setPolicy } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sourceGuessesMax: 10_000 } })
})
after(() => copies.stop())

const reset = (person: Person, ...more: string[]) => [
  'reset-two-step',
  person.email,
  '--reason',
  'lost phone, seen in person',
  ...more,
]

const lastEvent = async (kind: string) => {
  const [row] = await copies.sql.query<{
    account_id: string | null
    actor_id: string | null
    team_id: string | null
    details: Record<string, unknown>
  }>('SELECT * FROM events WHERE kind = $1 ORDER BY id DESC LIMIT 1', [kind])
  assert.ok(row, kind)
  return row
}

test('OPS-03: a reset ends methods, recovery codes, devices, sessions and pending sign-ins', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const trusted = await enter(copies, person, { remember_device: true })
  const pending = copies.visitor(1)
  await givePassword(pending, person)
  const { code, said } = await operate(copies.world, reset(person), [person.email])
  assert.equal(code, 0, said)
  assert.ok(!(await isIn(trusted)))
  assert.equal((await giveCode(pending, freshAppCode(copies, person))).status, 401)
  for (const table of ['methods', 'sessions', 'challenges', 'trusted_devices'] as const) {
    assert.deepEqual(await rowsOf(copies, table, person), [], table)
  }
  assert.deepEqual(await rowsOf(copies, 'recovery_codes', person), [])
  const again = await givePassword(trusted, person)
  assert.equal(again.json['next'], 'signed-in', 'no trust and no method is left to ask for')
})

test('OPS-03, NTF-01: every address and number is told of a reset; the log names the operator and the reason', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  await copies.sql.query(
    `INSERT INTO methods (id, account_id, kind, slot, name, destination, created_at, confirmed_at)
     VALUES (gen_random_uuid(), $1, 'email', 'email', 'Email', 'older@example.com', now(), now())`,
    [person.id],
  )
  await operate(copies.world, reset(person, '--yes'))
  const subject = 'Twostep: Your two-step verification was reset'
  assert.ok((await mailsTo(copies, person)).includes(subject))
  assert.ok((await mailsTo(copies, { email: 'older@example.com' })).includes(subject))
  const text = copies.newest(person.phone)
  assert.ok(text.channel === 'text' && /two-step verification was reset/.test(text.body))
  const mail = copies.newest(person.email)
  assert.ok(mail.channel === 'mail' && mail.text.includes('lost phone, seen in person'))
  const row = await lastEvent('operator.reset-two-step')
  assert.equal(row.account_id, person.id)
  assert.equal(row.actor_id, null)
  assert.deepEqual(row.details, { actor: 'operator', reason: 'lost phone, seen in person' })
})

test('OPS-03: while a team requires it, a reset account is asked to set a method up and gets nowhere else', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await setPolicy(copies.world, await ownTeam(copies.world, person.id))
  copies.clock.advance(60)
  await operate(copies.world, reset(person, '--yes'))
  const visitor = copies.visitor()
  assert.equal((await givePassword(visitor, person)).json['next'], 'set-up')
  assert.equal((await visitor.api('GET', '/profile')).status, 403)
})

test('REC-07, OPS-03: for three days after a reset methods are set up, and nothing that protects is moved', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await operate(copies.world, reset(person, '--yes'))
  const browser = await enter(copies, person)
  const app = await addApp(copies, browser)
  const [method] = await rowsOf<{ id: string }>(copies, 'methods', person)
  const moves = async (visitor: Visitor) => [
    (await visitor.api('DELETE', `/methods/${method?.id}`)).json['error'],
    (await visitor.api('POST', '/email/changes', { email: 'thief@example.com' })).json['error'],
  ]
  assert.deepEqual(await moves(browser), ['frozen', 'frozen'])
  copies.clock.advance(72 * 3600)
  const later = await enter(copies, { ...person, key: app.key })
  assert.ok(!(await moves(later)).includes('frozen'))
})

test('OPS-03, NTF-02: a further address for notices is told of a reset too', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await copies.sql.query(
    `INSERT INTO notification_addresses (id, account_id, email, email_key, link_id, created_at,
       verified_at)
     VALUES (gen_random_uuid(), $1, $2, $2, gen_random_uuid(), now(), now())`,
    [person.id, `also-${person.email}`],
  )
  await operate(copies.world, reset(person, '--yes'))
  const told = await mailsTo(copies, { email: `also-${person.email}` })
  assert.deepEqual(told, ['Twostep: Your two-step verification was reset'])
})

test('OPS-03: it asks for the address again; any other answer, or none, changes nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  for (const answers of [[], [''], ['y'], ['yes'], [`x${person.email}`]]) {
    const { code, complained, asked } = await operate(copies.world, reset(person), answers)
    assert.equal(code, 1)
    assert.equal(asked, 1)
    assert.match(complained, /Nothing was changed/)
  }
  assert.equal((await rowsOf(copies, 'methods', person)).length, 1)
  assert.ok(!(await eventsOf(copies, person)).includes('operator.reset-two-step'))
  const typed = ` ${person.email.toUpperCase()} `
  assert.equal((await operate(copies.world, reset(person), [typed])).code, 0)
})

test('OPS-03, AUD-02: nothing that opens anything is printed', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const door = copies.visitor()
  await givePassword(door, person)
  await door.api('POST', '/sign-in/method', { method: person.methods['sms'] })
  const code = codeIn(copies.newest(person.phone))
  const printed: string[] = []
  for (const words of [
    ['status'],
    ['locked', '--full'],
    ['unlock', person.email],
    ['make-support', person.email, '--yes'],
    reset(person, '--yes'),
    ['clean-up'],
    ['delete-account', person.email, '--yes'],
  ]) {
    const { said, complained } = await operate(copies.world, words)
    printed.push(said, complained)
  }
  await copies.delivered()
  const text = printed.join('\n')
  const hashes = await copies.sql.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM accounts',
  )
  for (const secret of [
    code,
    person.key,
    person.password,
    person.phone,
    ...person.recoveryCodes,
    ...hashes.map(({ hash }) => hash),
    ...door.jar.values(),
  ]) {
    assert.ok(!text.includes(secret), secret)
  }
  assert.doesNotMatch(text, /https?:\/\/|[\w-]{43}/)
})

test('OPS-03: a wrong address, a missing reason, unknown words and commands: exit 2, nothing changed', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const before = await copies.sql.query('SELECT count(*) FROM events')
  for (const [words, says] of [
    [['reset-two-step', 'no address', '--reason', 'x'], /not an email address/],
    [['reset-two-step', 'nobody@example.com', '--reason', 'x'], /no account with the address/],
    [['reset-two-step', person.email], /Say why/],
    [['reset-two-step', person.email, '--reason', '  '], /Say why/],
    [['reset-two-step', person.email, '--reason', 'x'.repeat(201)], /200 characters/],
    [['reset-two-step', '--reason', 'x'], /word missing/],
    [['reset-two-step', person.email, person.email, '--reason', 'x'], /more words/],
    [['reset-two-step', person.email, '--force'], /--force/],
    [['unlock', 'a@b\u001b[2J'], /not an email address/],
    [['policy-off', 'No such team', '--reason', 'x'], /no team/],
    [['frobnicate'], /no command “frobnicate”/],
    [['delete-account', 'nobody@example.com', '--yes'], /no account/],
  ] as const) {
    const { code, said, complained } = await operate(copies.world, words)
    assert.equal(code, 2, words.join(' '))
    assert.match(complained, says)
    assert.ok(!`${said}${complained}`.includes('\u001b'))
  }
  assert.deepEqual(await copies.sql.query('SELECT count(*) FROM events'), before)
})

test('help names every command, and one of them; it opens no database', async () => {
  const { code, said } = await operate(copies.world, ['help'])
  assert.equal(code, 0)
  for (const name of ['reset-two-step', 'unlock', 'locked', 'policy-off', 'make-support']) {
    assert.match(said, new RegExp(`^twostep ${name}`, 'm'))
  }
  assert.match((await operate(copies.world, ['help', 'unlock'])).said, /Ends the waits/)
  assert.equal((await operate(copies.world, ['help', 'x'])).code, 2)
  assert.match((await operate(copies.world, ['unlock', '--help'])).said, /Ends the waits/)
})

test('LIM-03, LIM-04, OPS-03: unlock ends the waits and leaves the counts', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await copies.sql.query(
    'UPDATE methods SET failures = 20, not_before = $2 WHERE account_id = $1',
    [person.id, new Date(copies.clock.now().getTime() + 3_000_000)],
  )
  for (let i = 0; i < limits.passwordFailuresMax && i < 12; i++) {
    await givePassword(copies.visitor(), { ...person, password: 'wrong' })
  }
  assert.equal((await givePassword(copies.visitor(), person)).status, 401, 'it waits')
  assert.match(
    (await operate(copies.world, ['locked'])).said,
    /•••@example\.com: method totp waits/,
  )
  const { code, said } = await operate(copies.world, ['unlock', person.email])
  assert.equal(code, 0)
  assert.match(said, /2 waits have ended/)
  const visitor = copies.visitor()
  assert.equal((await givePassword(visitor, person)).status, 200)
  assert.equal((await giveCode(visitor, wrongCode(person, copies.clock.now()))).status, 422)
  const [{ failures } = { failures: 0 }] = await rowsOf<{ failures: number }>(
    copies,
    'methods',
    person,
  )
  assert.equal(failures, 21)
  assert.ok((await eventsOf(copies, person)).includes('operator.unlocked'))
  assert.ok((await mailsTo(copies, person)).includes('Twostep: Your account was unlocked'))
})

test('LIM-02, LIM-08, OPS-03: a closed password stays closed and gets the mail for a new one; a method that is off stays off', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const who = { requestId: '', source: '10.1.0.1', browser: '' }
  await givePassword(copies.visitor(), { ...person, password: 'wrong' })
  await copies.sql.query('UPDATE guesses SET count = 100 WHERE key = $1', [
    guessKeys(copies.world, who, person.email).account,
  ])
  await copies.sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [person.id])
  const listed = (await operate(copies.world, ['locked', '--full'])).said
  assert.match(listed, new RegExp(`${person.email}: the password is closed`))
  assert.match(listed, new RegExp(`${person.email}: method totp off after 100`))
  assert.doesNotMatch((await operate(copies.world, ['locked'])).said, new RegExp(person.email))
  const { said } = await operate(copies.world, ['unlock', person.email])
  assert.match(said, /password is closed/)
  assert.match(said, /1 method was switched off/)
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
  assert.ok((await mailsTo(copies, person)).includes('Choose a new Twostep password'))
})

test('OPS-03, NTF-01: policy-off lets a locked-out team in again; owner and admins are told', async () => {
  const owner = await addSomebody(copies.world)
  const admin = await addSomebody(copies.world)
  const member = await addSomebody(copies.world)
  const team = await makeTeam(copies.world, 'Locked out Ltd')
  await join(copies.world, team, owner.id, 'owner')
  await join(copies.world, team, admin.id, 'admin')
  await join(copies.world, team, member.id)
  copies.clock.advance(1)
  await setPolicy(copies.world, team, { bites: 'now' })
  copies.clock.advance(1)
  const inside = copies.visitor()
  assert.equal((await givePassword(inside, member)).json['next'], 'set-up')
  const words = ['policy-off', 'Locked out Ltd', '--reason', 'all admins are out']
  assert.equal((await operate(copies.world, words, ['locked out'])).code, 1)
  assert.equal((await inside.api('GET', '/profile')).status, 403)
  assert.equal((await operate(copies.world, words, ['Locked out Ltd'])).code, 0)
  assert.equal((await inside.api('GET', '/profile')).status, 200)
  const subject = 'Twostep: Your team no longer requires two-step authentication'
  assert.ok((await mailsTo(copies, owner)).includes(subject))
  assert.ok((await mailsTo(copies, admin)).includes(subject))
  assert.ok(!(await mailsTo(copies, member)).includes(subject))
  assert.equal((await lastEvent('operator.policy-off')).team_id, team)
  assert.match((await operate(copies.world, words, [])).said, /does not require/)
})

test('OPS-03: of several teams with one name none is touched; their ids say which', async () => {
  const teams = [await makeTeam(copies.world, 'Twin'), await makeTeam(copies.world, 'Twin')]
  for (const team of teams) await setPolicy(copies.world, team)
  const byName = await operate(copies.world, ['policy-off', 'Twin', '--reason', 'x', '--yes'])
  assert.equal(byName.code, 2)
  for (const team of teams) assert.ok(byName.complained.includes(team))
  const byId = ['policy-off', teams[0] ?? '', '--reason', 'x', '--yes']
  assert.equal((await operate(copies.world, byId)).code, 0)
  const rows = await copies.sql.query<{ required: boolean }>(
    'SELECT required FROM policies WHERE team_id = ANY($1::uuid[])',
    [teams],
  )
  assert.equal(rows.filter(({ required }) => required).length, 1)
})

test('REC-06, OPS-03: a support person has a second step; made and ended, told and logged', async () => {
  const person = await addSomebody(copies.world)
  const since = async () => {
    const [row] = await copies.sql.query<{ since: Date | null }>(
      'SELECT support_since AS since FROM accounts WHERE id = $1',
      [person.id],
    )
    return row?.since ?? null
  }
  const bare = await operate(copies.world, ['make-support', person.email, '--yes'])
  assert.equal(bare.code, 1)
  assert.match(bare.complained, /no second step/)
  const safe = await addSomebody(copies.world, ['totp'])
  Object.assign(person, safe)
  assert.equal((await operate(copies.world, ['make-support', safe.email], [safe.email])).code, 0)
  assert.deepEqual(await since(), copies.clock.now())
  assert.match((await operate(copies.world, ['make-support', safe.email])).said, /already/)
  assert.equal((await operate(copies.world, ['end-support', safe.email, '--yes'])).code, 0)
  assert.equal(await since(), null)
  const kinds = await eventsOf(copies, safe)
  assert.ok(kinds.includes('operator.support-made') && kinds.includes('operator.support-ended'))
  const mails = await mailsTo(copies, safe)
  assert.ok(mails.includes('Twostep: You are a support person now'))
  assert.ok(mails.includes('Twostep: You are no longer a support person'))
})

test('PRV-03: clean-up says what went', async () => {
  const person = await addSomebody(copies.world)
  await enter(copies, person)
  copies.clock.advance(8 * 86_400)
  const { code, said } = await operate(copies.world, ['clean-up'])
  assert.equal(code, 0)
  assert.match(said, /^sessions: [1-9]/m)
  assert.match(said, /rows went/)
})

test('OPS-04: status counts and names nobody', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const { code, said } = await operate(copies.world, ['status'])
  assert.equal(code, 0)
  assert.match(said, /Accounts: \d+, of which \d+ have a second step/)
  assert.match(said, new RegExp(`seals secrets: ${copies.world.keys.secrets.current.id}`))
  assert.match(said, /Migrations: \d+, the newest 00\d\d_/)
  assert.doesNotMatch(said, new RegExp(`@|${person.phone.slice(1)}|Person|${person.id}`))
})
