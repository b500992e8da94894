import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { doors, knock } from '../support/addresses.ts'
import type { Door } from '../support/addresses.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { isIn } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

/** What stays open: methods, recovery codes, a case to recover the account, confirming that it is you, and leaving. */
const open =
  /methods|set-up|requirement|recovery-codes|recovery-case|account-recovery|step-up|sign-out/

const staysOpen = ({ pattern, verb }: Door) =>
  open.test(pattern) || (verb === 'DELETE' && pattern === '/api/v1/session')

/** Signs in with one recovery code after the other until none is left. */
async function useThemAll(person: Person): Promise<Visitor> {
  const visitor = copies.visitor()
  for (const code of person.recoveryCodes) {
    visitor.jar.delete('session')
    await givePassword(visitor, person)
    const reply = await visitor.api('POST', '/sign-in/recovery-code', { recovery_code: code })
    assert.equal(reply.status, 200, reply.text)
  }
  return visitor
}

test('RC-06: with the last code used no page opens but new codes, methods and sign-out', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await useThemAll(person)
  const id = person.methods['totp'] ?? ''
  const all = doors({ method: id, session: id, device: id }).filter(({ who }) => who !== 'anyone')
  const closed = all.filter((address) => !staysOpen(address))
  assert.ok(closed.length > 10 && closed.length < all.length)
  for (const address of closed) {
    const reply = await knock(visitor, address)
    const where = `${address.verb} ${address.path}`
    if (address.api) assert.equal(reply.json['error'], 'recovery-codes-required', where)
    else assert.equal(reply.headers.get('location'), '/settings/security/recovery-codes', where)
  }
  for (const address of all.filter(staysOpen).filter(({ verb }) => verb === 'GET')) {
    const reply = await knock(visitor, address)
    assert.notEqual(reply.json['error'], 'recovery-codes-required', address.path)
    assert.notEqual(reply.headers.get('location'), '/settings/security/recovery-codes')
  }
})

test('RC-06: a new set opens everything again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await useThemAll(person)
  const closed = await visitor.api('GET', '/session')
  assert.equal(closed.json['error'], 'recovery-codes-required')
  const made = await visitor.api('POST', '/recovery-codes', {})
  assert.equal((made.json['codes'] as string[]).length, 10)
  assert.ok(await isIn(visitor))
  assert.equal((await visitor.get('/settings/security')).status, 200)
})
