/** What a story needs: the running program, its mail server, its text gateway, and a browser. */
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { defaults } from '../../src/config.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { createDelivery } from '../../src/delivery/deliver.ts'
import type { World } from '../../src/world.ts'
import { launchBrowser } from '../support/chromium.ts'
import { startMailServer, type MailServer } from '../support/mail-server.ts'
import { addSomebody, type Person } from '../support/people.ts'
import { startPostgres } from '../support/postgres.ts'
import { startProgram, type Program } from '../support/program.ts'
import { startTextGateway, type TextGateway } from '../support/text-gateway.ts'

export type Trial = {
  readonly program: Program
  readonly mail: MailServer
  readonly texts: TextGateway
  readonly browser: Browser
  /** A browser without cookies, which knows the program's address. */
  readonly fresh: (options?: BrowserContextOptions) => Promise<BrowserContext>
  /** Somebody who set these methods up some time ago. Only with a database server. */
  readonly somebody: (...kinds: readonly Kind[]) => Promise<Person>
  /** Does something to the database beside the running program. Only with a database server. */
  readonly beside: <T>(act: (world: World) => Promise<T>) => Promise<T>
  readonly stop: () => Promise<void>
}

type Kind = 'totp' | 'sms' | 'email'

type Choices = {
  /** The embedded database of a first try, or a PostgreSQL server. */
  readonly database?: 'embedded' | 'server'
  /** Who carries the texts. */
  readonly carrier?: 'twilio' | 'webhook'
  readonly env?: Readonly<Record<string, string>>
}

/** Patience of a story with a page: machines that run tests can be busy. */
const patienceSeconds = 30

/** Starts everything. What each mail and text says is read where it really arrives. */
export async function startTrial(choices: Choices = {}): Promise<Trial> {
  const { database = 'server', carrier = 'twilio', env = {} } = choices
  const [mail, texts, browser, postgres] = await Promise.all([
    startMailServer(),
    startTextGateway(),
    launchBrowser(),
    database === 'server' ? startPostgres() : null,
  ])
  const shared = postgres && { url: await postgres.freshDatabase(), keys: someKeys() }
  const program = await startProgram({
    env: {
      SMTP_URL: mail.url,
      MAIL_FROM: 'Twostep <no-reply@example.com>',
      ...(carrier === 'twilio' ? twilio(texts) : webhook(texts)),
      ...(shared && { DATABASE_URL: shared.url, ...asSettings(shared.keys) }),
      ...env,
    },
  })
  return {
    program,
    mail,
    texts,
    browser,
    somebody: (...kinds) => beside(shared, (world) => addSomebody(world, kinds)),
    beside: (act) => beside(shared, act),
    async fresh(options = {}) {
      const context = await browser.newContext({ baseURL: program.url, ...options })
      context.setDefaultTimeout(patienceSeconds * 1000)
      return context
    },
    async stop() {
      await browser.close()
      await program.stop()
      await Promise.all([mail.stop(), texts.stop(), postgres?.stop()])
    },
  }
}

type Shared = { readonly url: string; readonly keys: ReturnType<typeof someKeys> }

/** Acts beside the running program, as another copy of it would. */
async function beside<T>(shared: Shared | null, act: (world: World) => Promise<T>): Promise<T> {
  if (!shared) throw new Error('this needs a database server')
  const sql = openPostgres(shared.url, 1)
  const config = defaults()
  const keys = readKeys('', shared.keys, random)
  const clock = () => new Date(Date.now())
  const log = { info() {}, warn() {}, error() {} }
  const delivery = createDelivery({ sql, clock, keys, config, log, carriers: [] })
  const passwords = createPasswords(config, 1)
  try {
    return await act({ sql, clock, random, delivery, keys, passwords, config, log })
  } finally {
    await sql.close()
  }
}

function twilio({ accountSid, authToken, twilioUrl }: TextGateway) {
  return {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+12025550100',
    TWILIO_API_URL: twilioUrl,
  }
}

function webhook({ webhookUrl, webhookSecret }: TextGateway) {
  return { TEXT_WEBHOOK_URL: webhookUrl, TEXT_WEBHOOK_SECRET: webhookSecret }
}

/** Copies that share a database share their keys too, so those come from the environment. */
function asSettings({ secrets, codes, tokens }: Shared['keys']) {
  return { SECRETS_KEY: secrets, CODES_KEY: codes, TOKENS_KEY: tokens }
}

function someKeys() {
  const key = () => random(32).toString('base64')
  return { secrets: key(), codes: key(), tokens: key() }
}
