import { hash, hashRaw, parseOptions, verify } from '@node-rs/argon2'
import { limits, type Config } from '../config.ts'
import { isForeign, verifyForeign } from './foreign-hashes.ts'
import { createQueue } from './queue.ts'

const argon2id = 2
const hashBytes = 32
const saltBytesMin = 32

/** A password's hash with its parameters and salt, as a PHC string. */
export type Phc = `$${string}`

/** Argon2id, so many runs at once and so many waiting; beyond that each answers 'busy' (PW-04). */
export type Passwords = {
  /** A new PHC string with a salt of its own, of the password in NFC (PW-05). */
  readonly hash: (password: string) => Promise<Phc | 'busy'>
  /**
   * Whether a password fits its PHC string. Null stands for an unknown account: it costs the same
   * and is 'wrong' (FLOW-11). Also takes the forms of other programs that `readHash` accepts, in the
   * same queue. Throws on a string that is none of these.
   */
  readonly verify: (phc: string | null, password: string) => Promise<'right' | 'wrong' | 'busy'>
  /** Whether a hash was made elsewhere, or with less than is asked for today. */
  readonly needsRehash: (phc: string) => boolean
  /** 32 bytes of Argon2id under a salt of 32 bytes or more, for recovery codes (RC-03). */
  readonly hashWithSalt: (text: string, salt: Buffer) => Promise<Buffer | 'busy'>
}

/** Hashing with the parameters of the configuration, at most `cores` runs at once. */
export function createPasswords(
  config: Pick<Config, 'passwordHashMemoryKib' | 'passwordHashPasses'>,
  cores: number,
  waitingMax: number = limits.hashingQueueMax,
): Passwords {
  const queue = createQueue(Math.max(1, cores), waitingMax)
  const options = {
    algorithm: argon2id,
    memoryCost: config.passwordHashMemoryKib,
    timeCost: config.passwordHashPasses,
    parallelism: 1,
    outputLen: hashBytes,
  }
  const nobody = hashOfNobody(options.memoryCost, options.timeCost)

  return {
    hash: (password) => queue(() => hash(password.normalize('NFC'), options) as Promise<Phc>),
    verify: (phc, password) =>
      queue(async () => {
        const typed = password.normalize('NFC')
        const foreign = phc !== null && isForeign(phc)
        const fits = await (foreign ? verifyForeign(phc, typed) : verify(phc ?? nobody, typed))
        return fits && phc !== null ? 'right' : 'wrong'
      }),
    needsRehash: (phc) => isForeign(phc) || isWeaker(phc, options),
    hashWithSalt: async (text, salt) => {
      if (salt.length < saltBytesMin) throw new RangeError('A salt has 32 bytes or more')
      return queue(() => hashRaw(text, { ...options, salt }))
    },
  }
}

/** A PHC string that no password fits, of the same cost as a real one. */
function hashOfNobody(memoryKib: number, passes: number): string {
  const base64 = (bytes: number) => Buffer.alloc(bytes).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${base64(16)}$${base64(hashBytes)}`
}

function isWeaker(phc: string, wanted: { memoryCost: number; timeCost: number }): boolean {
  const used = parseOptions(phc)
  return (
    used.algorithm !== argon2id ||
    used.version !== 1 ||
    used.memoryCost < wanted.memoryCost ||
    used.timeCost < wanted.timeCost
  )
}
