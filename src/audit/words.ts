import type { Event } from './event.ts'
import { kinds } from './kinds.ts'

/**
 * A part of a sentence. What people chose themselves is a name: it runs in its own direction; `of`
 * says whose it is when it is a person's.
 */
export type Piece = {
  readonly text: string
  readonly name: boolean
  readonly of?: 'actor' | 'account'
}

/** What a sentence is made of. */
export type Told = {
  readonly kind: string
  readonly details: Event['details']
  /** The kind of method it was about, as people call it. */
  readonly method: string | null
  /**
   * Who did it and to whom, by name, for those who read of others. Null: read by its own person,
   * whose name is left out.
   */
  readonly parties: {
    readonly actor: string | null
    readonly account: string | null
  } | null
  /** Read by its own person: somebody else did it. */
  readonly byOther?: boolean
}

/** How an event reads: to its own person, or with the names in their places (AUD-01). */
export function sentenceOf(told: Told): Piece[] {
  const phrase = phraseOf(told.kind)
  const pieces = phrase.split(/\{(\w+)\}/).flatMap((part, i) => {
    return i % 2 === 0 ? plain(part) : fill(part, told)
  })
  if (/^\p{Ll}/u.test(phrase)) return led(pieces, told)
  return /\{(for|to|by)\}/.test(phrase) ? pieces : [...pieces, ...fill('for', told)]
}

/** The pieces as one text. */
export function spoken(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('')
}

/** Whether the sentence names the method by itself. */
export function saysMethod(kind: string): boolean {
  return phraseOf(kind).includes('{method}')
}

function phraseOf(kind: string): string {
  const all: Readonly<Record<string, string>> = kinds
  // Written by a newer copy of the program.
  return Object.hasOwn(all, kind) ? (all[kind] ?? '') : 'Something new happened'
}

/** An act with who did it in front; of one's own, it begins with the verb. */
function led(pieces: readonly Piece[], { parties, byOther }: Told): Piece[] {
  if (parties) {
    const actor = parties.actor === null ? plain('Somebody') : name(parties.actor, 'actor')
    return [...actor, ...plain(' '), ...pieces]
  }
  if (byOther) return [...plain('An administrator '), ...pieces]
  const [{ text } = { text: '' }, ...rest] = pieces
  return [...plain(text.slice(0, 1).toUpperCase() + text.slice(1)), ...rest]
}

function fill(what: string, { parties, details, method, byOther }: Told): Piece[] {
  const account = parties?.account ? name(parties.account, 'account') : plain('somebody')
  if (what === 'for' || what === 'to')
    return parties?.account ? [...plain(` ${what} `), ...account] : []
  if (what === 'by') return doneBy(parties)
  if (what === 'whom') return parties ? account : plain('you')
  if (what === 'whose') return parties ? [...account, ...plain('’s')] : plain('your')
  if (what === 'their') return plain(parties || byOther ? 'their' : 'your')
  if (what === 'method') return plain(method ?? 'a method')
  const detail = details[what]
  return detail === undefined ? [] : said(String(detail))
}

function doneBy(parties: Told['parties']): Piece[] {
  if (parties?.actor) return [...plain(' by '), ...name(parties.actor, 'actor')]
  return parties?.account ? [...plain(' by '), ...name(parties.account, 'account')] : []
}

/** A detail: a moment as its day, in UTC; everything else between quotes, as somebody chose it. */
function said(detail: string): Piece[] {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(detail))
    return [...plain('“'), ...name(detail), ...plain('”')]
  return plain(new Date(detail).toLocaleDateString('en-GB', { timeZone: 'UTC', dateStyle: 'long' }))
}

function plain(text: string): Piece[] {
  return text === '' ? [] : [{ text, name: false }]
}

function name(text: string, of?: 'actor' | 'account'): Piece[] {
  return [{ text, name: true, ...(of && { of }) }]
}
