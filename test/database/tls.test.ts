/** Nobody listens in between the program and its PostgreSQL server, or answers in its place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openPostgres } from '../../src/database/postgres.ts'
import { makeCertificates } from '../support/certificates.ts'
import { startPostgres } from '../support/postgres.ts'
import { putTlsInFront } from './tls-in-front.ts'

const postgres = await startPostgres()
const certificates = makeCertificates()
const trusted = await putTlsInFront(postgres.url, certificates.trusted)
const misnamed = await putTlsInFront(postgres.url, certificates.trusted)
const selfSigned = await putTlsInFront(postgres.url, certificates.selfSigned)
const folder = mkdtempSync(join(tmpdir(), 'twostep-tls-'))
const authority = join(folder, 'ca.pem')
writeFileSync(authority, certificates.ca)
after(() => {
  trusted.stop()
  misnamed.stop()
  selfSigned.stop()
  rmSync(folder, { recursive: true })
  return postgres.stop()
})

/**
 * 127.0.0.1 in a spelling that counts as another machine, like any name that is not localhost, and
 * that is not in the certificate.
 */
const elsewhere = '127.1'

function at(host: string, port: number | string, settings: Record<string, string> = {}): string {
  const url = new URL(postgres.url)
  return Object.assign(url, { host: `${host}:${port}`, search: new URLSearchParams(settings) }).href
}

async function ask(url: string): Promise<void> {
  const database = openPostgres(url, 1)
  try {
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }])
  } finally {
    await database.close()
  }
}

test('CRY-04: a URL that would not verify who answers is refused, and is not quoted', () => {
  const weak = [
    'disable',
    'allow',
    'prefer',
    'require',
    'verify-ca',
    'no-verify',
    '',
    'VERIFY-FULL',
  ]
  const urls = [
    ...weak.map((mode) => at('db.example.com', 5432, { sslmode: mode })),
    ...['127.1', '2130706433', 'localhost.example.com', '[::ffff:1.2.3.4]', '128.0.0.1'].map(
      (host) => at(host, 5432, { sslmode: 'disable' }),
    ),
    at('localhost', 5432, { sslmode: 'disable', host: 'db.example.com' }),
    at('db.example.com', 5432, { ssl: '0' }),
    at('db.example.com', 5432, { ssl: 'no-verify' }),
    at('db.example.com', 5432, { uselibpqcompat: 'true', sslmode: 'verify-full' }),
    at('db.example.com', 5432, { options: '-c ssl=off' }),
  ]
  const { password } = new URL(postgres.url)
  for (const url of urls) {
    assert.throws(
      () => openPostgres(url, 1),
      ({ message }: Error) => message.startsWith('DATABASE_URL: ') && !message.includes(password),
      url,
    )
  }
})

test('CRY-04: a server with a certificate of the named authority is trusted', async () => {
  const settings = { sslmode: 'verify-full', sslrootcert: authority }
  await ask(at('localhost', trusted.port, settings))
  await ask(at('127.0.0.1', trusted.port, settings))
  assert.ok(trusted.heard() > 0)
})

test('CRY-04: an unknown authority, a self-signed certificate and a wrong name are refused', async () => {
  const named = { sslrootcert: authority }
  await assert.rejects(
    ask(at('localhost', misnamed.port, { sslmode: 'verify-full' })),
    /certificate/,
  )
  await assert.rejects(ask(at(elsewhere, misnamed.port)), /certificate/)
  await assert.rejects(ask(at(elsewhere, misnamed.port, named)), /127\.1.*altnames/)
  const local = { sslmode: 'verify-full', ...named }
  await assert.rejects(ask(at('localhost', selfSigned.port, local)), /certificate/)
  assert.equal(misnamed.heard() + selfSigned.heard(), 0)
})

test('CRY-04: a server elsewhere that has no TLS is refused', async () => {
  const { port } = new URL(postgres.url)
  await assert.rejects(ask(at(elsewhere, port)), /does not support SSL/)
})
