import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { tick } from '../../src/http/field.ts'
import { openApi } from '../../src/http/open-api.ts'
import { called } from '../../src/http/route.ts'
import { done, reasons, refuse } from '../../src/reasons.ts'
import { routes } from '../../src/routes.ts'
import { matchesSchema } from '../support/json-schema.ts'

type Node = Readonly<Record<string, unknown>>
type Parameter = { name: string; in: string; required: boolean; schema: Node }
type Operation = {
  operationId: string
  summary: string
  tags: string[]
  security: Record<string, unknown>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: Node }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Node }> }>
}
type Document = {
  openapi: string
  info: Record<string, string>
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Node>
    securitySchemes: Record<string, Node>
  }
}

const json = 'application/json'
const document = openApi(routes, 'Acme') as Document
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation })),
)

test('an engineer reads OpenAPI 3.1 under the product’s own name', () => {
  assert.match(document.openapi, /^3\.1\.\d$/)
  assert.equal(document.info['title'], 'Acme API')
  assert.ok(document.info['version'])
})

test('every address of the API is in the document, and nothing else is', () => {
  const rows = routes.flatMap(({ api }) => (api ? [api.replace(/:(\w+)/g, '{$1}')] : []))
  const described = operations.map(({ verb, path }) => `${verb.toUpperCase()} ${path}`)
  assert.deepEqual(described.toSorted(), rows.toSorted())
  assert.ok(described.length > 0)
})

test('nothing in the document is lost on the way to JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document)
  assert.deepEqual(undefinedIn(document, '$'), [])
})

test('every operation has a name of its own, a summary, and says how it answers', () => {
  const names = operations.map(({ operation }) => operation.operationId)
  assert.equal(new Set(names).size, names.length)
  for (const { path, operation } of operations) {
    assert.match(operation.operationId, /^[a-z][\w-]*\w$/)
    assert.ok(operation.summary.length > 0, path)
    assert.deepEqual(Object.keys(operation.responses).toSorted(), ['200', '4XX', '5XX'])
    assert.ok(operation.responses['200']?.content?.[json]?.schema, path)
  }
})

test('each name in a path is described as a path parameter, once', () => {
  for (const { path, operation } of operations) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    const described = (operation.parameters ?? []).filter((one) => one.in === 'path')
    assert.deepEqual(new Set(described.map(({ name }) => name)), new Set(names), path)
    assert.ok(described.every(({ required }) => required))
  }
})

test('every operation that changes something asks for the anti-forgery token', () => {
  for (const { path, verb, operation } of operations) {
    if (verb === 'get') assert.equal(operation.requestBody, undefined, path)
    else
      assert.ok(
        operation.security.every((way) => 'antiForgery' in way || 'apiKey' in way),
        `${verb} ${path}`,
      )
    if (verb !== 'get') assert.ok(operation.security.length > 0, `${verb} ${path}`)
  }
})

test('what needs a session or a pending sign-in says so', () => {
  for (const route of routes) {
    if (!route.api) continue
    const [verb = '', path = ''] = route.api.replace(/:(\w+)/g, '{$1}').split(' ')
    const { security } = operationAt(document, path, verb.toLowerCase())
    const [way = {}] = security
    assert.equal('session' in way, route.who !== 'anyone', route.api)
    assert.equal('signIn' in way, route.pending === true, route.api)
    const keys = security.flatMap((one) => ('apiKey' in one ? [one['apiKey']] : []))
    assert.deepEqual(keys, route.scope ? [[route.scope]] : [], route.api)
  }
})

test('every proof and every part the operations refer to is in the document', () => {
  const schemes = Object.keys(document.components.securitySchemes)
  for (const { operation } of operations) {
    for (const way of operation.security) {
      assert.ok(Object.keys(way).every((name) => schemes.includes(name)))
    }
  }
  for (const pointer of refsIn(document)) {
    const names = pointer.slice(2).split('/')
    const found = names.reduce<unknown>((at, name) => (at as Node)?.[name], document)
    assert.ok(found, pointer)
  }
})

test('every reason for a no is listed with its status and its sentence', () => {
  const list = document.components.schemas['Reason']?.['oneOf'] as Node[]
  const listed = list.map((one) => [one['const'], [one['x-status'], one['description']]])
  assert.deepEqual(Object.fromEntries(listed), reasons)
})

test('a refusal is described as the API says it', () => {
  const schema = document.components.schemas['Refusal']
  const body = {
    error: 'bad-input',
    message: 'Something is not right.',
    request_id: '0011aabb',
    details: { seconds: 30, left: 'two' },
    fields: { email: { error: 'field-missing', message: 'Please fill this in.' } },
  }
  assert.deepEqual(matchesSchema(schema, body, document), [])
  assert.notDeepEqual(matchesSchema(schema, { ...body, error: 'no-such' }, document), [])
  assert.notDeepEqual(matchesSchema(schema, { ...body, stack: 'at x' }, document), [])
  assert.notDeepEqual(matchesSchema(schema, { error: 'busy', message: '' }, document), [])
})

const example = openApi(
  [
    called({
      api: 'GET /things/:id',
      who: 'session',
      input: z.object({ id: z.uuid(), page: z.string().optional(), word: z.unknown() }),
      output: z.object({ at: z.date(), none: z.date().nullable(), left: z.number().optional() }),
      summary: 'One thing.',
      run: async () => refuse('not-found'),
    }),
    called({
      api: 'DELETE /things/:id/parts/:part',
      who: 'fresh',
      input: z.object({ id: z.uuid(), part: z.uuid() }),
      output: z.object({}),
      summary: 'Removes a part.',
      run: async () => done({}),
    }),
    called({
      api: 'POST /things',
      who: 'anyone',
      input: z.object({ name: z.string().trim().min(1).max(9), sure: tick }),
      output: z.object({ id: z.uuid() }),
      summary: 'Makes a thing.',
      run: async () => done({ id: '' }),
    }),
  ],
  'Acme',
) as Document

test('a GET takes its input from the path and the query', () => {
  const { parameters = [] } = operationAt(example, '/things/{id}', 'get')
  const inShort = parameters.map(({ name, in: place, required }) => [name, place, required])
  assert.deepEqual(inShort, [
    ['id', 'path', true],
    ['page', 'query', false],
    ['word', 'query', false],
  ])
  assert.deepEqual(parameters[0]?.schema, { type: 'string', format: 'uuid' })
})

test('a change takes its input from the path and the body, and none where there is none', () => {
  const remove = operationAt(example, '/things/{id}/parts/{part}', 'delete')
  assert.deepEqual(
    remove.parameters?.map(({ name }) => name),
    ['id', 'part'],
  )
  assert.equal(remove.requestBody, undefined)
  const make = operationAt(example, '/things', 'post')
  assert.equal(make.requestBody?.required, true)
  assert.deepEqual(make.requestBody?.content[json]?.schema['required'], ['name'])
})

test('an answer is described as it travels: moments as text, nothing beyond the fields', () => {
  const { responses } = operationAt(example, '/things/{id}', 'get')
  const schema = responses['200']?.content?.[json]?.schema
  const right = { at: '2026-11-24T12:00:00.000Z', none: null }
  assert.deepEqual(matchesSchema(schema, right), [])
  assert.deepEqual(matchesSchema(schema, { ...right, left: 3 }), [])
  assert.notDeepEqual(matchesSchema(schema, { ...right, at: 'yesterday' }), [])
  assert.notDeepEqual(matchesSchema(schema, { ...right, left: '3' }), [])
  assert.notDeepEqual(matchesSchema(schema, { ...right, password_hash: 'x' }), [])
  assert.notDeepEqual(matchesSchema(schema, { at: right.at }), [])
})

test('the schema check names what is wrong and where, and knows every keyword or says so', () => {
  const schema = { type: 'array', items: { type: 'object', properties: { a: { enum: [1, 2] } } } }
  assert.deepEqual(matchesSchema(schema, [{ a: 1 }, { a: 3 }]), ['$[1].a: is not one of [1,2]'])
  assert.deepEqual(matchesSchema({ multipleOf: 2 }, 4), ['$: unknown keyword multipleOf'])
  assert.deepEqual(matchesSchema({ oneOf: [{ type: 'string' }, { minLength: 2 }] }, 'ab'), [
    '$: fits 2 of oneOf',
  ])
  assert.deepEqual(matchesSchema({ anyOf: [{ const: 'yes' }, { type: 'boolean' }] }, true), [])
})

function operationAt({ paths }: Document, path: string, verb: string): Operation {
  const operation = paths[path]?.[verb]
  assert.ok(operation, `${verb} ${path}`)
  return operation
}

function undefinedIn(value: unknown, path: string): string[] {
  if (value === undefined) return [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => undefinedIn(one, `${path}.${name}`))
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === '$ref' ? [String(one)] : refsIn(one),
  )
}
