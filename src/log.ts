/** What the program logs through: an object of plain fields, then a sentence. Never a secret. */
export type Log = {
  readonly info: (fields: object, sentence: string) => void
  readonly warn: (fields: object, sentence: string) => void
  readonly error: (fields: object, sentence: string) => void
}
