import { emailKey } from '../accounts/email.ts'
import { toBase32 } from '../crypto/base32.ts'
import { newId } from '../crypto/random.ts'
import { seal } from '../crypto/seal.ts'
import { newSecret } from '../crypto/totp.ts'
import { boundTo } from '../methods/totp.ts'
import { freshCodes } from '../recovery/make.ts'
import type { World } from '../world.ts'
import {
  addInvitation,
  addMethod,
  addPerson,
  addTeam,
  countAccounts,
  fillTeam,
  placeMember,
} from './store.ts'

type Person = {
  readonly name: string
  readonly role: 'owner' | 'admin' | 'member'
  readonly phone?: string
  readonly kinds: readonly ('sms' | 'email' | 'totp')[]
  /** Days since they signed in last; nobody who is not said so ever did. */
  readonly seen?: number
  /** Days until their exemption ends. */
  readonly exempt?: number
  /** All their methods are switched off after a hundred wrong codes. */
  readonly locked?: boolean
  /** They joined a moment ago, and have the team's days for those who join later. */
  readonly joined?: 'now'
}

/** Members in every state. */
const people: readonly Person[] = [
  { name: 'Ada Lovelace', role: 'owner', phone: '+447700900123', kinds: [], seen: 0 },
  { name: 'Grace Hopper', role: 'admin', phone: '+12025550143', kinds: ['sms'], seen: 1 },
  {
    name: 'Katherine Johnson',
    role: 'admin',
    phone: '+12025550178',
    kinds: ['totp', 'sms'],
    seen: 0,
  },
  { name: 'Alan Turing', role: 'member', kinds: ['email'], seen: 3 },
  { name: 'Mary Jackson', role: 'member', kinds: [], seen: 12 },
  { name: 'Dorothy Vaughan', role: 'member', kinds: [] },
  { name: 'Edsger Dijkstra', role: 'member', kinds: ['totp'], seen: 2 },
  { name: 'Radia Perlman', role: 'member', kinds: ['totp', 'email'], seen: 0 },
  { name: 'Hedy Lamarr', role: 'member', kinds: [], seen: 40, exempt: 20 },
  { name: 'Charles Babbage', role: 'member', kinds: ['totp'], seen: 5, locked: true },
  { name: 'ליאור כהן', role: 'member', kinds: ['totp'], seen: 1 },
  { name: 'Margaret Hamilton', role: 'member', kinds: [], seen: 0, joined: 'now' },
]

export type Demo = {
  readonly password: string
  readonly people: readonly { readonly email: string; readonly who: string }[]
}

const dayMs = 86_400_000

/**
 * Fills an empty database with a team for a look around, which requires two-step authentication from
 * next week on; gives how to sign in, or null when there are accounts already. For trials only:
 * refused in production.
 */
export async function fillDemo(world: World): Promise<Demo | null> {
  if (world.config.production) throw new Error('The demo team does not exist in production.')
  if ((await countAccounts(world.sql)) > 0) return null
  const password = showWords(world.random(10))
  const hash = await world.passwords.hash(password)
  if (hash === 'busy') throw new Error('The server was too busy to make the demo team.')
  const now = world.clock()
  const team = newId(now, world.random)
  await addTeam(world.sql, team, 'Analytical Engines', new Date(now.getTime() - 100 * dayMs))
  const shown: { email: string; who: string }[] = []
  for (const [i, person] of people.entries()) shown.push(await add(world, team, person, hash, i))
  await giveRule(world, team)
  return { password, people: shown }
}

/** Required from a day next week on, two weeks for those who join later; 60 days of coverage. */
async function giveRule({ sql, clock, random }: World, team: string): Promise<void> {
  const now = clock()
  const inAWeek = new Date(now.getTime() + 8 * dayMs)
  const bitesAt = new Date(`${inAWeek.toISOString().slice(0, 10)}T00:00:00Z`)
  await fillTeam(sql, {
    team,
    since: new Date(now.getTime() - dayMs),
    bitesAt,
    by: 'katherine@example.com',
    now,
    members: people.length,
  })
  const email = 'barbara@example.com'
  const invitation = { id: newId(now, random), link: newId(now, random), team, email, now }
  await addInvitation(sql, { ...invitation, expiresAt: new Date(now.getTime() + 7 * dayMs) })
}

/** "ada@example.com"; a number where the name has no letters for one. */
function addressOf({ name }: Person, i: number): string {
  const first = (name.split(' ')[0] ?? '').toLowerCase()
  return `${/^[a-z]+$/.test(first) ? first : `member-${i}`}@example.com`
}

async function add(world: World, team: string, person: Person, hash: string, i: number) {
  const now = world.clock()
  const id = newId(now, world.random)
  const email = addressOf(person, i)
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
  const at = (days: number | undefined) =>
    days === undefined ? null : new Date(now.getTime() + days * dayMs)
  await placeMember(world.sql, {
    team,
    account: id,
    joinedAt: person.joined === 'now' ? now : new Date(now.getTime() - (100 - i) * dayMs),
    signedInAt: at(person.seen === undefined ? undefined : -person.seen),
    exemptUntil: at(person.exempt),
    locked: person.locked === true,
  })
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
