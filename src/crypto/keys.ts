import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Config } from '../config.ts'
import { readKeyFile, type KeyTexts } from './key-file.ts'
import { faultOf } from './key-quality.ts'
import { mac } from './mac.ts'

/** The keys that open stored secrets: one seals, all open (CRY-03). */
export type Ring = {
  readonly current: { readonly id: string; readonly key: KeyObject }
  readonly all: ReadonlyMap<string, KeyObject>
}

/** Separate 256-bit keys for stored secrets, sent codes and tokens (CRY-02). */
export type Keys = {
  readonly secrets: Ring
  readonly codes: KeyObject
  readonly tokens: KeyObject
}

/**
 * The keys given by the environment, else those of `keys.json` in the data folder, which the first
 * start makes unless `mayCreate` is false. `given.secrets` may hold old keys after the present one,
 * separated by commas. Throws on a missing, short, default or equal key and on a key file that
 * others may read; what it says names the key and never shows it (CRY-02).
 */
export function readKeys(
  folder: string,
  given: Config['keys'],
  random: (bytes: number) => Buffer,
  mayCreate = true,
): Keys {
  if (given === null) return keysOf(readKeyFile(folder, random, mayCreate))
  return keysOf({
    secrets: given.secrets.trim().split(/[\s,]+/),
    codes: given.codes.trim(),
    tokens: given.tokens.trim(),
  })
}

function keysOf(texts: KeyTexts): Keys {
  refuseFaults(texts)
  const key = (text: string) => createSecretKey(text, 'base64')
  return {
    secrets: ringOf(opening(texts).map(key)),
    codes: key(texts.codes),
    tokens: key(texts.tokens),
  }
}

/** All that open: the present one, the old ones, the one that waits to become the present one. */
function opening({ secrets, waiting }: KeyTexts): readonly string[] {
  return waiting === undefined ? secrets : [...secrets, waiting]
}

function refuseFaults(texts: KeyTexts): void {
  const secrets = texts.secrets.length === 0 ? [''] : texts.secrets
  const named = [
    ...secrets.map((text, at) => [at === 0 ? 'secrets' : `secrets (old key ${at})`, text] as const),
    ['codes', texts.codes] as const,
    ['tokens', texts.tokens] as const,
    ...(texts.waiting === undefined ? [] : [['waiting', texts.waiting] as const]),
  ]
  const seen = new Map<string, string>()
  for (const [name, text] of named) {
    const fault = faultOf(text)
    if (fault !== null) {
      throw new Error(`The key "${name}" ${fault}. Make one with: openssl rand -base64 32`)
    }
    const bare = text.replace(/=+$/, '')
    const twin = seen.get(bare)
    if (twin !== undefined) throw new Error(`The keys "${twin}" and "${name}" are equal.`)
    seen.set(bare, name)
  }
}

function ringOf(keys: readonly KeyObject[]): Ring {
  const ids = keys.map(keyId)
  const [id, key] = [ids[0], keys[0]]
  if (id === undefined || key === undefined) throw new Error('The key "secrets" is missing.')
  if (new Set(ids).size !== ids.length) {
    throw new Error('Two of the keys "secrets" have one id by chance. Make the newest one again.')
  }
  return { current: { id, key }, all: new Map(keys.map((each, at) => [ids[at] ?? '', each])) }
}

/**
 * A key's id follows from the key: eight hexadecimal digits that tell nothing about it, the same in
 * a file and in the environment, on every machine.
 */
function keyId(key: KeyObject): string {
  return mac(key, 'key id', []).toString('hex', 0, 4)
}
