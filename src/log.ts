import { pino } from 'pino'

/** What the program logs through: an object of plain fields, then a sentence. Never a secret. */
export type Log = {
  readonly info: (fields: object, sentence: string) => void
  readonly warn: (fields: object, sentence: string) => void
  readonly error: (fields: object, sentence: string) => void
}

/**
 * The program's log: one JSON text a line, so that nothing in a field can begin another line
 * (AUD-03), of that level and above. `out` takes the lines in the place of standard output.
 */
export function createLog(level: string, out?: { readonly write: (line: string) => void }): Log {
  const options = { level, serializers: { error: causeOf } }
  return out ? pino(options, out) : pino(options)
}

/** What went wrong, and where. A database's further fields quote rows and stay out (AUD-02). */
function causeOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const { name, message, stack } = error
  const code = 'code' in error ? error.code : undefined
  return { name, code, message, stack }
}
