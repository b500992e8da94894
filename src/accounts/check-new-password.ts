import { limits } from '../config.ts'
import { refusePassword } from '../crypto/password-advice.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'

/**
 * Null when somebody may take this password; `words` are their own: address, name, team. Only
 * length and how soon it would be guessed count (PW-01 to PW-03). The refusal's details are the
 * least and the most characters.
 * Refused: password-too-short, password-too-long, password-too-common, password-too-personal.
 */
export function checkNewPassword(
  world: Pick<World, 'config'>,
  password: string,
  words: readonly string[],
): Refusal | null {
  const { passwordCharactersMin: min, productName } = world.config
  const max = limits.passwordCharactersMax
  const reason = refusePassword(password, { min, max, words: [...words, productName] })
  return reason === null ? null : refuse(reason, { min, max }, { password: reason })
}
