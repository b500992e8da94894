import { reasons } from '../reasons.ts'

const cookie = (name: string, words: string) => ({
  type: 'apiKey',
  in: 'cookie',
  name: `__Host-${name}`,
  description: words,
})

const securitySchemes = {
  session: cookie('session', 'A finished sign-in.'),
  signIn: cookie('sign-in', 'A sign-in whose second step is still open. Opens nothing else.'),
  visitor: cookie('visitor', 'A browser that has not signed in.'),
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A team’s API key with the scope that is named.',
  },
  antiForgery: {
    type: 'apiKey',
    in: 'header',
    name: 'anti-forgery-token',
    description: 'Shows that a change comes from our own page.',
  },
}

/** The header of every answer that carries the next token. */
export const antiForgeryHeader = {
  description: 'The token to send with the next request that changes something.',
  schema: { type: 'string' },
}

const reason = {
  type: 'string',
  description: 'Why not. The list is closed.',
  oneOf: Object.entries(reasons).map(([name, [status, sentence]]) => ({
    const: name,
    description: sentence,
    'x-status': status,
  })),
}

const said = { error: { $ref: '#/components/schemas/Reason' }, message: { type: 'string' } }

const refusal = {
  type: 'object',
  properties: {
    ...said,
    request_id: { type: 'string', description: 'Tell support this number.' },
    details: {
      type: 'object',
      description: 'What a caller may act on: seconds to wait, tries left.',
      additionalProperties: { type: ['string', 'number'] },
    },
    fields: {
      type: 'object',
      description: 'What is wrong with which field.',
      additionalProperties: {
        type: 'object',
        properties: said,
        required: ['error', 'message'],
        additionalProperties: false,
      },
    },
  },
  required: ['error', 'message', 'request_id'],
  additionalProperties: false,
}

const refused = {
  description: 'Refused; nothing was changed unless the reason says so.',
  headers: {
    'retry-after': {
      description: 'Seconds until it is worth trying again, where that is known.',
      schema: { type: 'integer', minimum: 1 },
    },
  },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
}

/** What operations of the API document refer to: the refusals, their reasons, the proofs. */
export const components = {
  schemas: { Refusal: refusal, Reason: reason },
  responses: { Refused: refused },
  securitySchemes,
}
