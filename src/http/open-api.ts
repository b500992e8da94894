import { z } from 'zod'
import { antiForgeryHeader, components } from './open-api-components.ts'
import type { Route, Verb } from './route.ts'

type Schema = Readonly<Record<string, unknown>>
type Fields = { readonly properties: Readonly<Record<string, Schema>>; readonly required: string[] }

/** A row's address, as OpenAPI writes it. */
type Address = {
  readonly verb: Verb
  /** "/methods/{id}" */
  readonly path: string
  /** Names in the path: "id". */
  readonly inPath: readonly string[]
}

/**
 * The OpenAPI 3.1 document of the rows that have an API address: what each takes, gives and may
 * refuse. Made of the same schemas that check the requests and cut the replies.
 */
export function openApi(routes: readonly Route[], productName: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    if (!route.api) continue
    const address = addressOf(route.api)
    const operations = (paths[address.path] ??= {})
    operations[address.verb.toLowerCase()] = operation(route, address)
  }
  return {
    openapi: '3.1.1',
    info: { title: `${productName} API`, version: '1', description },
    servers: [{ url: '/api/v1' }],
    paths,
    components,
  }
}

const description = `Bodies are JSON; moments are RFC 3339 texts in UTC.

Every request that changes something carries the header anti-forgery-token. Its value comes in the
header of the same name with every "yes", first with that of GET /sign-in, and changes when a sign-in
or a session begins. Such a request also says where it comes from, in Sec-Fetch-Site or Origin, as
browsers do by themselves.

Programs use a key that an admin of a team made, in the header "Authorization: Bearer tsk_…". It opens
the operations that name apiKey, in that team and with the scope they name, and takes the place of
cookies and anti-forgery-token, which are not read beside it.

A "no" has a 4XX or 5XX status and names its reason. Where it is worth trying again after a while,
Retry-After says when. Over plain http, outside production, the cookies' names lack "__Host-".`

function addressOf(api: string): Address {
  const [verb, path = ''] = api.split(' ') as [Verb, string?]
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '')
  return { verb, path: path.replace(/:(\w+)/g, '{$1}'), inPath }
}

function operation(route: Route, address: Address): object {
  const input = fieldsOf(route.input)
  const parameters = parametersOf(address, input)
  const body = address.verb === 'GET' ? null : bodyOf(address, input)
  return {
    operationId: operationId(address),
    summary: route.summary,
    tags: [address.path.split('/')[1] ?? ''],
    security: securityOf(route, address.verb),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: {
      200: {
        description: 'Done.',
        headers: { 'anti-forgery-token': antiForgeryHeader },
        content: { 'application/json': { schema: schemaOf(route.output, 'output') } },
      },
      '4XX': { $ref: '#/components/responses/Refused' },
      '5XX': { $ref: '#/components/responses/Refused' },
    },
  }
}

/** "get-methods-id": one name for each verb and path. */
function operationId({ verb, path }: Address): string {
  return `${verb.toLowerCase()}${path.replace(/[^\w-]+/g, '-')}`.replace(/-$/, '')
}

/** Names of the path, and for a GET the rest of the input as the query. */
function parametersOf({ verb, inPath }: Address, input: Fields): object[] {
  const path = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: input.properties[name] ?? { type: 'string' },
  }))
  if (verb !== 'GET') return path
  const query = rest(inPath, input).map(([name, schema]) => ({
    name,
    in: 'query',
    required: input.required.includes(name),
    schema,
  }))
  return [...path, ...query]
}

function bodyOf({ inPath }: Address, input: Fields): object | null {
  const properties = Object.fromEntries(rest(inPath, input))
  if (Object.keys(properties).length === 0) return null
  const required = input.required.filter((name) => name in properties)
  const schema = { type: 'object', properties, ...(required.length > 0 && { required }) }
  return { required: required.length > 0, content: { 'application/json': { schema } } }
}

function rest(inPath: readonly string[], { properties }: Fields): [string, Schema][] {
  return Object.entries(properties).filter(([name]) => !inPath.includes(name))
}

function fieldsOf(input: z.ZodType): Fields {
  const { properties = {}, required = [] } = schemaOf(input, 'input') as Partial<Fields>
  return { properties, required }
}

/** The schema as JSON Schema: dates as the moments JSON carries, and nothing that is not JSON. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod
      if (def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
      if (jsonSchema.format === 'uuid') delete jsonSchema.pattern
      if (def.type === 'object' && io === 'input') {
        jsonSchema.required = needed((zodSchema as z.ZodObject).shape)
      }
    },
  })
  const { $schema: _dialect, ...plain } = JSON.parse(JSON.stringify(made)) as Schema
  return plain
}

/** The fields that may not be left out. What says nothing about its input takes nothing as well. */
function needed(shape: z.core.$ZodShape): string[] {
  return Object.entries(shape).flatMap(([name, field]) =>
    (field as z.ZodType).safeParse(undefined).success ? [] : [name],
  )
}

/** Each inner list is what has to come together; one of them is enough. None: anybody may call. */
function securityOf(route: Route, verb: Verb): object[] {
  const proof = verb === 'GET' ? {} : { antiForgery: [] }
  const key = route.scope ? [{ apiKey: [route.scope] }] : []
  if (route.who !== 'anyone') return [{ session: [], ...proof }, ...key]
  if (route.pending) return [{ signIn: [], ...proof }]
  return verb === 'GET' ? [] : [{ visitor: [], ...proof }]
}
