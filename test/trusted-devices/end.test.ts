import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { strengths } from '../../src/policy/strength.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, addSent, cookie, enter, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import { ownTeam } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

/** Gives the new password where it sets one. */
type Deed = (visitor: Visitor, person: Person) => Promise<unknown>

const ok = async (reply: Promise<{ status: number; text: string }>) => {
  const { status, text } = await reply
  assert.equal(status, 200, text)
}

const newPassword = 'plum river candle ostrich'

/** Every change after which no device may be trusted any more. */
const deeds: Readonly<Record<string, Deed>> = {
  'another app is added': (visitor) => addApp(copies, visitor, 'Second'),
  'text messages are added': async (visitor, person) => {
    await addSent(copies, visitor, 'sms', person.phone)
  },
  'a method is removed': (visitor, person) =>
    ok(visitor.api('DELETE', `/methods/${person.methods['email']}`)),
  'text messages move to a new number': async (visitor, person) => {
    const id = await addSent(copies, visitor, 'sms', person.phone)
    await remembered(person)
    await ok(visitor.api('PATCH', '/profile', { phone: '+447700900123' }))
    await ok(visitor.api('POST', `/methods/${id}/new-number`, {}))
    const code = codeIn(copies.newest('+447700900123'))
    await ok(visitor.api('POST', `/methods/${id}/new-number/confirm`, { code }))
  },
  'new recovery codes are made': (visitor) => ok(visitor.api('POST', '/recovery-codes', {})),
  'the password is changed': async (visitor, { password }) => {
    const body = { current_password: password, new_password: newPassword }
    await ok(visitor.api('PUT', '/password', body))
    return newPassword
  },
  'all other sessions are ended': (visitor) => ok(visitor.api('DELETE', '/sessions')),
  'a recovery code is used at sign-in': async (_visitor, person) => {
    const door = copies.visitor(1)
    await givePassword(door, person)
    const body = { recovery_code: person.recoveryCodes[0] }
    await ok(door.api('POST', '/sign-in/recovery-code', body))
  },
  'a recovery code is used at the step-up': async (visitor, person) => {
    await ok(visitor.api('POST', '/step-up/password', { password: person.password }))
    const body = { recovery_code: person.recoveryCodes[0] }
    await ok(visitor.api('POST', '/step-up/recovery-code', body))
  },
  'a team forbids trusted devices, and allows them again': async (visitor, person) => {
    const team = await ownTeam(copies.world, person.id)
    const policy = { required: false, bites: 'next-login', joiner_days: 0, strengths }
    for (const [version, trust_days] of [0, 14].entries()) {
      await ok(visitor.api('PUT', `/teams/${team}/policy`, { ...policy, version, trust_days }))
    }
  },
  '“this was not me” is reported': async (visitor, person) => {
    await remembered(person)
    await copies.delivered()
    const letter = copies.newest(person.email)
    const token = letter.channel === 'mail' && /\/not-me\/([\w-]+)/.exec(letter.text)?.[1]
    await ok(visitor.api('POST', '/not-me-reports', { token }))
  },
}

/** Signs in at another browser, which is then trusted. */
async function remembered(person: Person): Promise<Visitor> {
  const trusted = await enter(copies, person, { remember_device: true }, copies.visitor(1))
  assert.ok(cookie(trusted, 'device-'))
  trusted.jar.delete('session')
  return trusted
}

for (const [what, deed] of Object.entries(deeds)) {
  test(`TD-05: when ${what}, no device is trusted any more`, async () => {
    const person = await addSomebody(copies.world, ['totp', 'email'])
    const visitor = await enter(copies, person)
    const trusted = await remembered(person)
    assert.equal((await givePassword(trusted, person)).json['next'], 'signed-in')
    const given = await deed(visitor, person)
    trusted.jar.delete('session')
    const password = typeof given === 'string' ? given : person.password
    const after = await givePassword(trusted, { ...person, password })
    assert.equal(after.json['next'], 'second-step', after.text)
    assert.equal((await rowsOf(copies, 'trusted_devices', person)).length, 0)
  })
}

test('TD-05: a change that was refused ends no trust', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const visitor = await enter(copies, person)
  const trusted = await remembered(person)
  copies.clock.advance(601)
  const id = person.methods['email']
  for (const reply of [
    await visitor.api('DELETE', `/methods/${id}`),
    await visitor.api('POST', '/recovery-codes', {}),
    await visitor.api('DELETE', '/sessions'),
  ])
    assert.equal(reply.json['error'], 'step-up-required')
  assert.equal((await givePassword(trusted, person)).json['next'], 'signed-in')
})
