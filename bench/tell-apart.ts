/**
 * Whether the time of a refused password tells one kind of account from another (FLOW-11): 200 tries
 * of each class in turn, with hashes of full cost, over HTTP on PostgreSQL. Prints each class's median
 * and how far it is from that of a wrong password; they should be within ten percent.
 * Run with `node bench/tell-apart.ts`.
 */
import { defaults } from '../src/config.ts'
import { startCopies } from '../test/support/copies.ts'
import type { Copies } from '../test/support/copies.ts'
import { addSomebody } from '../test/support/people.ts'
import type { Person } from '../test/support/people.ts'

const tries = 200
const triesPerAccount = 50
const wrong = 'not the right password'

type Try = { readonly email: string; readonly password: string; readonly from: string }
type Class = { readonly name: string; readonly tries: readonly Try[]; readonly times: number[] }

const { passwordHashMemoryKib, passwordHashPasses } = defaults()
const copies = await startCopies({ config: { passwordHashMemoryKib, passwordHashPasses } })
try {
  const classes = await makeClasses(copies)
  for (const one of classes) await time(copies, one.tries[0])
  for (let round = 0; round < tries; round++) {
    for (const one of classes) one.times.push(await time(copies, one.tries[round]))
  }
  report(classes)
} finally {
  await copies.stop()
}

async function makeClasses({ world, sql, clock }: Copies): Promise<Class[]> {
  const some = (count: number, kinds: readonly 'totp'[] = []) =>
    Promise.all(Array.from({ length: count }, () => addSomebody(world, kinds)))
  const accounts = tries / triesPerAccount
  const disabled = await some(accounts)
  const [throttled] = await some(1)
  await sql.query('UPDATE accounts SET disabled_at = $2 WHERE id = ANY($1)', [
    disabled.map(({ id }) => id),
    clock.now(),
  ])
  const late: Try = { email: throttled?.email ?? '', password: wrong, from: '10.9.0.1' }
  for (let i = 0; i < 10; i++) await time(copies, late)
  const unknown = disabled.map((_one, i) => ({ email: `nobody-${i}@example.com`, password: wrong }))
  return [
    make('wrong password', 1, (await some(accounts)).map(withWrongPassword)),
    make('wrong password, enrolled', 2, (await some(accounts, ['totp'])).map(withWrongPassword)),
    make('unknown account', 3, unknown),
    make('disabled account, right password', 4, disabled),
    {
      name: 'throttled account, right password',
      tries: Array.from({ length: tries }, () => ({
        ...late,
        password: throttled?.password ?? '',
      })),
      times: [],
    },
  ]
}

function withWrongPassword({ email }: Person) {
  return { email, password: wrong }
}

/** Tries from sources that are never held back themselves. */
function make(name: string, network: number, accounts: readonly Omit<Try, 'from'>[]): Class {
  const list = Array.from({ length: tries }, (_none, i) => {
    const { email = '', password = '' } = accounts[Math.floor(i / triesPerAccount)] ?? {}
    return { email, password, from: `10.${network}.${Math.floor(i / 5)}.1` }
  })
  return { name, tries: list, times: [] }
}

/** Milliseconds until the whole reply was there. */
async function time({ visitor }: Copies, one: Try | undefined): Promise<number> {
  if (!one) throw new Error('a class has too few tries')
  const browser = visitor()
  browser.jar.set('visitor', 'a'.repeat(22))
  const { email, password, from } = one
  const before = performance.now()
  const headers = { 'x-forwarded-for': from }
  const reply = await browser.api('POST', '/sign-in', { email, password }, { headers })
  if (reply.status !== 401) throw new Error(`not refused: ${reply.text}`)
  return performance.now() - before
}

function report(classes: readonly Class[]): void {
  const medians = classes.map(({ name, times }) => ({ name, ms: median(times) }))
  const measure = medians[0]?.ms ?? 1
  console.log(`${tries} tries of each class, medians`)
  for (const { name, ms } of medians) {
    const away = ((ms / measure - 1) * 100).toFixed(1)
    console.log(`${name.padEnd(36)} ${ms.toFixed(2).padStart(8)} ms ${away.padStart(6)} %`)
  }
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
