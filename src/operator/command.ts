import type { ParseArgsConfig } from 'node:util'
import type { World } from '../world.ts'

/** How a command speaks with the operator. */
export type Terminal = {
  /** Prints one line. Nothing that opens anything is ever printed (OPS-03). */
  readonly say: (line: string) => void
  /** Prints one line where errors go. */
  readonly complain: (line: string) => void
  /** Asks, and gives the line typed; null when nobody answers. */
  readonly ask: (question: string) => Promise<string | null>
}

/** Where a command works. */
export type Desk = {
  readonly terminal: Terminal
  /** Opens the database, once, after what was typed has been read and found right. */
  readonly open: () => Promise<World>
}

/** What was typed after a command's name. */
export type Given = {
  /** The first word; an empty text where the command takes none. */
  readonly word: string
  /** Options by name: a text, or true. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** One command of the operator. It ends well or throws. */
export type Command = {
  readonly name: string
  /** What follows the name, as help shows it. */
  readonly takes: string
  /** One sentence. */
  readonly does: string
  /** Whether a word must follow, may follow, or none may. */
  readonly word: 'needed' | 'none'
  readonly options: NonNullable<ParseArgsConfig['options']>
  readonly run: (desk: Desk, given: Given) => Promise<void>
}

/** What was typed, or the file it names, cannot be used: nothing was changed. Exit code 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

/** What was asked for was refused, or not wholly done. Exit code 1. */
export class NotDone extends Error {
  override readonly name = 'NotDone'
}

/** For commands that ask before they go on. */
export const yes = { yes: { type: 'boolean' } } as const

/** The option `name` as text, without unseen characters; null when it was not given. */
export function textOf(given: Given, name: string): string | null {
  const value = given.options[name]
  return typeof value === 'string' ? value.trim() : null
}
