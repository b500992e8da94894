import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { keyBytes } from './key-quality.ts'

/** Keys as text: base64 of 32 bytes each. Of `secrets` the first is in use, the others are old. */
export type KeyTexts = {
  readonly secrets: readonly string[]
  readonly codes: string
  readonly tokens: string
  /** A key for secrets that every copy opens with already and none seals with yet (CRY-03). */
  readonly waiting?: string
}

/**
 * Reads `keys.json` of the data folder, and makes it first where there is none and `mayCreate` is
 * true. Refused: no such file, a file that others than its owner may read, a broken one. No error
 * holds any part of a key (CRY-02).
 */
export function readKeyFile(
  folder: string,
  random: (bytes: number) => Buffer,
  mayCreate: boolean,
): KeyTexts {
  const path = join(folder, 'keys.json')
  const found = readPrivateFile(path)
  if (found !== null) return parse(found, path)
  if (!mayCreate) throw new Error(`There is no key file ${path}, and none may be made here.`)
  createKeyFile(folder, path, random)
  return parse(readPrivateFile(path) ?? '', path)
}

/**
 * The three steps of a rotation in the file, each written whole or not at all. `prepare` puts a new key
 * beside the present one; `promote` makes it the present one, which then stands before the old ones;
 * `forget` leaves only the present one. What cannot be done changes nothing.
 */
export const steps = {
  prepare: (texts: KeyTexts, random: (bytes: number) => Buffer): KeyTexts =>
    texts.waiting === undefined
      ? { ...texts, waiting: random(keyBytes).toString('base64') }
      : texts,
  promote: ({ waiting, ...texts }: KeyTexts): KeyTexts =>
    waiting === undefined ? texts : { ...texts, secrets: [waiting, ...texts.secrets] },
  forget: (texts: KeyTexts): KeyTexts => ({ ...texts, secrets: texts.secrets.slice(0, 1) }),
} as const

/** Takes a step of a rotation in the key file of that folder. Throws when there is no such file. */
export function changeKeyFile(
  folder: string,
  step: keyof typeof steps,
  random: (bytes: number) => Buffer,
): void {
  const path = join(folder, 'keys.json')
  const before = readKeyFile(folder, random, false)
  const draft = writeDraft(path, steps[step](before, random), random)
  renameSync(draft, path)
  flushFolder(folder)
}

function readPrivateFile(path: string): string | null {
  const file = openIfThere(path)
  if (file === null) return null
  try {
    // Windows keeps no such bits: what it reports there says nothing.
    const open = process.platform === 'win32' ? 0 : fstatSync(file).mode & 0o077
    if (open !== 0) throw new Error(`Others may read the key file ${path}. Run: chmod 600 ${path}`)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (isNamed(error, 'ENOENT')) return null
    throw error
  }
}

/**
 * The file is written whole under a name of its own and then linked to its place, which fails when
 * another start was first: two starts never have two sets of keys, and nobody reads half a file.
 */
function createKeyFile(folder: string, path: string, random: (bytes: number) => Buffer): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = () => random(keyBytes).toString('base64')
  const draft = writeDraft(path, { secrets: [key()], codes: key(), tokens: key() }, random)
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isNamed(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  flushFolder(folder)
}

function writeDraft(path: string, texts: KeyTexts, random: (bytes: number) => Buffer): string {
  const draft = `${path}.${random(8).toString('hex')}`
  const content = `${JSON.stringify(texts, null, 2)}\n`
  writeFileSync(draft, content, { flag: 'wx', mode: 0o600, flush: true })
  return draft
}

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  fsyncSync(file)
  closeSync(file)
}

function parse(content: string, path: string): KeyTexts {
  const value = parseJson(content)
  if (!isObject(value)) throw new Error(`The key file ${path} is not a JSON object.`)
  const text = (found: unknown) => (typeof found === 'string' ? found : '')
  const secrets = Array.isArray(value['secrets']) ? value['secrets'].map(text) : []
  const waiting = value['waiting'] === undefined ? {} : { waiting: text(value['waiting']) }
  return { secrets, codes: text(value['codes']), tokens: text(value['tokens']), ...waiting }
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // The parser's own message quotes what it read, and that is a key.
    return null
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNamed(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
