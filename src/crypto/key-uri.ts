import { limits } from '../config.ts'
import { fromBase32 } from './base32.ts'
import type { TotpParameters } from './totp.ts'

/* RFC 4226, section 4, R6: 128 bits at least. */
const secretBytes = [16, 128] as const
/* Steps longer than this would keep a code good for minutes (TOTP-03). */
const periodSeconds = [15, 60] as const
const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const

type Read =
  | { readonly ok: true; readonly secret: Buffer; readonly parameters: TotpParameters }
  | { readonly ok: false; readonly why: string }

/**
 * Reads a key URI, `otpauth://totp/…?secret=…`, as other programs give their authenticators away
 * (TOTP-11; Google's key URI format). Refused, with a sentence that holds no part of the secret:
 * counters, other algorithms, codes of other lengths than the six digits that pages here ask for,
 * secrets under 128 bits.
 */
export function readKeyUri(text: string): Read {
  const uri = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (uri?.protocol !== 'otpauth:') return no('this is no otpauth:// address')
  if (uri.host.toLowerCase() !== 'totp') {
    return no('only time-based codes (otpauth://totp) are taken, no counters')
  }
  const given = (name: string) => uri.searchParams.get(name)
  const algorithm = algorithms.find((one) => one === (given('algorithm') ?? 'SHA1').toUpperCase())
  const digits = Number(given('digits') ?? 6)
  const period = Number(given('period') ?? 30)
  const secret = fromBase32((given('secret') ?? '').replace(/[\s-]/g, ''))
  const why = faultOf(uri, algorithm, digits, period, secret)
  if (why !== null || algorithm === undefined || secret === null) return no(why ?? 'unreadable')
  return { ok: true, secret, parameters: { algorithm, digits, period } }
}

function no(why: string): Read {
  return { ok: false, why }
}

function faultOf(
  { searchParams }: URL,
  algorithm: string | undefined,
  digits: number,
  period: number,
  secret: Buffer | null,
): string | null {
  const twice = ['secret', 'algorithm', 'digits', 'period'].some(
    (name) => searchParams.getAll(name).length > 1,
  )
  if (twice) return 'a part of the otpauth address comes twice'
  if (searchParams.has('encoder')) return 'codes that are no digits (encoder) are not taken'
  if (algorithm === undefined) return `the algorithm is none of ${algorithms.join(', ')}`
  if (digits !== limits.codeDigits) return `only codes of ${limits.codeDigits} digits are taken`
  const [shortest, longest] = periodSeconds
  if (!Number.isInteger(period) || period < shortest || period > longest) {
    return `a period is ${shortest} to ${longest} seconds here`
  }
  if (secret === null || secret.length === 0) return 'the secret is missing or is no base32'
  const [least, most] = secretBytes
  if (secret.length < least)
    return `the secret has ${secret.length * 8} bits; ${least * 8} are needed`
  return secret.length > most ? 'the secret is too long' : null
}
