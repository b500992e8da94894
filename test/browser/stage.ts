/** The program inside this process, with a movable clock, and a real browser: for states that are rare. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import type { Config } from '../../src/config.ts'
import type { Database } from '../../src/database/port.ts'
import { CarrierFailed, type Carrier, type Letter } from '../../src/delivery/port.ts'
import { launchBrowser } from '../support/chromium.ts'
import { startCopies, type Copies } from '../support/copies.ts'
import { addSomebody, type Person } from '../support/people.ts'
import { signIn } from '../support/steps.ts'

export type Kind = 'totp' | 'sms' | 'email'

export type Stage = {
  readonly copies: Copies
  readonly browser: Browser
  readonly base: string
  /** Whether carriers take messages, fail, or keep silent for now; whether the database is gone. */
  readonly faults: { carriers: 'none' | 'failing' | 'silent'; database: boolean }
  /** A page of a browser without cookies, at an address of its own. */
  readonly visit: (options?: BrowserContextOptions) => Promise<Page>
  /** Somebody with these methods. */
  readonly somebody: (...kinds: readonly Kind[]) => Promise<Person>
  /** A page of a browser in which that person has just signed in. */
  readonly signedIn: (person: Person, options?: BrowserContextOptions) => Promise<Page>
  readonly sql: (text: string, values: readonly unknown[]) => Promise<unknown>
  readonly firstOwnerLink: () => Promise<string>
  /** Half a minute and a bit: the next code of an app, the end of a pause between two sends. */
  readonly wait: (seconds?: number) => void
  readonly stop: () => Promise<void>
}

const patienceSeconds = 20

/** Starts it; support has a chat and an address, and sign-up is open unless told otherwise. */
export async function startStage(config: Partial<Config> = {}): Promise<Stage> {
  const faults: Stage['faults'] = { carriers: 'none', database: false }
  const take = (letter: Letter): Taken => keep(copies, letter)
  const copies: Copies = await startCopies({
    carriers: [carrier('text', faults, take), carrier('mail', faults, take)],
    wrap: (database) => breakable(database, faults),
    config: {
      supportEmail: 'help@example.com',
      supportChatUrl: 'https://chat.example.com/',
      signUpOpen: true,
      ...config,
    },
  })
  const browser = await launchBrowser()
  const base = copies.all[0]?.base ?? ''
  let visitors = 0
  const visit: Stage['visit'] = async (options = {}) => {
    const from = { 'x-forwarded-for': `10.2.${Math.floor(++visitors / 250)}.${visitors % 250}` }
    const context = await browser.newContext({
      baseURL: base,
      extraHTTPHeaders: from,
      ...options,
    })
    context.setDefaultTimeout(patienceSeconds * 1000)
    return context.newPage()
  }
  const wait = (seconds = 31) => copies.clock.advance(seconds)
  return {
    copies,
    browser,
    base,
    faults,
    visit,
    wait,
    somebody: (...kinds) => addSomebody(copies.world, kinds),
    async signedIn(person, options) {
      wait()
      const visitor = copies.visitor()
      await signIn(visitor, withoutSending(person), copies.clock.now())
      const page = await visit(options)
      await page
        .context()
        .addCookies([...visitor.jar].map(([name, value]) => ({ name, value, url: base })))
      return page
    },
    sql: (text, values) => copies.sql.query(text, values),
    firstOwnerLink: async () => (await mintFirstOwnerLink(copies.world)) ?? '',
    async stop() {
      await browser.close()
      await copies.stop()
    },
  }
}

/** Signing in by the app alone needs one. */
function withoutSending(person: Person): Person {
  if (person.key === '' && Object.keys(person.methods).length > 0) {
    throw new Error('somebody who is to be signed in needs an app or no method')
  }
  return person
}

type Taken = ReturnType<Carrier['send']>

function keep(copies: Copies, letter: Letter): Taken {
  const inbox = copies.inbox.carriers.find(({ channel }) => channel === letter.channel)
  if (!inbox) throw new Error('the inbox takes both channels')
  return inbox.send(letter, new AbortController().signal)
}

function carrier(
  channel: Letter['channel'],
  faults: Stage['faults'],
  take: (letter: Letter) => Taken,
): Carrier {
  return {
    name: 'stage',
    channel,
    async send(letter, signal) {
      while (faults.carriers === 'silent' && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      if (signal.aborted || faults.carriers === 'failing') throw new CarrierFailed('unreachable')
      return take(letter)
    },
  }
}

/** A database that can be out of reach. */
function breakable(database: Database, faults: Stage['faults']): Database {
  const gone = () => Promise.reject(new Error('the database is out of reach'))
  return {
    ...database,
    query: (text, values) => (faults.database ? gone() : database.query(text, values)),
    tx: (run) => (faults.database ? gone() : database.tx(run)),
  }
}
