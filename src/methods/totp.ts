import type { Verdict } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { toBase32 } from '../crypto/base32.ts'
import { normaliseCode } from '../crypto/codes.ts'
import { open, seal } from '../crypto/seal.ts'
import { findStep, keyUri, newSecret, usualTotp } from '../crypto/totp.ts'
import type { TotpParameters } from '../crypto/totp.ts'
import type { World } from '../world.ts'
import type { Holder, Kind, Parameters, Prepared } from './method.ts'

/** Any RFC 6238 authenticator app. The secret is new for every set-up and sealed (TOTP-02, TOTP-06). */
export const totp: Kind = {
  kind: 'totp',
  title: 'Authenticator app',
  strength: 'good',
  rank: 3,
  several: true,
  sends: null,
  about: {
    is: 'An app on your phone or computer makes the codes. It works without signal.',
    know: null,
    notice: null,
  },
  prepare(world, holder, set) {
    const secret = newSecret(world.random)
    return {
      ok: true,
      destination: null,
      secret: seal(world.keys, secret, boundTo(holder.account_id, set.methodId)),
      parameters: usualTotp,
      notice_version: null,
      shown: show(world, holder, secret, usualTotp),
    }
  },
  showAgain(world, holder, { methodId, secret, parameters }) {
    const opened = open(world.keys, secret, boundTo(holder.account_id, methodId))
    return show(world, holder, opened, parametersOf(parameters))
  },
  check: checkAppCode,
  bound: boundTo,
}

/** The key, as the address that an app reads from the QR code and as text to type (TOTP-10). */
function show(
  world: World,
  holder: Holder,
  secret: Buffer,
  parameters: TotpParameters,
): Prepared['shown'] {
  const of = { issuer: world.config.productName, account: holder.email, secret }
  const uri = keyUri(of, parameters)
  return { uri, key: toBase32(secret) }
}

/**
 * Accepts the present step and those next to it, each step once (TOTP-03, TOTP-04); a code whose
 * step is spent is told apart only when it would have been right. Refused: wrong-code, code-used.
 */
function checkAppCode(world: World, asked: Spent, typed: string): Verdict {
  const parameters = parametersOf(asked.parameters)
  const code = normaliseCode(typed, parameters.digits)
  if (code === null || asked.secret === null) return { right: false, reason: 'wrong-code' }
  const secret = open(world.keys, asked.secret, boundTo(asked.account_id, asked.method_id))
  const { totpStepsAround } = world.config
  const step = findStep(secret, code, world.clock(), totpStepsAround, parameters)
  if (step === null) return { right: false, reason: 'wrong-code' }
  if (asked.last_step !== null && step <= asked.last_step) {
    return { right: false, reason: 'code-used' }
  }
  return { right: true, step }
}

/** The stored parameters; one that is not stored is as in a key URI that does not name it. */
function parametersOf(stored: Parameters): TotpParameters {
  return { ...usualTotp, ...stored }
}

/** A secret opens only for the account and method it was sealed for. */
export function boundTo(accountId: string, methodId: string): string {
  return `totp:${accountId}:${methodId}`
}
