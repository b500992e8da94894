import { execFileSync } from 'node:child_process'
import { toolPath } from './tools.ts'

/**
 * The code that an authenticator app shows: asked of `oathtool`, which is not ours (RFC 6238).
 * Takes the secret in base32, as the person would type it.
 */
export function oathtoolCode(base32Secret: string, at: Date): string {
  const now = `--now=${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  // "-" has it read from standard input, so that the secret is in no process list.
  const words = ['--totp=sha1', '--digits=6', '--base32', now, '-']
  return execFileSync(toolPath('oathtool'), words, { input: base32Secret, encoding: 'utf8' }).trim()
}
