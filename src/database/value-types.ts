import { types } from 'pg'
import type { CustomTypesConfig } from 'pg'

type Parser = (text: string) => unknown

/** PostgreSQL's own numbers of the types whose values differ from what `pg` makes of them. */
const int8 = 20
const int8Array = 1016
const timestamptz = 1184
const timestamptzArray = 1185

const standard = (oid: number) => types.getTypeParser(oid, 'text') as Parser

const parsers = new Map<number, Parser>([
  [int8, toInteger],
  [int8Array, (text) => (standard(int8Array)(text) as (string | null)[]).map(toIntegerOrNull)],
  [timestamptz, (text) => toDate(standard(timestamptz)(text))],
  [timestamptzArray, (text) => (standard(timestamptzArray)(text) as unknown[]).map(toDate)],
])

/** How values come out of the database, as `Sql.query` promises. For one pool, not for all of `pg`. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? (types.getTypeParser(oid, format) as never),
}

function toInteger(text: string): number {
  const value = Number(text)
  // Rounding silently would make two ids one.
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`)
  return value
}

function toIntegerOrNull(text: string | null): number | null {
  return text === null ? null : toInteger(text)
}

/** `pg` reads infinity as a number; a Date at the end of time compares just as well. */
function toDate(value: unknown): unknown {
  return typeof value === 'number' ? new Date(Math.sign(value) * 8.64e15) : value
}
