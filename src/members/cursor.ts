import type { Sort } from './filters.ts'
import type { Cursor } from './list-store.ts'

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const lengthMax = 2000

/** Where the next page begins, as an address carries it. */
export function writeCursor({ key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url')
}

/** Reads such a place of a list sorted so; null for anything that was not made for it. */
export function readCursor(text: string, sort: Sort): Cursor | null {
  if (text.length > lengthMax || !/^[\w-]+$/.test(text)) return null
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (!Array.isArray(parsed) || parsed.length !== 2) return null
    const [key, id] = parsed as unknown[]
    if (typeof key !== 'string' || typeof id !== 'string' || !uuid.test(id)) return null
    return isKey(key, sort) ? { key, id } : null
  } catch {
    return null
  }
}

function isKey(key: string, sort: Sort): boolean {
  return sort === 'joined' ? /^-?\d{1,16}$/.test(key) : !/\p{Cc}/u.test(key) && key.isWellFormed()
}
