import { changeKeyFile, readKeyFile } from '../crypto/key-file.ts'
import type { steps } from '../crypto/key-file.ts'
import { readKeys } from '../crypto/keys.ts'
import type { Keys } from '../crypto/keys.ts'
import { findBroken, reseal } from '../methods/reseal.ts'
import type { World } from '../world.ts'
import { NotDone, WrongUse, yes } from './command.ts'
import type { Command, Desk, Given } from './command.ts'
import * as operator from './operator.ts'
import { countSecrets } from './status-store.ts'
import { secretsLines } from './status.ts'

/**
 * Another key for stored secrets, which nobody notices (CRY-03). Copies that run must open with the
 * new key before any of them seals with it, so there are two steps with a restart between them; with
 * the embedded database nothing runs meanwhile, and they are one.
 */
export const rotateKeys: Command = {
  name: 'rotate-keys',
  takes: '[--check | --forget-old] [--yes]',
  does: 'Replaces the key that seals authenticator secrets, step by step, and says what comes next. --check only looks; --forget-old takes old keys out of the key file.',
  word: 'none',
  options: { check: { type: 'boolean' }, 'forget-old': { type: 'boolean' }, ...yes },
  async run(desk, given) {
    const { check, 'forget-old': forget } = given.options
    if (check && forget) throw new WrongUse('Either --check or --forget-old.')
    const world = await desk.open()
    if (check) return look(desk, world)
    if (forget) return forgetOld(desk, given, world)
    return world.config.keys === null ? withFile(desk, given, world) : withSettings(desk, world)
  },
}

async function look({ terminal }: Desk, world: World): Promise<void> {
  for (const line of secretsLines(world.keys, await countSecrets(world.sql))) terminal.say(line)
  const broken = await findBroken(world)
  if (broken.length > 0) throw new NotDone(brokenSentence(broken))
  terminal.say('Every stored secret opens.')
}

/** Ids of keys that open and do not seal. */
function otherIds({ secrets }: Keys): string[] {
  return [...secrets.all.keys()].filter((id) => id !== secrets.current.id)
}

/** Whether every secret is under the present key. */
async function isWhole({ sql, keys }: World): Promise<boolean> {
  const counts = await countSecrets(sql)
  return counts.every(({ key }) => key === keys.secrets.current.id)
}

/** Keys in the data folder's file: this writes it. */
async function withFile(desk: Desk, given: Given, world: World): Promise<void> {
  const { say } = desk.terminal
  const { dataFolder, databaseUrl } = world.config
  const waits = readKeyFile(dataFolder, world.random, false).waiting !== undefined
  if (!waits && !(await isWhole(world))) return sealAgain(desk, world)
  const old = otherIds(world.keys)
  if (!waits && old.length > 0) {
    say(`Every secret is under the present key ${world.keys.secrets.current.id} already.`)
    say(`The old ${old.join(', ')} can go: rotate-keys --forget-old. After that, begin anew.`)
    return
  }
  if (!waits) {
    await step(world, 'prepare')
    if (databaseUrl !== null) {
      say('A new key stands in the key file now; it opens, and does not seal yet.')
      say(
        'Next: where copies have key files of their own, copy this one there. Restart every copy.',
      )
      say('Then run rotate-keys again.')
      return
    }
  }
  if (databaseUrl !== null) await askRestarted(desk, given, promoting)
  await step(world, 'promote')
  const keys = readKeys(dataFolder, null, world.random, false)
  say(`The new key ${keys.secrets.current.id} seals from now on.`)
  await sealAgain(desk, { ...world, keys })
}

const promoting = [
  'The new key becomes the present one and every secret is sealed under it.',
  'A copy that was not restarted since the first step would not open them.',
]

function askRestarted(desk: Desk, given: Given, effects: readonly string[]): Promise<void> {
  const question = 'Were all copies restarted since the step before? Type yes to go on:'
  const fits = (typed: string) => /^\s*yes\s*$/i.test(typed)
  return operator.confirm(desk, given, effects, { question, fits })
}

/** Keys in the environment: this only reads them, and says which value to set. */
async function withSettings(desk: Desk, world: World): Promise<void> {
  const { say } = desk.terminal
  const old = otherIds(world.keys)
  if (!(await isWhole(world))) return sealAgain(desk, world)
  const present = world.keys.secrets.current.id
  say(`Every secret is under the present key ${present}.`)
  if (old.length === 0) {
    say('1. Make a key: openssl rand -base64 32')
    say('2. Set SECRETS_KEY to the present key, a comma, the new key. Restart every copy.')
    say('3. Set SECRETS_KEY to the new key, a comma, the old key. Restart every copy.')
    say('4. Run rotate-keys with these settings: it seals every secret under the new key.')
    return
  }
  say(`No secret needs ${old.join(', ')}.`)
  say('If that is the old key: take it out of SECRETS_KEY and restart every copy. It can go.')
  say('If that is the new one: put it first in SECRETS_KEY, restart every copy, run this again.')
}

async function sealAgain(desk: Desk, world: World): Promise<void> {
  const { say } = desk.terminal
  const counts = await countSecrets(world.sql)
  const present = world.keys.secrets.current.id
  const toDo = counts.reduce((sum, { key, count }) => (key === present ? sum : sum + count), 0)
  const { done, broken } = await reseal(world, (done) => say(`${done} of ${toDo} sealed again.`))
  if (broken.length > 0) throw new NotDone(brokenSentence(broken))
  say(`Done: ${done} secrets were sealed again, under the key ${present}.`)
  if (world.config.databaseUrl !== null) {
    say('Restart every copy, so that each seals under the new key, then run rotate-keys once more:')
    say('it takes care of what was stored in between.')
  }
  const old = otherIds(world.keys).join(', ')
  if (old === '') return
  say(
    world.config.keys === null
      ? `After that the old key ${old} can go: rotate-keys --forget-old. Keep it as long as back-ups that need it.`
      : `After that the old key ${old} can go: take it out of SECRETS_KEY. Keep it as long as back-ups that need it.`,
  )
}

async function forgetOld(desk: Desk, given: Given, world: World): Promise<void> {
  const { say } = desk.terminal
  if (world.config.keys !== null) {
    throw new NotDone('The keys come from the environment: take the old one out of SECRETS_KEY.')
  }
  if (!(await isWhole(world))) {
    throw new NotDone('Nothing was changed: secrets still need an old key. Run rotate-keys first.')
  }
  const { secrets, waiting } = readKeyFile(world.config.dataFolder, world.random, false)
  if (waiting !== undefined) throw new NotDone('A rotation is under way. Run rotate-keys first.')
  if (secrets.length === 1) return say('There is no old key in the key file.')
  if (world.config.databaseUrl !== null) {
    const effects = ['A copy that still seals under the old key would store what nobody opens.']
    await askRestarted(desk, given, effects)
  }
  await step(world, 'forget')
  say('Done: only the present key is left in the key file. Restart every copy when it suits you.')
}

const lockKey = 7_294_022

/** One rotation at a time writes the file. */
function step({ sql, config, random }: World, name: keyof typeof steps): Promise<void> {
  return sql.tx(async (held) => {
    await held.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
    changeKeyFile(config.dataFolder, name, random)
  })
}

function brokenSentence(broken: readonly string[]): string {
  const first = broken.slice(0, 5).join(', ')
  return `${broken.length} secrets do not open: their key is missing, or they were changed. They are left as they are. Methods: ${first}${broken.length > 5 ? ', …' : ''}`
}
