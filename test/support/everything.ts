/** A whole life of an account over HTTP, which keeps every secret that was in it. */
import assert from 'node:assert/strict'
import type { Letter } from '../../src/delivery/port.ts'
import type { Copies } from './copies.ts'
import { codeIn } from './copies.ts'
import { addApp, addSent, cookie, freshAppCode } from './member.ts'
import { giveCode, givePassword } from './steps.ts'
import type { Reply, Visitor } from './visitor.ts'

/** What must stand nowhere, by what it is; and what must stand nowhere unmasked. */
export type Kept = {
  readonly secrets: Map<string, string>
  readonly codes: Set<string>
  readonly addresses: string[]
  readonly replies: Reply[]
}

const email = 'marked.person@marked.example'
const first = '+447700900871'
const second = '+447700900872'
const passwords = {
  first: 'Marked plum river candle 1',
  wrong: 'Marked wrong ostrich velvet 2',
  second: 'Marked otter lantern piano 3',
  third: 'Marked quilt harbour spoon 4',
}

type Journey = { readonly copies: Copies; readonly kept: Kept; readonly visitor: Visitor }

/**
 * Signs up, sets everything up, signs in by everything, changes and resets the password, fails where
 * one can, and leaves. `onAct` is called before each request, for instance to break one.
 */
export async function liveThrough(copies: Copies): Promise<Kept> {
  const kept: Kept = {
    secrets: new Map(Object.entries(passwords)),
    codes: new Set(),
    addresses: [email, first, second],
    replies: [],
  }
  const journey = { copies, kept, visitor: listening(copies.visitor(), kept) }
  await begin(journey)
  const app = await enrol(journey)
  await signInByAll(journey, app.key)
  await change(journey, app)
  await choosePasswords(journey, app)
  await copies.delivered()
  return kept
}

/** The same browser, whose every reply and cookie is kept. */
function listening(visitor: Visitor, kept: Kept): Visitor {
  const get = visitor.get.bind(visitor)
  const post = visitor.post.bind(visitor)
  const api = visitor.api.bind(visitor)
  const keep = async (sent: Promise<Reply>) => {
    const reply = await sent
    kept.replies.push(reply)
    for (const [name, value] of visitor.jar) kept.secrets.set(`${name} ${value.slice(0, 6)}`, value)
    kept.secrets.set(`form ${visitor.token.slice(0, 6)}`, visitor.token)
    return reply
  }
  return Object.assign(visitor, {
    get: (...given: Parameters<typeof get>) => keep(get(...given)),
    post: (...given: Parameters<typeof post>) => keep(post(...given)),
    api: (...given: Parameters<typeof api>) => keep(api(...given)),
  })
}

async function ok(reply: Promise<Reply>): Promise<Reply> {
  const got = await reply
  assert.ok(got.status === 200 || got.status === 303, `${got.status} ${got.text.slice(0, 400)}`)
  return got
}

/** The token of the newest mailed link of that kind. */
async function linkTo({ copies, kept }: Journey, place: string): Promise<string> {
  await copies.delivered()
  const texts = copies.inbox.list().map(({ letter }) => bodyOf(letter))
  const pattern = new RegExp(`/${place}/([\\w-]{43})`)
  const token = texts.map((text) => pattern.exec(text)?.[1]).find(Boolean) ?? ''
  assert.ok(token, place)
  kept.secrets.set(place, token)
  return token
}

const bodyOf = (letter: Letter) => (letter.channel === 'mail' ? letter.text : letter.body)

function sentCode({ copies, kept }: Journey, to: string): string {
  // A notice of what the code was for may have come after it.
  const letters = copies.inbox.list().map(({ letter }) => letter)
  const letter = letters.find((one) => one.to === to && !bodyOf(one).includes('/not-me/'))
  assert.ok(letter, to)
  const code = codeIn(letter)
  kept.codes.add(code)
  return code
}

function appCodeOf({ copies, kept }: Journey, key: string): string {
  const code = freshAppCode(copies, { key })
  kept.codes.add(code)
  return code
}

async function begin(journey: Journey): Promise<void> {
  const { visitor } = journey
  await ok(visitor.post('/sign-up', { email }))
  const token = await linkTo(journey, 'sign-up')
  await ok(visitor.get(`/sign-up/${token}`))
  const fields = { name: 'Marked Person', password: passwords.first }
  await ok(visitor.get('/finish-sign-up'))
  await ok(visitor.post('/finish-sign-up', fields))
  await visitor.api('POST', '/accounts', { token, ...fields })
  await givePassword(visitor, { email, password: passwords.wrong })
  await ok(givePassword(visitor, { email, password: passwords.first }))
  await ok(visitor.post('/settings/profile', { name: 'Marked Person', phone: first }))
}

async function enrol(journey: Journey): Promise<{ id: string; key: string; sms: string }> {
  const { copies, kept, visitor } = journey
  const app = await addApp(copies, visitor, 'Marked phone')
  kept.secrets.set('key', app.key)
  for (const code of app.codes ?? []) kept.secrets.set(`recovery ${code}`, code)
  await ok(visitor.get('/settings/security'))
  const sms = await addSent(copies, visitor, 'sms', first)
  sentCode(journey, first)
  copies.clock.advance(60)
  await addSent(copies, visitor, 'email', email)
  sentCode(journey, email)
  return { ...app, sms }
}

async function signInByAll(journey: Journey, key: string): Promise<void> {
  const { copies, kept, visitor } = journey
  const enter = () => ok(givePassword(visitor, { email, password: passwords.first }))
  const choose = async (kind: string) => {
    copies.clock.advance(60)
    const { json } = await visitor.api('GET', '/sign-in/code')
    const found = (json['choices'] as { id: string; kind: string }[]).find(
      (one) => one.kind === kind,
    )
    await ok(visitor.api('POST', '/sign-in/method', { method: found?.id }))
  }
  await ok(visitor.post('/sign-out', {}))
  await enter()
  await choose('totp')
  await giveCode(visitor, '918273')
  kept.codes.add('918273')
  const trusted = { code: appCodeOf(journey, key), remember_device: 'yes' }
  await ok(visitor.post('/sign-in/code', trusted))
  visitor.jar.delete('session')
  await enter()
  assert.ok(cookie(visitor, 'session'), 'trusted')
  for (const name of visitor.jar.keys()) if (name.startsWith('device-')) visitor.jar.delete(name)
  for (const [kind, to] of [
    ['sms', first],
    ['email', email],
  ] as const) {
    await ok(visitor.post('/sign-out', {}))
    await enter()
    await choose(kind)
    await ok(visitor.post('/sign-in/code', { code: sentCode(journey, to) }))
  }
  await ok(visitor.post('/sign-out', {}))
  await enter()
  const recovery = [...kept.secrets].find(([what]) => what.startsWith('recovery'))?.[1] ?? ''
  await visitor.post('/sign-in/recovery-code', { recovery_code: 'MARK-MARK-MARK-MARK' })
  await ok(visitor.post('/sign-in/recovery-code', { recovery_code: recovery }))
}

async function proveAgain(journey: Journey, app: { id: string; key: string }): Promise<void> {
  const { visitor } = journey
  await ok(visitor.api('POST', '/step-up/password', { password: passwords.first }))
  await ok(visitor.api('POST', '/step-up/method', { method: app.id }))
  await ok(visitor.api('POST', '/step-up/code', { code: appCodeOf(journey, app.key) }))
}

async function change(journey: Journey, app: { id: string; key: string; sms: string }) {
  const { copies, kept, visitor } = journey
  copies.clock.advance(700)
  await visitor.api('POST', '/step-up/password', { password: passwords.wrong })
  await proveAgain(journey, app)
  const made = await ok(visitor.api('POST', '/recovery-codes', {}))
  for (const code of made.json['codes'] as string[]) kept.secrets.set(`recovery ${code}`, code)
  await ok(visitor.api('PATCH', '/profile', { phone: second }))
  await ok(visitor.api('POST', `/methods/${app.sms}/new-number`, {}))
  const code = sentCode(journey, second)
  await ok(visitor.api('POST', `/methods/${app.sms}/new-number/confirm`, { code }))
  await ok(visitor.api('DELETE', '/sessions'))
  await ok(visitor.api('DELETE', `/methods/${app.sms}`))
  const report = await linkTo(journey, 'not-me')
  await ok(visitor.get(`/not-me/${report}`))
  await ok(visitor.get('/not-me'))
}

async function choosePasswords(journey: Journey, app: { id: string; key: string }): Promise<void> {
  const { visitor } = journey
  await proveAgain(journey, app)
  const wish = { current_password: passwords.first, new_password: passwords.second }
  await ok(visitor.api('PUT', '/password', wish))
  await ok(visitor.post('/forgot-password', { email }))
  const token = await linkTo(journey, 'reset-password')
  await ok(visitor.get(`/reset-password/${token}`))
  await ok(visitor.get('/reset-password'))
  await ok(visitor.api('POST', '/password-reset/method', { method: app.id }))
  await ok(visitor.api('POST', '/password-reset/code', { code: appCodeOf(journey, app.key) }))
  await ok(visitor.post('/reset-password', { password: passwords.third }))
  await ok(givePassword(visitor, { email, password: passwords.third }))
}
