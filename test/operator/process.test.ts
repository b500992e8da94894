import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'
import { startProgram } from '../support/program.ts'
import { random } from '../../src/crypto/random.ts'

const root = join(import.meta.dirname, '../..')
const key = () => random(32).toString('base64')

let postgres: Postgres
before(async () => {
  postgres = await startPostgres()
})
after(() => postgres.stop())

/** Runs a command as an operator does, in a process of its own. */
async function twostep(
  words: readonly string[],
  env: Record<string, string>,
  typed = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['bin/twostep.js', ...words], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece))
  child.stdin.end(typed)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

test('OPS-03: on the embedded folder: told clearly while the server has it, works when it is stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-operator-'))
  const env = { DATA_FOLDER: folder, PORT: `${await freePort()}` }
  try {
    const program = await startProgram({ env, args: ['--demo'] })
    const held = await twostep(['status'], env)
    assert.equal(held.code, 1)
    assert.match(held.err, /Another Twostep \(process \d+\) uses this database\. Stop it first/)
    assert.equal(held.out, '')
    await program.stop().catch(() => {})
    const status = await twostep(['status'], env)
    assert.equal(status.code, 0, status.err)
    assert.match(status.out, /Accounts: 12, of which 6 have a second step/)
    const words = ['reset-two-step', 'katherine@example.com', '--reason', 'phone lost']
    assert.equal((await twostep(words, env)).code, 1)
    const reset = await twostep(words, env, 'katherine@example.com\n')
    assert.equal(reset.code, 0, reset.err)
    assert.match((await twostep(['status'], env)).out, /of which 5 have a second step/)
    assert.equal((await twostep(words.slice(0, 2), env)).code, 2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('OPS-03: with DATABASE_URL beside running copies; without the keys it says so and makes none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-operator-'))
  const keys = { SECRETS_KEY: key(), CODES_KEY: key(), TOKENS_KEY: key() }
  const env = { DATABASE_URL: await postgres.migratedDatabase(), DATA_FOLDER: folder }
  const program = await startProgram({ env: { ...env, ...keys }, args: ['--demo'] })
  try {
    const locked = await twostep(['locked'], { ...env, ...keys })
    assert.match(
      locked.out,
      /^c•••@example\.com: method totp off after 100 wrong answers\n1 in all\./,
    )
    const without = await twostep(['locked'], env)
    assert.equal(without.code, 1)
    assert.match(without.err, /no key file/)
    assert.deepEqual(readdirSync(folder), [])
    const unreachable = { ...env, ...keys, DATABASE_URL: 'postgres://twostep:geheim@127.0.0.1:1/x' }
    const away = await twostep(['locked'], unreachable)
    assert.equal(away.code, 1)
    assert.doesNotMatch(away.out + away.err, /geheim/)
  } finally {
    await program.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('OPS-03: a folder without data is not made into one; wrong settings are named', async () => {
  const folder = join(tmpdir(), `twostep-nothing-${process.pid}`)
  const nothing = await twostep(['status'], { DATA_FOLDER: folder })
  assert.equal(nothing.code, 1)
  assert.match(nothing.err, /There is no data in/)
  assert.ok(!existsSync(folder))
  const wrong = await twostep(['status'], { DATA_FOLDER: folder, PORT: 'many' })
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /^PORT: a whole number/m)
})

test('help needs no settings at all', async () => {
  const { code, out } = await twostep(['help'], {})
  assert.equal(code, 0)
  assert.match(out, /twostep reset-two-step <address>/)
  assert.equal((await twostep(['no-such-command'], {})).code, 2)
})
