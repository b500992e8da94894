import { event } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import { plain } from '../delivery/words.ts'
import { bring } from '../methods/bring.ts'
import type { World } from '../world.ts'
import { NotDone, WrongUse } from './command.ts'
import type { Command, Desk } from './command.ts'
import { columns } from './import-line.ts'
import { planImport } from './import-plan.ts'
import type { Plan, Planned } from './import-plan.ts'
import { insertPerson } from './import-store.ts'
import * as operator from './operator.ts'
import { readTable } from './read-table.ts'
import type { Row } from './read-table.ts'
import { countSecrets } from './status-store.ts'

/** Brings accounts along from another program, so that nobody has to enrol again. */
export const importAccounts: Command = {
  name: 'import',
  takes: '<file.csv|file.json> [--dry-run]',
  does: 'Makes accounts from a file, with password hashes and authenticator secrets. --dry-run changes nothing and names every line it cannot take.',
  word: 'needed',
  options: { 'dry-run': { type: 'boolean' } },
  async run(desk, given) {
    const rows = readTable(given.word)
    for (const line of checkColumns(rows)) desk.terminal.say(line)
    const world = await desk.open()
    await checkKeys(world)
    const plan = await planImport(world, rows)
    const dry = given.options['dry-run'] === true
    for (const { number, why } of plan.unfit) {
      desk.terminal.say(`Line ${number} cannot be taken. ${why.join('; ')}.`)
    }
    const made = dry ? plan.take.length : await takeAll(desk, world, plan)
    for (const line of report(plan, made, dry)) desk.terminal.say(line)
    if (plan.unfit.length > 0) {
      const lines = operator.some(plan.unfit.length, 'line')
      throw new NotDone(dry ? `${lines} cannot be taken.` : `${lines} not taken.`)
    }
  },
}

/** Throws WrongUse when no line can be right; names columns that are not used. */
function checkColumns(rows: readonly Row[]): string[] {
  const given = new Set(rows.flatMap(({ fields }) => Object.keys(fields)))
  const known = Object.keys(columns)
  if (!given.has('email')) {
    throw new WrongUse(`There is no column "email". The columns are: ${known.join(', ')}.`)
  }
  const unused = [...given].filter((name) => !known.includes(name))
  return unused.length > 0 ? [`Not used: ${unused.map((name) => plain(name)).join(', ')}.`] : []
}

/** With other keys than the server's, nobody's authenticator would open there. */
async function checkKeys({ sql, keys }: World): Promise<void> {
  const counts = await countSecrets(sql)
  const missing = counts.filter(({ key }) => !keys.secrets.all.has(key))
  if (missing.length === 0) return
  throw new NotDone('These are not the keys that the database was used with. Nothing was changed.')
}

/** Each line by itself, wholly or not at all. Gives how many were made. */
async function takeAll({ terminal }: Desk, world: World, { take }: Plan): Promise<number> {
  let made = 0
  for (const [at, line] of take.entries()) {
    if (await takeOne(world, line)) made += 1
    if ((at + 1) % 500 === 0) terminal.say(`${at + 1} of ${take.length} …`)
  }
  return made
}

/** False when somebody has that address meanwhile. */
async function takeOne(world: World, line: Planned): Promise<boolean> {
  const now = world.clock()
  const id = newId(now, world.random)
  const methods = bring(world, id, line.secrets)
  const details = operator.byOperator({ methods: methods.length, role: line.role })
  const about = { account: id, team: line.teamId, ...details }
  const events = [event(operator.operatorAt(world), now, 'account.imported', about)]
  return insertPerson(world.sql, {
    id,
    email: line.email,
    emailKey: line.emailKey,
    verifiedAt: line.emailVerified ? now : null,
    passwordHash: line.passwordHash ?? (await hashOfNothing(world)),
    name: line.name,
    phone: line.phone,
    now,
    teamId: line.teamId,
    newTeam: line.newTeam,
    role: line.role,
    methods: JSON.stringify(methods),
    events: JSON.stringify(events),
  })
}

/** Of a password that nobody knows: only a link by mail leads to one. */
async function hashOfNothing(world: World): Promise<string> {
  const hash = await world.passwords.hash(world.random(32).toString('base64'))
  if (hash === 'busy') throw new Error('The machine is too busy to hash passwords.')
  return hash
}

function report({ take, known }: Plan, made: number, dry: boolean): string[] {
  const { some } = operator
  const apps = some(
    take.reduce((sum, { secrets }) => sum + secrets.length, 0),
    'authenticator',
  )
  const teams = some(take.filter(({ newTeam }) => newTeam !== null).length, 'team')
  const none = take.filter(({ passwordHash }) => passwordHash === null).length
  const there = some(known, 'address has an account', 'addresses have an account')
  return [
    dry
      ? `${some(made, 'account')} would be made, with ${apps} and ${teams}. Nothing was changed.`
      : `${some(made, 'account was', 'accounts were')} made, with ${apps} and ${teams}.`,
    ...(none > 0 ? [`${none} of them without a password: they choose one by a mailed link.`] : []),
    ...(known > 0 ? [`${there} already; nothing of those is changed.`] : []),
    ...(dry ? [] : ['Nobody was mailed. Delete the file: it holds secrets.']),
  ]
}
