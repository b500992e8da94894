/** What a person does in the browser, by what they read there: labels, buttons, links, headings. */
import type { Page } from 'playwright-core'
import { oathtoolCode } from '../support/authenticator.ts'
import { readQr } from '../support/qr.ts'
import type { Mail } from '../support/mail-server.ts'
import type { Trial } from './trial.ts'

export type Login = { readonly email: string; readonly password: string }

/** An authenticator app that holds one account's key. */
export type App = {
  readonly uri: string
  /** The next code that was not used yet; waits for it as a person would, half a minute at most. */
  readonly nextCode: () => Promise<string>
}

const stepMs = 30_000

/** Waits until the page with that heading is there. */
export async function arriveAt(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
}

/** Presses a button or follows a link of that name, and waits for where that leads, if anywhere. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string'
  const all = page.getByRole('button', { name, exact }).or(page.getByRole('link', { name, exact }))
  const wanted = all.first()
  const leads = await wanted.evaluate((element) => element.matches('a, form button:not([type])'))
  await Promise.all([leads && page.waitForNavigation(), wanted.click()])
}

/** The first owner's form. Ends at the sign-in page. */
export async function makeFirstOwner(
  page: Page,
  link: string | null,
  owner: Login & { readonly team: string; readonly name: string },
): Promise<void> {
  await page.goto(link ?? '')
  await page.getByLabel('Team name').fill(owner.team)
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('Email').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await press(page, 'Create team and account')
  await arriveAt(page, 'Sign in')
}

/** The password step. */
export async function givePassword(page: Page, { email, password }: Login): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Continue')
}

/** A verification code; the button is pressed where the form does not go off by itself. */
export async function giveCode(page: Page, code: string, button: string): Promise<void> {
  const field = page.getByLabel('Verification code')
  const goesOff = (await field.getAttribute('data-submits')) !== null && (await hasScript(page))
  await Promise.all([goesOff && page.waitForNavigation(), field.fill(code)])
  if (!goesOff) await press(page, button)
}

function hasScript(page: Page): Promise<boolean> {
  return page.locator('html.has-script').count().then(Boolean)
}

/** Reads the QR code off the screen. */
export async function scan(page: Page): Promise<App> {
  const uri = readQr(await page.getByRole('img', { name: 'QR code' }).screenshot())
  return appOf(uri)
}

/** An app with the key of an `otpauth://` address, or with a key typed in. */
export function appOf(uri: string): App {
  const secret = URL.canParse(uri) ? (new URL(uri).searchParams.get('secret') ?? '') : uri
  let used = 0
  return {
    uri,
    async nextCode() {
      // One step ahead of the server's clock is accepted; further is not.
      const wanted = Math.max(used + 1, Math.floor(Date.now() / stepMs))
      const early = (wanted - 1) * stepMs - Date.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early + 100))
      used = wanted
      return oathtoolCode(secret, new Date(wanted * stepMs))
    },
  }
}

/** The six digits of the newest text to a number; waits for one where none came since `since`. */
export async function textedCode({ texts }: Trial, to: string, since = 0): Promise<string> {
  const mine = () => texts.texts.filter((one) => one.to === to).slice(since)
  await texts.waitFor((one) => mine().includes(one))
  return digitsIn(mine().at(-1)?.body ?? '')
}

/** The six digits of the newest code mail to an address; waits as `textedCode`. */
export async function mailedCode({ mail }: Trial, to: string, since = 0): Promise<string> {
  const isCode = (one: Mail) => one.to.includes(to) && one.subject.endsWith('verification code')
  const mine = () => mail.mails.filter(isCode).slice(since)
  await mail.waitFor((one) => mine().includes(one))
  return digitsIn(mine().at(-1)?.text ?? '')
}

/** The link with that first part of its path in the first mail to an address that holds one. */
export async function mailedLink({ mail }: Trial, to: string, path: string): Promise<string> {
  const link = new RegExp(`https?://\\S+/${path}/\\S+`)
  const found = await mail.waitFor((one) => one.to.includes(to) && link.test(one.text))
  return link.exec(found.text)?.[0] ?? ''
}

function digitsIn(text: string): string {
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0]
  if (!code) throw new Error(`no code in: ${text}`)
  return code
}

/**
 * Where a code could not be sent because one was sent a moment ago, asks again, reads how long to
 * wait, and asks once more (CODE-06).
 */
export async function sendCodeWhenAllowed(page: Page): Promise<void> {
  const none = page.getByText('No code has gone to')
  if ((await none.count()) === 0) return
  await press(page, 'Send the code')
  const said = await page
    .getByText(/again in \d+ seconds?\./)
    .first()
    .textContent()
  const seconds = Number(/(\d+) second/.exec(said ?? '')?.[1])
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  await press(page, 'Send the code')
  await none.waitFor({ state: 'detached' })
}

/** From the Security page to an authenticator app that is on; gives the app. */
export async function turnOnApp(
  page: Page,
  name: string,
  shot: (name: string) => Promise<void> = async () => {},
): Promise<App> {
  await press(page, /^(Set it up|Add a method)$/)
  await shot('7-choose-method')
  await press(page, 'Authenticator app')
  await arriveAt(page, 'Set up your authenticator app')
  await page.getByLabel('Name of this app').fill(name)
  await shot('8-name-app')
  await press(page, 'Continue')
  await arriveAt(page, 'Scan this with your app')
  await shot('9-scan')
  const app = await scan(page)
  await giveCode(page, await app.nextCode(), 'Turn on')
  return app
}

/** Reads the ten recovery codes, ticks that they are saved, and goes on. */
export async function saveRecoveryCodes(page: Page): Promise<string[]> {
  await arriveAt(page, 'Save your recovery codes')
  const codes = await page.locator('ol code').allTextContents()
  await page.getByLabel('I have saved my recovery codes').check()
  await press(page, 'Continue')
  return codes.map((code) => code.trim())
}

/** Who waits at the code screen for a code from an app. */
export async function giveAppCode(page: Page, app: App): Promise<void> {
  await arriveAt(page, 'Open your authenticator app')
  await giveCode(page, await app.nextCode(), 'Sign in')
}

/** The first page of a session. */
export async function arriveHome(page: Page): Promise<void> {
  await arriveAt(page, /^Hello, /)
}

/** Signs out by the avatar's menu. */
export async function signOut(page: Page): Promise<void> {
  await page.locator('summary').click()
  await press(page, 'Sign out')
  await arriveAt(page, /^(Sign in|You are signed out)$/)
}
