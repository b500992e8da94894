/** Programs with an API key, over HTTP: for stories and attacks. */
import assert from 'node:assert/strict'
import type { Copies } from './copies.ts'
import { enter } from './member.ts'
import { addSomebody } from './people.ts'
import type { Person } from './people.ts'
import { ownTeam } from './teams.ts'
import type { Reply, Visitor } from './visitor.ts'

export type Made = { readonly id: string; readonly token: string }

/** An owner with an authenticator app, signed in just now, and their team. */
export async function ownerOfTeam(
  copies: Copies,
): Promise<{ readonly owner: Person; readonly team: string; readonly visitor: Visitor }> {
  const owner = await addSomebody(copies.world, ['totp'])
  const team = await ownTeam(copies.world, owner.id)
  return { owner, team, visitor: await enter(copies, owner) }
}

/** Makes a key for the team as its admin. */
export async function makeKey(
  visitor: Visitor,
  team: string,
  scopes: readonly string[] = ['read-log'],
  more: object = {},
): Promise<Made> {
  const body = { name: 'Nightly', scopes, ...more }
  const made = await visitor.api('POST', `/teams/${team}/api-keys`, body)
  assert.equal(made.status, 200, made.text)
  return { id: String(made.json['id']), token: String(made.json['token']) }
}

/** One call with that token in the header and nothing else that a browser would bring. */
export async function callWith(
  base: string,
  token: string,
  verb: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method: verb,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const json = isJson ? (JSON.parse(text) as Reply['json']) : {}
  const setCookies = response.headers.getSetCookie()
  return { status: response.status, headers: response.headers, text, json, setCookies }
}
