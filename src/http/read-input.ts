import { z } from 'zod'
import { limits } from '../config.ts'
import { refuse } from '../reasons.ts'
import type { Reason, Refusal } from '../reasons.ts'

export type Fields = Readonly<Record<string, unknown>>

/** What came with a request; wrapped, so that no body can look like a refusal. */
export type Read = { readonly fields: Fields } | Refusal

/**
 * The body's fields. A form's repeated field becomes a list, so that a schema for one string
 * refuses it (FLOW-14). Refused: too-large, length-missing, wrong-content-type, bad-input.
 */
export async function readBody(request: Request, json: boolean): Promise<Read> {
  const length = request.headers.get('content-length')
  if (length === null && request.headers.has('transfer-encoding')) return refuse('length-missing')
  if (Number(length) > limits.bodyBytesMax) return refuse('too-large')
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (length === null || length === '0') return { fields: {} }
  if (json) return type === 'application/json' ? readJson(request) : refuse('wrong-content-type')
  if (type !== 'application/x-www-form-urlencoded') return refuse('wrong-content-type')
  return { fields: collect(new URLSearchParams(await request.text())) }
}

async function readJson(request: Request): Promise<Read> {
  try {
    const value: unknown = JSON.parse(await request.text())
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
    return plain ? { fields: value as Fields } : refuse('bad-input')
  } catch {
    return refuse('bad-input')
  }
}

/** Parameters by name; one that comes more than once is a list. */
export function collect(parameters: URLSearchParams): Fields {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const name of new Set(parameters.keys())) {
    const all = parameters.getAll(name)
    fields[name] = all.length === 1 ? all[0] : all
  }
  return { ...fields }
}

/** What the schema makes of the fields, or which of them are not right. */
export function parseInput(schema: z.ZodType, fields: Fields): { input: unknown } | Refusal {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return { input: parsed.data }
  const wrong: Record<string, Reason> = {}
  for (const issue of parsed.error.issues) {
    wrong[String(issue.path[0] ?? '')] ??= reasonOf(issue, fields[String(issue.path[0] ?? '')])
  }
  return refuse('bad-input', undefined, wrong)
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): Reason {
  if (value === undefined || value === '') return 'field-missing'
  return issue.code === 'too_big' ? 'field-too-long' : 'field-not-right'
}

/** The query's parameters; most requests have none, and parsing the address costs more than that. */
export function queryOf(request: Request): URLSearchParams {
  const at = request.url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1))
}
