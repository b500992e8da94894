import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { makeKey } from '../support/api-keys.ts'
import { screenshot } from '../support/chromium.ts'
import { invited } from '../support/invited.ts'
import { enter, rowsOf } from '../support/member.ts'
import { addMember } from '../support/members.ts'
import type { Person } from '../support/people.ts'
import { askAtSignIn, caseOf, plainMember } from '../support/recovery-case.ts'
import { rowsBut } from '../support/rows.ts'
import { appCode } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import { makeTeam, ownTeam } from '../support/teams.ts'
import { arriveAt, arriveHome, giveCode, givePassword, press } from './acts.ts'
import { startStage, type Stage } from './stage.ts'
import { linkTo } from './tour-door.ts'

let stage: Stage
before(async () => {
  stage = await startStage({ sendPauseSeconds: 0 })
})
after(() => stage.stop())

/** Longer than a proof counts (SES-05). */
const stale = 601

/** Signs somebody in by password and app, in a browser of their own. */
async function signIn(person: Person, browser?: string): Promise<Page> {
  stage.wait()
  const page = await stage.visit(browser === undefined ? {} : { userAgent: browser })
  await givePassword(page, person)
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Sign in')
  await arriveHome(page)
  return page
}

/** A browser elsewhere, with a copy of all cookies of that one. */
async function thiefOf(page: Page): Promise<Page> {
  const thief = await stage.visit()
  await thief.context().addCookies(await page.context().cookies())
  return thief
}

/** Somebody with much to lose, signed in long enough ago: what a proof opens is closed by now. */
async function victim() {
  const { copies } = stage
  const owner = await stage.somebody('totp', 'sms', 'email')
  await copies.sql.query('UPDATE accounts SET support_since = $2 WHERE id = $1', [
    owner.id,
    copies.clock.now(),
  ])
  const team = await ownTeam(copies.world, owner.id)
  const member = await addMember(copies, team, ['totp'])
  const visitor = await enter(copies, owner, { remember_device: true })
  const invitation = await invited(copies, { team, owner, visitor }, 'new@example.org')
  const key = await makeKey(visitor, team)
  await visitor.api('POST', '/email/others', { email: 'second@example.org' })
  const other = await stage.somebody('totp')
  const theirs = { team: await makeTeam(copies.world, 'Initech'), owner: other }
  await copies.sql.query(
    `INSERT INTO memberships (team_id, account_id, role, joined_at) VALUES ($1, $2, 'owner', now())`,
    [theirs.team, other.id],
  )
  const inviter = await enter(copies, other)
  const received = await invited(copies, { ...theirs, visitor: inviter }, owner.email)
  const stuck = await plainMember(copies)
  await askAtSignIn(copies, stuck)
  const page = await signIn(owner)
  stage.wait(stale)
  const idOf = async (table: 'sessions' | 'trusted_devices') =>
    (await rowsOf<{ id: string }>(copies, table, owner))[0]?.id ?? ''
  const [address] = await copies.sql.query<{ id: string }>(
    'SELECT id FROM notification_addresses WHERE account_id = $1',
    [owner.id],
  )
  /** Of the addresses with an `:id`, by the first part that fits. */
  const ids: readonly (readonly [part: string, id: string])[] = [
    ['/sessions/', await idOf('sessions')],
    ['/devices/', await idOf('trusted_devices')],
    ['/email/others/', address?.id ?? ''],
    ['/api-keys/', key.id],
    ['/invitations/', received.id],
    ['/', owner.methods['sms'] ?? ''],
  ]
  const named = {
    team,
    member: member.id,
    invitation: invitation.id,
    case: (await caseOf(copies, stuck)).id,
    kind: 'totp',
  }
  const path = (pattern: string) =>
    fill(pattern, { ...named, id: ids.find(([part]) => pattern.includes(part))?.[1] ?? '' })
  return { owner, page, team, path }
}

/** Sends a form as a page of ours would: with the token of the page that is shown. */
async function send(page: Page, path: string): Promise<void> {
  const sent = page.evaluate((action) => {
    const form = document.createElement('form')
    form.method = 'post'
    form.action = action
    const token = document.querySelector('input[name="anti_forgery"]')
    if (token) form.append(token.cloneNode())
    document.body.append(form)
    form.submit()
  }, path)
  await Promise.all([page.waitForNavigation(), sent])
}

/** What a session shows, and so a copy of it, too. */
const looks = (team: string): readonly (readonly [at: string, heading: string | RegExp])[] => [
  ['/', /^Hello, /],
  ['/settings/profile', 'Profile'],
  ['/settings/security', 'Security'],
  [`/teams/${team}/members`, 'Members'],
  [`/teams/${team}/log`, 'Security log'],
  ['/support', 'Recovery cases'],
]

const guarded = addresses.filter(({ route, api }) => route.who === 'fresh' && !api)

test('ENR-01, SES-05: with a stolen cookie every protected page and act asks for the password first', async () => {
  const { owner, page, team, path } = await victim()
  const thief = await thiefOf(page)
  for (const [at, heading] of looks(team)) {
    await thief.goto(at)
    await arriveAt(thief, heading)
  }
  const before = await rowsBut(stage.copies.sql, 'events', 'sessions')
  for (const { verb, path: pattern } of guarded) {
    const at = path(pattern)
    await (verb === 'GET' ? thief.goto(at) : send(thief, at))
    const said = await thief.locator('h1').innerText()
    assert.equal(said, 'Confirm it’s you', `${verb} ${at}`)
    assert.equal(await thief.getByLabel('Your password', { exact: true }).count(), 1, at)
  }
  await screenshot(thief, 'stolen-cookie-step-up')
  await thief.getByLabel('Your password', { exact: true }).fill('a guess of some length')
  await press(thief, 'Continue')
  await thief.getByText('That isn’t your current password.').first().waitFor()
  const after = await rowsBut(stage.copies.sql, 'events', 'sessions', 'guesses')
  const { guesses: _guesses, ...unchanged } = before
  assert.deepEqual(after, unchanged)

  // Who proves it gets to each of those pages: nothing above was refused for another reason.
  await page.goto('/step-up')
  await page.getByLabel('Your password', { exact: true }).fill(owner.password)
  await press(page, 'Continue')
  await press(page, 'Use another method')
  await press(page, /^Authenticator app/)
  await giveCode(page, appCode(owner, stage.copies.clock.now()), 'Confirm')
  await arriveAt(page, 'Security')
  for (const { route, verb, path: pattern } of guarded) {
    if (verb !== 'GET' || 'file' in route) continue
    await page.goto(path(pattern))
    assert.notEqual(await page.locator('h1').innerText(), 'Confirm it’s you', pattern)
  }
  for (const one of [page, thief]) await one.context().close()
})

/**
 * All that a session may do without fresh proof, each with why a thief gains nothing by it. A new act
 * stands here or asks for the proof.
 */
const open: Readonly<Record<string, string>> = {
  '/settings/password': 'asks for the present password itself, and for the second step before',
  '/step-up/password': 'is the proof',
  '/step-up/code': 'is the proof',
  '/step-up/method': 'is the proof',
  '/step-up/send': 'is the proof',
  '/step-up/recovery-code': 'is the proof',
  '/set-up-required/mail': 'mails a code to the owner',
  '/set-up-required/code': 'is a proof',
  '/set-up-required/method': 'only turns to a page',
  '/recovery-set-up': 'only turns to a page',
  '/teams/:team/switch': 'only turns to a page',
  '/sign-out': 'ends the session',
  '/settings/profile': 'codes go where they went; the owner is told of another phone',
  '/settings/profile/verify-email': 'mails a link to the owner',
  '/settings/email/cancel': 'the address stays as it is',
  '/settings/security/methods/:id/rename': 'a name, in the log',
  '/settings/security/recovery-codes/saved': 'takes a reminder away',
  '/unfinished-sign-ins/seen': 'takes a reminder away that was mailed, too',
  '/settings/security/devices/forget-all': 'asks more of everybody, not less',
  '/settings/security/devices/:id/forget': 'asks more of everybody, not less',
  '/settings/recovery-case/stop': 'the methods stay as they are; every address is told',
  '/teams/new': 'a team of their own',
  '/teams/:team/general/name': 'a name, in the log',
  '/teams/:team/general/two-step': 'keeps what is shown until it is confirmed, with proof',
  '/teams/:team/general/two-step/pause': 'keeps what is shown until it is confirmed, with proof',
  '/teams/:team/general/two-step/remind': 'mails once a day at most',
  '/teams/:team/members/remind': 'mails once a day at most',
  'POST /teams/:team/reminders': 'mails once a day at most',
  '/teams/:team/members/:member/remind': 'mails once a day at most',
  '/teams/:team/invitations/:invitation/resend': 'mails the same address again',
  '/teams/:team/invitations/:invitation/revoke': 'lets nobody in',
  '/invitations/:id/decline': 'lets nobody in',
  '/teams/:team/api-keys/:id/revoke': 'lets nobody in',
}

test('ENR-01: an act that a session may do without proof is known, with the reason', () => {
  const acts = addresses.filter(({ route, verb }) => route.who === 'session' && verb !== 'GET')
  const names = acts.map(({ route, verb, path }) =>
    'post' in route ? route.post : `${verb} ${path.replace('/api/v1', '')}`,
  )
  assert.deepEqual([...new Set(names)].toSorted(), Object.keys(open).toSorted())
})

test('ENR-01, PW-07: the page of the password asks for the second step, and a guess gets nowhere', async () => {
  const { owner, page } = await victim()
  const thief = await thiefOf(page)
  await thief.goto('/settings/password')
  await arriveAt(thief, 'Confirm it’s you')
  await press(thief, /^Authenticator app/)
  await giveCode(thief, '000000', 'Confirm')
  await thief.getByText('That code isn’t right.').first().waitFor()
  assert.equal(await thief.getByLabel('New password', { exact: true }).count(), 0)
  await page.reload()
  await arriveHome(page)
  const theirs = await signIn(owner)
  for (const one of [page, thief, theirs]) await one.context().close()
})

test('SES-06: the owner sees the session in the list, ends all others, and the thief’s next click asks to sign in', async () => {
  const person = await stage.somebody('totp')
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0'
  const atWork = await signIn(person, firefox)
  const thief = await thiefOf(atWork)
  await atWork.context().close()
  stage.wait(2 * 3600)
  await thief.goto('/')
  await press(thief, 'Profile')
  await arriveAt(thief, 'Profile')
  const page = await signIn(person)
  await page.goto('/settings/security')
  const sessions = page.locator('#sessions li')
  assert.equal(await sessions.count(), 2)
  const stolen = sessions.filter({ hasText: 'Firefox on Windows' })
  await stolen.getByText('Active just now').waitFor()
  await screenshot(page, 'stolen-cookie-sessions')
  await page.getByRole('link', { name: 'End all others' }).click()
  await arriveAt(page, 'End all other sessions?')
  await page.getByText('1 session ends at once. This one stays.').waitFor()
  await press(page, 'End all others')
  await page.getByText('All your other sessions have ended.').waitFor()
  assert.equal(await sessions.count(), 1)
  await press(thief, 'Security')
  await arriveAt(thief, 'Sign in')
  await thief.goBack()
  await arriveAt(thief, 'Sign in')
  for (const one of [page, thief]) await one.context().close()
})

test('SES-05: as soon as the owner proves it again in the stolen session, the copy is dead', async () => {
  const person = await stage.somebody('totp')
  const page = await signIn(person)
  stage.wait(stale)
  const thief = await thiefOf(page)
  await thief.goto('/settings/security')
  assert.equal(await thief.locator('#sessions li').count(), 1, 'the same session, twice')
  await page.goto('/settings/security/recovery-codes/new')
  await page.getByLabel('Your password', { exact: true }).fill(person.password)
  await press(page, 'Continue')
  await press(thief, 'Profile')
  await arriveAt(thief, 'Sign in')
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Confirm')
  await arriveAt(page, /recovery codes/)
  for (const one of [page, thief]) await one.context().close()
})

test('NTF-03: what the thief can change is mailed at once, and “This was not me” locks them out', async () => {
  const person = await stage.somebody('totp', 'sms')
  const page = await signIn(person)
  stage.wait(stale)
  const thief = await thiefOf(page)
  await page.context().close()
  await thief.goto('/settings/profile')
  await thief.getByLabel('Mobile phone').fill('+44 7700 900181')
  await press(thief, 'Save')
  await thief.getByText('Codes by text keep going to the number').waitFor()
  await stage.copies.delivered()
  const letter = stage.copies.newest(person.email)
  assert.ok(letter.channel === 'mail')
  assert.match(letter.subject, /phone number in your profile was changed/)
  for (const said of [
    'Verification codes keep going where they went',
    'If it was not you, somebody is in your account',
    'Chrome on Linux',
    'This was not me',
  ]) {
    assert.ok(letter.text.replaceAll(/\s+/g, ' ').includes(said), said)
  }
  assert.doesNotMatch(letter.text, /900181|900 181/)

  const owners = await stage.visit()
  await owners.goto(linkTo(stage, person.email))
  await arriveAt(owners, 'Was this not you?')
  await press(owners, 'This was not me: sign everybody out')
  await arriveAt(owners, 'Done. Everybody is signed out')
  await owners.getByText('Your phone number and addresses.').waitFor()
  await screenshot(owners, 'stolen-cookie-not-me')
  await press(thief, 'Email')
  await arriveAt(thief, 'Sign in')
  stage.wait()
  await press(owners, 'Sign in')
  await givePassword(owners, person)
  await giveCode(owners, appCode(person, stage.copies.clock.now()), 'Sign in')
  await owners.goto('/settings/security')
  await owners.getByText('It was not you? Then put your own number back').waitFor()
  await press(owners, 'Go to Profile')
  await owners.getByLabel('Mobile phone').fill(person.phone)
  await press(owners, 'Save')
  await owners.goto('/settings/security')
  await owners.locator('#methods li', { hasText: `••• ••• ${person.phone.slice(-2)}` }).waitFor()
  assert.equal(await owners.getByText('in your profile has changed').count(), 0)
  for (const one of [owners, thief]) await one.context().close()
})
