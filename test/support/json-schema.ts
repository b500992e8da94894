/** Whether a value is what a JSON Schema (2020-12) says, for the keywords that zod writes. */

type Schema = Readonly<Record<string, unknown>>
type Check = (given: never, value: unknown, at: Place) => string[]
type Place = { readonly path: string; readonly root: unknown; readonly schema: Schema }

/** Words that say nothing about the value. */
const annotations = new Set([
  '$schema',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'contentEncoding',
])

/**
 * What is wrong with the value, one sentence each; nothing when it fits. `$ref` is looked up in
 * `root`, the document the schema stands in. A keyword it does not know is a fault too.
 */
export function matchesSchema(schema: unknown, value: unknown, root: unknown = schema): string[] {
  return faults(schema, value, { path: '$', root, schema: {} })
}

function faults(schema: unknown, value: unknown, at: Place): string[] {
  if (schema === true) return []
  if (schema === false) return [`${at.path}: must not be there`]
  if (!isObject(schema)) return [`${at.path}: its schema is not a schema`]
  const here = { ...at, schema }
  return Object.entries(schema).flatMap(([word, given]) => {
    if (annotations.has(word) || word.startsWith('x-')) return []
    const check = keywords[word]
    return check ? check(given as never, value, here) : [`${at.path}: unknown keyword ${word}`]
  })
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
}

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[a-z][a-z\d+.-]*:/i,
}

const keywords: Readonly<Record<string, Check>> = {
  $ref: (pointer: string, value, at) => faults(resolve(at.root, pointer), value, at),
  type: (names: string | string[], value, at) => {
    const allowed = [names].flat()
    const fits = allowed.some((name) => types[name]?.(value))
    return when(!fits, at, `is ${JSON.stringify(value)}, not ${allowed.join(' or ')}`)
  },
  const: (only, value, at) => when(!same(only, value), at, `is not ${JSON.stringify(only)}`),
  enum: (all: unknown[], value, at) =>
    when(!all.some((one) => same(one, value)), at, `is not one of ${JSON.stringify(all)}`),
  anyOf: (all: unknown[], value, at) =>
    when(fitting(all, value, at) === 0, at, 'fits none of anyOf'),
  oneOf: (all: unknown[], value, at) =>
    when(fitting(all, value, at) !== 1, at, `fits ${fitting(all, value, at)} of oneOf`),
  allOf: (all: unknown[], value, at) => all.flatMap((one) => faults(one, value, at)),
  not: (one, value, at) => when(faults(one, value, at).length === 0, at, 'fits what it must not'),
  minLength: (min: number, value, at) => length(value, at, (n) => n < min, 'is too short'),
  maxLength: (max: number, value, at) => length(value, at, (n) => n > max, 'is too long'),
  pattern: (text: string, value, at) => fitsText(value, at, new RegExp(text, 'u')),
  format: (name: string, value, at) => {
    const form = formats[name]
    return form ? fitsText(value, at, form) : [`${at.path}: unknown format ${name}`]
  },
  minimum: (min: number, value, at) => size(value, at, (n) => n < min),
  maximum: (max: number, value, at) => size(value, at, (n) => n > max),
  exclusiveMinimum: (min: number, value, at) => size(value, at, (n) => n <= min),
  exclusiveMaximum: (max: number, value, at) => size(value, at, (n) => n >= max),
  required: (names: string[], value, at) =>
    isObject(value)
      ? names.flatMap((name) => when(!Object.hasOwn(value, name), at, `lacks ${name}`))
      : [],
  properties: (fields: Schema, value, at) =>
    isObject(value)
      ? Object.entries(fields).flatMap(([name, one]) =>
          Object.hasOwn(value, name) ? faults(one, value[name], inside(at, name)) : [],
        )
      : [],
  additionalProperties: (one, value, at) => {
    if (!isObject(value)) return []
    const known = Object.keys(at.schema['properties'] ?? {})
    const more = Object.keys(value).filter((name) => !known.includes(name))
    return more.flatMap((name) => faults(one, value[name], inside(at, name)))
  },
  propertyNames: (one, value, at) =>
    isObject(value) ? Object.keys(value).flatMap((name) => faults(one, name, at)) : [],
  items: (one, value, at) => {
    const first = ((at.schema['prefixItems'] ?? []) as unknown[]).length
    return asList(value).flatMap((item, n) => (n < first ? [] : faults(one, item, inside(at, n))))
  },
  prefixItems: (all: unknown[], value, at) =>
    all.flatMap((one, n) => faults(one, asList(value)[n], inside(at, n))),
  minItems: (min: number, value, at) =>
    when(Array.isArray(value) && value.length < min, at, 'has too few items'),
  maxItems: (max: number, value, at) =>
    when(Array.isArray(value) && value.length > max, at, 'has too many items'),
}

function when(wrong: boolean, { path }: Place, words: string): string[] {
  return wrong ? [`${path}: ${words}`] : []
}

function fitting(all: readonly unknown[], value: unknown, at: Place): number {
  return all.filter((one) => faults(one, value, at).length === 0).length
}

function length(value: unknown, at: Place, wrong: (n: number) => boolean, words: string): string[] {
  return when(typeof value === 'string' && wrong([...value].length), at, words)
}

function size(value: unknown, at: Place, wrong: (n: number) => boolean): string[] {
  return when(typeof value === 'number' && wrong(value), at, `${String(value)} is out of range`)
}

function fitsText(value: unknown, at: Place, form: RegExp): string[] {
  return when(
    typeof value === 'string' && !form.test(value),
    at,
    `${JSON.stringify(value)} is not ${String(form)}`,
  )
}

function resolve(root: unknown, pointer: string): unknown {
  const names = pointer.replace(/^#\/?/, '').split('/').filter(Boolean)
  return names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), root)
}

function inside(at: Place, name: string | number): Place {
  return { ...at, path: typeof name === 'number' ? `${at.path}[${name}]` : `${at.path}.${name}` }
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
