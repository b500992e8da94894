import type { Check } from '../challenges/guess.ts'
import type { Strength } from '../policy/strength.ts'
import { email } from './email.ts'
import type { Kind } from './method.ts'
import { sms } from './sms.ts'
import { totp } from './totp.ts'

/** Every kind of method, strongest first. The one list; nothing else names them. */
export const kinds: readonly Kind[] = [totp, sms, email]

/** The kind of that name, or null when there is none. */
export function kindOf(name: string): Kind | null {
  return kinds.find((kind) => kind.kind === name) ?? null
}

/** The kind of a stored method; throws when the database names one the program does not know. */
export function knownKind(name: string): Kind {
  const kind = kindOf(name)
  if (!kind) throw new Error(`the database names an unknown kind of method: ${name}`)
  return kind
}

/** A method in a mail: its name, and its kind where its person gave it another name. */
export function inFull(kind: string, name: string): string {
  const { title } = knownKind(kind)
  return name === title ? name : `${name} (${title})`
}

/** The strengths of kinds, each once. */
export function strengthsOf(names: readonly string[]): Strength[] {
  return [...new Set(names.map((name) => knownKind(name).strength))]
}

/** The names of the kinds that are as strong as one of these. */
export function kindsOf(strengths: readonly Strength[]): string[] {
  return kinds.filter((kind) => strengths.includes(kind.strength)).map(({ kind }) => kind)
}

/** Asks the kind of the challenge's method whether the answer is right. */
export const check: Check = (world, spent, typed) =>
  knownKind(spent.kind).check(world, spent, typed)
