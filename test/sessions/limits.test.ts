import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readSettings } from '../../src/settings.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, isIn } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'

const hour = 3600

/** The presets as an operator chooses them, with the hours that must come of it. */
const presets = [
  { name: 'default', overall: 7 * 24, idle: 24, settings: {} },
  { name: 'strict', overall: 24, idle: 1, settings: { SESSION_PRESET: 'strict' } },
] as const

for (const { name, overall, idle, settings } of presets) {
  const { sessionLifetimeHours, sessionIdleHours } = readSettings(settings)
  let copies: Copies
  before(async () => {
    copies = await startCopies({ copies: 2, config: { sessionLifetimeHours, sessionIdleHours } })
  })
  after(() => copies.stop())

  test(`SES-03: ${name}: steady use ends at ${overall} hours and is not prolonged`, async () => {
    const visitor = await enter(copies, await addSomebody(copies.world, ['totp']))
    const step = (idle * hour) / 2
    for (let used = 0; used + step < overall * hour; used += step) {
      assert.ok(await isIn(visitor), `after ${used / hour} hours`)
      copies.clock.advance(step)
      visitor.base = copies.all[(used / step) % 2]?.base ?? ''
    }
    copies.clock.advance(step - 1)
    assert.ok(await isIn(visitor), 'a second before')
    copies.clock.advance(1)
    assert.ok(!(await isIn(visitor)))
  })

  test(`SES-03: ${name}: silence ends it at ${idle} hours`, async () => {
    const visitor = await enter(copies, await addSomebody(copies.world, ['totp']))
    copies.clock.advance(idle * hour - 1)
    assert.ok(await isIn(visitor))
    copies.clock.advance(idle * hour)
    assert.ok(!(await isIn(visitor)))
    assert.ok(!(await isIn(visitor)), 'and asking does not wake it')
  })

  test(`SES-03: ${name}: the step-up prolongs no session`, async () => {
    const person = await addSomebody(copies.world)
    const visitor = await enter(copies, person)
    const until = async () => (await visitor.api('GET', '/session')).json['expires_at']
    const before = await until()
    copies.clock.advance(hour / 2)
    await visitor.api('POST', '/step-up/password', { password: person.password })
    assert.equal(await until(), before)
  })
}
