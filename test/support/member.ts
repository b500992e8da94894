/** What somebody who is signed in does, over HTTP: for stories and attacks. */
import assert from 'node:assert/strict'
import { codeIn } from './copies.ts'
import type { Copies } from './copies.ts'
import type { Person } from './people.ts'
import { appCode, giveCode, givePassword } from './steps.ts'
import type { Reply, Visitor } from './visitor.ts'

type Holder = Pick<Person, 'email' | 'password' | 'phone' | 'key'>

/** Signs in with whatever is asked; `more` goes along with the code. Gives the browser. */
export async function enter(
  copies: Copies,
  person: Holder,
  more: object = {},
  visitor: Visitor = copies.visitor(),
): Promise<Visitor> {
  const first = await givePassword(visitor, person)
  assert.equal(first.status, 200, first.text)
  if (first.json['next'] === 'signed-in') return visitor
  const second = await giveCode(visitor, await askedCode(copies, visitor, person), more)
  assert.equal(second.status, 200, second.text)
  return visitor
}

/** The code that the pending sign-in asks for: the app's, a new one, or the one just sent. */
export async function askedCode(
  copies: Copies,
  visitor: Visitor,
  person: Pick<Person, 'email' | 'phone' | 'key'>,
): Promise<string> {
  const screen = await visitor.api('GET', '/sign-in/code')
  const asked = screen.json['now_asked'] as { kind: string } | null
  if (asked?.kind === 'totp') return freshAppCode(copies, person)
  return codeIn(copies.newest(asked?.kind === 'sms' ? person.phone : person.email))
}

/** Lets 30 seconds pass, so that no code shown before is good again, and reads the app. */
export function freshAppCode(copies: Copies, person: Pick<Person, 'key'>): string {
  copies.clock.advance(30)
  return appCode(person, copies.clock.now())
}

/** Gives password and app code again inside the session. */
export async function proveAgain(copies: Copies, visitor: Visitor, person: Holder): Promise<void> {
  const password = { password: person.password }
  const first = await visitor.api('POST', '/step-up/password', password)
  assert.equal(first.status, 200, first.text)
  if (first.json['complete']) return
  const code = freshAppCode(copies, person)
  const second = await visitor.api('POST', '/step-up/code', { code })
  assert.equal(second.status, 200, second.text)
}

export type App = { readonly id: string; readonly key: string }

/** Starts the set-up of an authenticator app; it is not on yet. */
export async function startApp(visitor: Visitor, name = 'Phone'): Promise<App> {
  const started = await visitor.api('POST', '/methods', { kind: 'totp', name })
  assert.equal(started.status, 200, started.text)
  const { key } = started.json['shown'] as { key: string }
  return { id: String(started.json['id']), key }
}

/** Turns a method on with a code. */
export function confirm(visitor: Visitor, id: string, code: string): Promise<Reply> {
  return visitor.api('POST', `/methods/${id}/confirm`, { code })
}

/** Sets an app up and turns it on with its present code. */
export async function addApp(
  copies: Copies,
  visitor: Visitor,
  name?: string,
): Promise<App & { readonly codes: readonly string[] | null }> {
  const app = await startApp(visitor, name)
  const on = await confirm(visitor, app.id, appCode(app, copies.clock.now()))
  assert.equal(on.status, 200, on.text)
  return { ...app, codes: on.json['codes'] as string[] | null }
}

/** Turns SMS or email on with the code that was sent. Gives the method's id. */
export async function addSent(
  copies: Copies,
  visitor: Visitor,
  kind: 'sms' | 'email',
  to: string,
): Promise<string> {
  const body = { kind, notice_accepted: true }
  const started = await visitor.api('POST', '/methods', body)
  assert.equal(started.status, 200, started.text)
  const id = String(started.json['id'])
  const on = await confirm(visitor, id, codeIn(copies.newest(to)))
  assert.equal(on.status, 200, on.text)
  return id
}

/** Whether this browser has a session. */
export async function isIn(visitor: Visitor): Promise<boolean> {
  const { status } = await visitor.api('GET', '/session')
  assert.ok(status === 200 || status === 401, `GET /session gave ${status}`)
  return status === 200
}

/** The value of the browser's cookie whose name begins so; an empty text when there is none. */
export function cookie(visitor: Visitor, name: 'session' | 'sign-in' | 'device-'): string {
  return [...visitor.jar].find(([one]) => one.startsWith(name))?.[1] ?? ''
}

/** Subjects of the mails to a person so far, oldest first. */
export async function mailsTo(copies: Copies, person: Pick<Person, 'email'>): Promise<string[]> {
  await copies.delivered()
  return copies.inbox
    .list()
    .flatMap(({ letter }) =>
      letter.to === person.email && letter.channel === 'mail' ? [letter.subject] : [],
    )
    .toReversed()
}

/** Kinds of the events of an account so far, oldest first. */
export async function eventsOf(copies: Copies, person: Pick<Person, 'id'>): Promise<string[]> {
  const rows = await copies.sql.query<{ kind: string }>(
    'SELECT kind FROM events WHERE account_id = $1 ORDER BY id',
    [person.id],
  )
  return rows.map(({ kind }) => kind)
}

/** Rows of a table that belong to an account, the newest last. */
export function rowsOf<T = Record<string, unknown>>(
  copies: Copies,
  table: 'methods' | 'sessions' | 'challenges' | 'trusted_devices' | 'recovery_codes' | 'messages',
  person: Pick<Person, 'id'>,
): Promise<T[]> {
  const order = table === 'recovery_codes' ? 'hash' : 'id'
  return copies.sql.query<T>(`SELECT * FROM ${table} WHERE account_id = $1 ORDER BY ${order}`, [
    person.id,
  ])
}
