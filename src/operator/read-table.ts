import { readFileSync, statSync } from 'node:fs'
import { plain } from '../delivery/words.ts'
import { WrongUse } from './command.ts'

/** One line of a file: its fields by column, as they stand there. */
export type Row = {
  /** The line where it begins, from 1; of JSON its place in the list. */
  readonly number: number
  readonly fields: Readonly<Record<string, unknown>>
}

const fileBytesMax = 67_108_864

/**
 * Reads a CSV file with a first line of column names, or JSON: a list of objects, one in `accounts`,
 * or one object a line. Throws WrongUse, with a sentence, for a file that is not there, is empty, too
 * large, not UTF-8, or broken.
 */
export function readTable(path: string): Row[] {
  const text = readText(path)
  const rows = /^\s*[[{]/.test(text) ? readJson(text) : readCsv(text)
  if (rows.length === 0) throw new WrongUse('There is nothing in this file.')
  return rows
}

function readText(path: string): string {
  const named = plain(path, 200)
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw new WrongUse(`There is no file ${named}.`)
  if (!found.isFile()) throw new WrongUse(`${named} is no file.`)
  if (found.size === 0) throw new WrongUse(`The file ${named} is empty.`)
  if (found.size > fileBytesMax) {
    throw new WrongUse(`The file ${named} is over 64 MiB. Split it; each part on its own works.`)
  }
  const bytes = readFileSync(path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new WrongUse(`The file ${named} is not in UTF-8. Save it in that encoding.`)
  }
}

function readJson(text: string): Row[] {
  const value = parseJson(text)
  const list = Array.isArray(value) ? value : isObject(value) ? value['accounts'] : null
  const items: unknown[] = Array.isArray(list) ? list : jsonLines(text)
  return items.map((fields, at) => {
    if (!isObject(fields)) throw new WrongUse(`Entry ${at + 1} of this file is no JSON object.`)
    return { number: at + 1, fields }
  })
}

function jsonLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const items = lines.map((line) => parseJson(line))
  if (items.includes(undefined)) throw new WrongUse('This file is no readable JSON.')
  return items
}

/** Undefined when it is none; the parser's own message quotes what it read. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readCsv(text: string): Row[] {
  const [head, ...lines] = readRecords(text)
  const columns = (head?.cells ?? []).map((name) => name.trim().toLowerCase())
  if (new Set(columns).size !== columns.length) {
    throw new WrongUse('Two columns of this file have one name.')
  }
  return lines
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ number, cells }) => {
      if (cells.length !== columns.length) {
        throw new WrongUse(
          `Line ${number} has ${cells.length} fields, the first line ${columns.length}.`,
        )
      }
      return { number, fields: Object.fromEntries(columns.map((name, at) => [name, cells[at]])) }
    })
}

type Line = { readonly number: number; readonly cells: readonly string[] }

/* A field in quotes, where two quotes are one, or a bare one; then what ends it (RFC 4180). */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y

function readRecords(text: string): Line[] {
  const lines: Line[] = []
  let cells: string[] = []
  let number = 1
  let begins = 1
  cell.lastIndex = 0
  while (cell.lastIndex < text.length || cells.length > 0) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (!found)
      throw new WrongUse(`Line ${number}: a quote stands where none may, or is not closed.`)
    const [whole, quoted, bare = '', end] = found
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'))
    number += whole.split(/\r\n|\n|\r/).length - 1
    if (end === ',') continue
    lines.push({ number: begins, cells })
    cells = []
    begins = number
    if (cell.lastIndex === at) break
  }
  return lines
}
