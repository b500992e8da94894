import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { formOf, formType, sendRaw } from '../support/raw-request.ts'
import { askLink, follow } from '../support/reset.ts'
import { rowsBut } from '../support/rows.ts'
import type { Rows } from '../support/rows.ts'
import { givePassword, signIn } from '../support/steps.ts'
import { addresses, fieldsOf, fill, parametersOf } from '../support/surface.ts'
import type { Address } from '../support/surface.ts'
import { join, ownTeam } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
let caller: Caller
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1e6, sendsPerDayMax: 1e6 }
  const open = { ...config, sourceGuessesMax: 1e6, signUpOpen: true }
  copies = await startCopies({ config: { ...open, sendsPerSourcePerHourMax: 1e6 } })
  caller = await makeCaller()
})
after(() => copies.stop())

/** The same person at the three places a row may be called from, and what belongs to others. */
type Caller = {
  readonly browsers: Readonly<Record<'visitor' | 'pending' | 'session', Visitor>>
  readonly person: Person
  /** The team they own, with a colleague in it. */
  readonly team: string
  readonly colleague: Person
  readonly setUp: string
  readonly victim: Person
  readonly others: readonly string[]
}

const acts = addresses.filter(({ verb }) => verb !== 'GET')
const wide = (count: number) => '１２３４５６７８９０'.slice(0, count)
const long = 'x'.repeat(10_240)

/** Values that are no one short text; every row refuses them in every field but these. */
const wrongInJson: readonly unknown[] = [7, 1e308, true, null, [], ['x'], ['000000', 'x'], {}, long]
const wrongInForms: readonly (readonly string[])[] = [['a', 'b'], ['000000', '000000'], [long]]
/** They take anything, or nothing, for "no": a path that leads away, a box that is not ticked. */
const forgiving = [
  'return_to',
  'remember_device',
  'notice_accepted',
  'name',
  'phone',
  'saved',
  'password_lost',
  'queue',
  'members',
]

/** Texts that mean something to somebody on the way. */
const hostile: readonly string[] = [
  '',
  ' ',
  wide(6),
  '\0',
  'a\r\nSet-Cookie: session=x',
  '\ud800',
  '%00%ff%',
  '{{7*7}}${7*7}<script>alert(1)</script>',
]
const hostileInJson: readonly string[] = [
  ...hostile,
  'a\0b',
  '\u2028',
  '\ufeff000000',
  '../../etc/passwd',
  "'; DROP TABLE accounts; --",
  '__proto__',
  'constructor',
]

test('FLOW-14, AUD-04: no field of any row can be made to fail by what is typed into it', async (t) => {
  assert.ok(acts.length >= 60, 'the whole table')
  let rows = await rowsBut(copies.sql, 'events', 'guesses')
  for (const address of acts) {
    for (const field of fieldsOf(address.route)) {
      await t.test(`${address.verb} ${address.path}: ${field}`, async () => {
        const replies = await tryField(address, field)
        await copies.delivered()
        const [before, now] = [rows, await rowsBut(copies.sql, 'events', 'guesses')]
        rows = now
        assert.deepEqual(ofVictim(now), ofVictim(before), 'nobody else’s rows are touched')
        const refused = replies.every(({ status }) => status >= 400)
        if (refused) assert.deepEqual(withoutCounts(now), withoutCounts(before), 'nothing changed')
      })
    }
  }
})

test('FLOW-14, AUD-04: no body of any shape makes a row fail', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  const bodies = ['', '{', '[]', 'null', '7', '"x"', `{"a":${deep}}`, '{"__proto__":{"who":"me"}}']
  const before = await rowsBut(copies.sql, 'events', 'guesses')
  for (const address of acts) {
    const browser = browserFor(address)
    const path = fill(address.path, { id: crypto.randomUUID(), kind: 'x', token: 'x' })
    const type = address.api ? 'application/json' : formType
    // What takes no fields is done by any body that can be read; it is not what is tried here.
    const tried = fieldsOf(address.route).length > 0 ? bodies : []
    const send = (body: string) => sendRaw(browser, address.verb, path, { body, type })
    for (const reply of await Promise.all(tried.map(send))) assertNoFault(reply, address)
    assert.equal((await send('x'.repeat(70_000))).status, 413, address.path)
  }
  const now = await rowsBut(copies.sql, 'events', 'guesses')
  assert.deepEqual(withoutCounts(now), withoutCounts(before))
})

/** Gives one field everything, the others what fits; gives what came of it. */
async function tryField(address: Address, field: string): Promise<Reply[]> {
  const inPath = parametersOf(address.path).includes(field)
  const isId = address.api && /^(id|method|device|token|reset)$/.test(field)
  const texts = [...(address.api ? hostileInJson : hostile), ...(isId ? caller.others : [])]
  const readable = texts.filter((text) => !inPath || (text.isWellFormed() && text !== ''))
  const wrong = inPath ? [long] : [...(address.api ? wrongInJson : wrongInForms), undefined]
  const refused = await Promise.all(wrong.map((value) => give(address, field, value)))
  if (!forgiving.includes(field)) {
    assert.ok(
      refused.every(({ status }) => status >= 400),
      'what is no one short text is refused',
    )
  }
  const replies = await Promise.all(readable.map((value) => give(address, field, value)))
  const generated = inPath ? pathTexts : address.api ? anyJson : anyForm
  const send = async (value: unknown) => void replies.push(await give(address, field, value))
  // A form goes the same way as a call once it is read: what is generated need not go both.
  const numRuns = address.api ? 6 : 2
  await fc.assert(fc.asyncProperty(generated, send), { numRuns, endOnFailure: true })
  for (const reply of [...refused, ...replies]) assertNoFault(reply, address)
  return [...refused, ...replies]
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const anyJson: fc.Arbitrary<unknown> = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }))
const anyForm: fc.Arbitrary<unknown> = fc.oneof(text, fc.array(text, { maxLength: 3 }))
const pathTexts: fc.Arbitrary<unknown> = text.filter((one) => one.trim() !== '')

/** Sends what fits in every field, and `value` in this one; undefined leaves it out. */
function give(address: Address, field: string, value: unknown): Promise<Reply> {
  const { verb, path, api } = address
  const fits = fitting(address)
  const inPath = parametersOf(path)
  const filled = fill(path, inPath.includes(field) ? { ...fits, [field]: String(value) } : fits)
  const rest = fieldsOf(address.route).filter((name) => name !== field && !inPath.includes(name))
  const others = rest.map((name) => [name, fits[name] ?? 'x'] as const)
  const browser = browserFor(address)
  const mine = inPath.includes(field) ? undefined : value
  if (api) {
    const body = JSON.stringify({ ...Object.fromEntries(others), [field]: mine })
    return sendRaw(browser, verb, filled, { body })
  }
  const values = mine === undefined ? [] : Array.isArray(mine) ? mine : [mine]
  const pairs = [...others, ...values.map((one) => [field, String(one)] as const)]
  return sendRaw(browser, verb, filled, { body: formOf(browser, pairs), type: formType })
}

/** What fits in a row's fields and is refused later, or changes only the caller's own. */
function fitting({ path }: Address): Record<string, string> {
  const { person, team, colleague, setUp } = caller
  const isSetUp = /\/(confirm|code|send-again)$/.test(path) && !path.includes('new-number')
  return {
    email: person.email,
    password: 'not the right password',
    current_password: 'not the right password',
    new_password: 'six unrelated marble words',
    code: '000000',
    recovery_code: 'AAAA-AAAA-AAAA-AAAA',
    method: person.methods['email'] ?? '',
    device: crypto.randomUUID(),
    link: crypto.randomUUID(),
    id: (isSetUp ? setUp : person.methods['sms']) ?? '',
    token: 'x'.repeat(43),
    kind: 'nothing',
    name: 'A name',
    team: path.includes('/:team') ? team : 'A team',
    member: colleague.id,
    phone: person.phone,
    saved: 'yes',
    return_to: '/',
    remember_device: 'yes',
    notice_accepted: 'yes',
  }
}

function browserFor({ route }: Address): Visitor {
  if (route.pending) return caller.browsers.pending
  return route.who === 'anyone' ? caller.browsers.visitor : caller.browsers.session
}

async function makeCaller(): Promise<Caller> {
  const { world, clock, sql } = copies
  const [person, victim, colleague] = [
    await addSomebody(world, ['totp', 'sms', 'email']),
    await addSomebody(world, ['totp', 'sms', 'email']),
    await addSomebody(world, ['totp']),
  ]
  const team = await ownTeam(world, person.id)
  await join(world, team, colleague.id)
  const [pending, session, theirs] = [copies.visitor(), copies.visitor(), copies.visitor()]
  const visitor = await follow(copies, await askLink(copies, person))
  await visitor.api('POST', '/password-reset/method', { method: person.methods['sms'] })
  await givePassword(pending, person)
  await signIn(session, person, clock.now())
  await signIn(theirs, victim, clock.now(), { remember_device: true })
  await givePassword(copies.visitor(), victim)
  const setUp = await session.api('POST', '/methods', { kind: 'totp', name: 'Another' })
  const theirSetUp = await theirs.api('POST', '/methods', { kind: 'totp', name: 'Another' })
  await session.api('POST', '/step-up/method', { method: person.methods['email'] })
  await copies.delivered()
  await giveManyTries(person)
  const others = await sql.query<{ id: string }>(
    `SELECT id FROM sessions WHERE account_id = $1 UNION SELECT id FROM trusted_devices
     WHERE account_id = $1 UNION SELECT id FROM challenges WHERE account_id = $1
     UNION SELECT id FROM links WHERE account_id = $1`,
    [victim.id],
  )
  return {
    browsers: { visitor, pending, session },
    person,
    victim,
    team,
    colleague,
    setUp: String(setUp.json['id']),
    others: [
      victim.id,
      String(theirSetUp.json['id']),
      ...Object.values(victim.methods),
      ...others.map(({ id }) => id),
    ],
  }
}

/** More tries than any test takes, so that whatever is typed is looked at. */
async function giveManyTries({ id }: Person): Promise<void> {
  const { sql } = copies
  await sql.query('UPDATE challenges SET attempts_left = 1000000 WHERE account_id = $1', [id])
  await sql.query('UPDATE methods SET failures = -1000000 WHERE account_id = $1', [id])
  await sql.query('UPDATE recovery_sets SET failures = -1000000 WHERE account_id = $1', [id])
}

const counts = new Set(['attempts_left', 'failures', 'not_before'])

function withoutCounts(rows: Rows): unknown {
  const text = JSON.stringify(rows, (key, value: unknown) => (counts.has(key) ? null : value))
  return JSON.parse(text)
}

/** What has to do with the victim, in each table. */
function ofVictim(rows: Rows): unknown {
  const theirs = Object.entries(rows).map(([table, all]) => [
    table,
    (all as object[]).filter((row) => JSON.stringify(row).includes(caller.victim.id)),
  ])
  return Object.fromEntries(theirs) as unknown
}

function assertNoFault(reply: Reply, { verb, path }: Address): void {
  assert.ok(reply.status < 500, `${verb} ${path}: ${reply.status} ${reply.text.slice(0, 300)}`)
  assert.doesNotMatch(
    reply.text,
    /node:internal|at \S+ \((?:file|node):|\.ts:\d+|SELECT |SQLSTATE|syntax error/,
  )
}
