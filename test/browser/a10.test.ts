import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { appOf, arriveAt, arriveHome, giveAppCode, giveCode, givePassword } from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

const chat = 'https://chat.example.com/twostep'
const mail = 'help@example.com'

let trial: Trial
before(async () => {
  trial = await startTrial({
    env: { SUPPORT_CHAT_URL: chat, SUPPORT_EMAIL: mail, SIGN_UP: 'open' },
  })
})
after(() => trial.stop())

/** Both ways to support stand on this page, at its end, by names a person understands. */
async function offersSupport(page: Page): Promise<void> {
  const help = page.getByRole('contentinfo')
  const at = page.url()
  const link = help.getByRole('link', { name: 'Live chat' })
  assert.equal(await link.getAttribute('href'), chat, at)
  const address = help.getByRole('link', { name: mail })
  assert.equal(await address.getAttribute('href'), `mailto:${mail}`, at)
}

async function offerSupport(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path)
    await offersSupport(page)
  }
}

test('A10: Who is stuck reaches support (live chat link and email address, set by the operator) from every sign-in and security page', async () => {
  const person = await trial.somebody('totp', 'sms', 'email')
  const page = await (await trial.fresh()).newPage()
  await offerSupport(page, ['/sign-in', '/sign-up', '/signed-out', '/help', '/nothing-here'])
  await givePassword(page, { ...person, password: 'not the right password' })
  await offersSupport(page)
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
  const doors = ['/sign-in/code', '/sign-in/methods', '/sign-in/recovery-code', '/sign-in/stuck']
  await offerSupport(page, doors)
  const stuck = page.getByRole('main')
  assert.equal(await stuck.getByRole('link', { name: 'Live chat' }).count(), 1)
  assert.equal(await stuck.getByRole('link', { name: mail }).count(), 1)
  await page.goto('/sign-in/code')
  await giveCode(page, '000000', 'Sign in')
  await page.getByText('That code isn’t right.').waitFor()
  await offersSupport(page)
  await giveAppCode(page, appOf(person.key))
  await arriveHome(page)
  const { totp, sms } = person.methods
  await offerSupport(page, [
    '/settings/security',
    '/settings/security/set-up',
    '/settings/security/set-up/totp',
    '/settings/security/set-up/email',
    '/settings/security/recovery-codes',
    '/settings/security/recovery-codes/new',
    `/settings/security/methods/${totp}/rename`,
    `/settings/security/methods/${sms}/remove`,
    '/settings/security/sessions/end-others',
    '/settings/security/devices/forget-all',
    '/settings/security/nothing-here',
    '/step-up?return_to=/settings/security',
  ])
})
