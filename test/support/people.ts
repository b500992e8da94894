import { emailKey } from '../../src/accounts/email.ts'
import { toBase32 } from '../../src/crypto/base32.ts'
import { newId } from '../../src/crypto/random.ts'
import { seal } from '../../src/crypto/seal.ts'
import { newSecret } from '../../src/crypto/totp.ts'
import { addMethod, addPerson, addTeam } from '../../src/demo/store.ts'
import { boundTo } from '../../src/methods/totp.ts'
import { freshCodes } from '../../src/recovery/make.ts'
import type { World } from '../../src/world.ts'

export type Person = {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly phone: string
  /** Ids of the methods by kind. */
  readonly methods: Readonly<Record<string, string>>
  /** Base32 key of the authenticator app, when there is one. */
  readonly key: string
  readonly recoveryCodes: readonly string[]
}

let count = 0

/** Puts a person into the database who has these methods, confirmed, and ten recovery codes. */
export async function addSomebody(
  world: World,
  kinds: readonly ('totp' | 'sms' | 'email')[] = [],
): Promise<Person> {
  const number = ++count
  const now = world.clock()
  const id = newId(now, world.random)
  const team = newId(now, world.random)
  const email = `person-${number}-${id.slice(-6)}@example.com`
  const password = `correct horse battery ${number}`
  const phone = `+1202555${String(1000 + (number % 9000)).padStart(4, '0')}`
  const hash = await world.passwords.hash(password)
  await addTeam(world.sql, team, `Team ${number}`, now)
  const name = `Person ${number}`
  const key = emailKey(email)
  await addPerson(world.sql, { id, team, role: 'owner', name, email, key, phone, hash, now })
  const fresh = await freshCodes(world)
  if (fresh === 'busy') throw new Error('busy')
  const methods: Record<string, string> = {}
  let secretKey = ''
  for (const kind of kinds) {
    const methodId = newId(now, world.random)
    const secret = kind === 'totp' ? newSecret(world.random) : null
    if (secret) secretKey = toBase32(secret)
    methods[kind] = methodId
    await addMethod(world.sql, {
      id: methodId,
      account: id,
      kind,
      slot: kind === 'totp' ? methodId : kind,
      name: { totp: 'Authenticator app', sms: 'Text message', email: 'Email' }[kind],
      destination: kind === 'sms' ? phone : kind === 'email' ? email : null,
      secret: secret && seal(world.keys, secret, boundTo(id, methodId)),
      salt: fresh.set.salt,
      hashes: fresh.set.hashes,
      now,
    })
  }
  return { id, email, password, phone, methods, key: secretKey, recoveryCodes: fresh.codes }
}
