import { emailKey } from '../accounts/email.ts'
import { toBase32 } from '../crypto/base32.ts'
import { newId } from '../crypto/random.ts'
import { seal } from '../crypto/seal.ts'
import { newSecret } from '../crypto/totp.ts'
import { boundTo } from '../methods/totp.ts'
import { freshCodes } from '../recovery/make.ts'
import type { World } from '../world.ts'
import { addMethod, addPerson, addTeam, countAccounts } from './store.ts'

type Person = {
  readonly name: string
  readonly role: 'owner' | 'admin' | 'member'
  readonly phone?: string
  readonly kinds: readonly ('sms' | 'email' | 'totp')[]
}

const people: readonly Person[] = [
  { name: 'Ada Lovelace', role: 'owner', phone: '+447700900123', kinds: [] },
  { name: 'Grace Hopper', role: 'admin', phone: '+12025550143', kinds: ['sms'] },
  { name: 'Alan Turing', role: 'member', kinds: ['email'] },
  { name: 'Katherine Johnson', role: 'member', phone: '+12025550178', kinds: ['totp', 'sms'] },
  { name: 'Mary Jackson', role: 'member', kinds: [] },
]

export type Demo = {
  readonly password: string
  readonly people: readonly { readonly email: string; readonly who: string }[]
}

/**
 * Fills an empty database with a team for a look around; gives how to sign in, or null when there
 * are accounts already. For trials only: refused in production.
 */
export async function fillDemo(world: World): Promise<Demo | null> {
  if (world.config.production) throw new Error('The demo team does not exist in production.')
  if ((await countAccounts(world.sql)) > 0) return null
  const password = showWords(world.random(10))
  const hash = await world.passwords.hash(password)
  if (hash === 'busy') throw new Error('The server was too busy to make the demo team.')
  const now = world.clock()
  const team = newId(now, world.random)
  await addTeam(world.sql, team, 'Analytical Engines', now)
  const shown: { email: string; who: string }[] = []
  for (const person of people) shown.push(await add(world, team, person, hash))
  return { password, people: shown }
}

async function add(world: World, team: string, person: Person, hash: string) {
  const now = world.clock()
  const id = newId(now, world.random)
  const email = `${(person.name.split(' ')[0] ?? '').toLowerCase()}@example.com`
  const { name, role, phone = null } = person
  await addPerson(world.sql, {
    id,
    team,
    role,
    name,
    email,
    key: emailKey(email),
    phone,
    hash,
    now,
  })
  const notes: string[] = []
  for (const kind of person.kinds) {
    notes.push(await addKind(world, id, kind, kind === 'sms' ? phone : email))
  }
  const means = notes.length > 0 ? notes.join('; ') : 'password only'
  return { email, who: `${role}, ${means}` }
}

async function addKind(
  world: World,
  account: string,
  kind: string,
  destination: string | null,
): Promise<string> {
  const now = world.clock()
  const id = newId(now, world.random)
  const secret = kind === 'totp' ? newSecret(world.random) : null
  const fresh = await freshCodes(world)
  if (fresh === 'busy') throw new Error('The server was too busy to make the demo team.')
  await addMethod(world.sql, {
    id,
    account,
    kind,
    slot: kind === 'totp' ? id : kind,
    name: { sms: 'Text message', email: 'Email', totp: 'Phone app' }[kind] ?? kind,
    destination: secret ? null : destination,
    secret: secret && seal(world.keys, secret, boundTo(account, id)),
    salt: fresh.set.salt,
    hashes: fresh.set.hashes,
    now,
  })
  return secret ? `authenticator app (key ${toBase32(secret)})` : `codes by ${kind}`
}

const syllables = 'ba be bi bo da de di do fa fe fi fo ka ke ki ko la le li lo ma me mi mo'.split(
  ' ',
)

/** Three made-up words of a random choice, long enough and easy to type. */
function showWords(bytes: Buffer): string {
  const parts = [...bytes].map((byte) => syllables[byte % syllables.length] ?? '')
  return [parts.slice(0, 3), parts.slice(3, 6), parts.slice(6, 10)]
    .map((word) => word.join(''))
    .join('-')
}
