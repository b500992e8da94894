import { readKeys, type Keys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'

/** A key as an operator would give it. */
export function keyText(): string {
  return random(32).toString('base64')
}

/** Keys that nobody else has. */
export function someKeys(secrets: string = keyText()): Keys {
  return readKeys('', { secrets, codes: keyText(), tokens: keyText() }, random)
}
