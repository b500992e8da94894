import { newId } from '../crypto/random.ts'
import { seal } from '../crypto/seal.ts'
import type { World } from '../world.ts'
import { kinds } from './index.ts'
import type { Foreign, Parameters } from './method.ts'

/** A confirmed method to store, its secret sealed. */
export type Brought = {
  readonly id: string
  readonly kind: string
  readonly slot: string
  readonly name: string
  /** Base64, as JSON carries it. */
  readonly secret: string
  readonly parameters: Parameters
}

/** Reads a secret that another program gave away, by the kind of method that knows its form. */
export function readForeign(text: string): Foreign {
  const reader = foreignKind.readForeign
  return reader
    ? reader(text)
    : { ok: false, why: 'no kind of method takes secrets from elsewhere' }
}

/** The one kind that can be brought along: with its secret the codes are the same. */
const foreignKind = kinds.find(({ readForeign: reader }) => reader !== null) ?? notThere()

/**
 * The methods of an account for secrets that were read by `readForeign`: on at once, for their person
 * has used them before; the parameters are stored with each (TOTP-11).
 */
export function bring(
  world: Pick<World, 'keys' | 'clock' | 'random'>,
  accountId: string,
  read: readonly Extract<Foreign, { ok: true }>[],
): Brought[] {
  const { kind, title, several, bound } = foreignKind
  if (bound === null) throw new Error(`secrets of the kind ${kind} cannot be sealed`)
  return read.map(({ secret, parameters }, at) => {
    const id = newId(world.clock(), world.random)
    return {
      id,
      kind,
      slot: several ? id : kind,
      name: at === 0 ? title : `${title} ${at + 1}`,
      secret: seal(world.keys, secret, bound(accountId, id)).toString('base64'),
      parameters,
    }
  })
}

function notThere(): never {
  throw new Error('no kind of method can be brought along')
}
