/** The tests' own tools do what the other tests take for granted. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { after, test } from 'node:test'
import { createTransport } from 'nodemailer'
import { Client } from 'pg'
import { oathtoolCode } from './authenticator.ts'
import { makeCertificates } from './certificates.ts'
import { launchBrowser } from './chromium.ts'
import { startMailServer, type MailFailure } from './mail-server.ts'
import { startPostgres } from './postgres.ts'
import { readQr } from './qr.ts'
import { renderSVG } from 'uqr'

const postgres = await startPostgres()
after(postgres.stop)

const letter = { from: 'us@example.com', to: 'ann@example.com', subject: 'Héllo', text: 'Code 1' }

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

test('PostgreSQL runs as somebody else than root, and is as durable as in production', async () => {
  const [row] = await ask<{ folder: string; fsync: string; commit: string }>(
    postgres.url,
    `SELECT current_setting('data_directory') AS folder, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS commit`,
  )
  assert.deepEqual([row?.fsync, row?.commit], ['on', 'on'])
  // PostgreSQL serves no folder but its own user's.
  assert.notEqual(statSync(row?.folder ?? '').uid, 0)
})

test('a fresh database is empty, a migrated one has the tables, and nobody shares either', async () => {
  const { freshDatabase, migratedDatabase } = postgres
  const tables = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
  assert.deepEqual(await ask(await freshDatabase(), tables), [])
  const [one, other] = await Promise.all([migratedDatabase(), migratedDatabase()])
  assert.notEqual(one, other)
  const names = (await ask<{ tablename: string }>(other, tables)).map((row) => row.tablename)
  for (const name of ['accounts', 'methods', 'messages', 'events']) assert.ok(names.includes(name))
})

test('what PostgreSQL logs can be read', async () => {
  await assert.rejects(ask(postgres.url, 'SELECT 1 FROM a_table_that_is_not_there'))
  assert.match(await postgres.readLog(), /a_table_that_is_not_there/)
})

test('a server of its own is gone when its process is killed', async () => {
  const module = JSON.stringify(import.meta.resolve('./postgres-server.ts'))
  const script = `const { startServer } = await import(${module})
    console.log((await startServer()).url)
    setInterval(() => {}, 1000)`
  const child = execFile(process.execPath, ['--input-type=module', '--eval', script])
  const [line] = (await once(child.stdout!, 'data')) as [string]
  assert.deepEqual(await ask(line.trim(), 'SELECT 1 AS one'), [{ one: 1 }])
  child.kill('SIGKILL')
  await once(child, 'close')
  await untilRefused(line.trim())
})

async function untilRefused(url: string): Promise<void> {
  while (await ask(url, 'SELECT 1').then(Boolean, () => false));
}

test('the mail server keeps a mail as it was sent', async () => {
  const server = await startMailServer()
  after(server.stop)
  await createTransport(server.url).sendMail({ ...letter, html: '<b>Code 1</b>' })
  const mail = await server.waitFor((each) => each.to.includes('ann@example.com'))
  assert.equal(mail.from, 'us@example.com')
  assert.equal(mail.subject, 'Héllo')
  assert.equal(mail.text.trim(), 'Code 1')
  assert.match(mail.html, /<b>Code 1<\/b>/)
  assert.equal(mail.secure, false)
  await assert.rejects(
    server.waitFor(() => false, 1),
    /Came: "Héllo" to ann@example.com/,
  )
})

test('the mail server refuses, puts off and cuts the line, and keeps nothing then', async () => {
  const server = await startMailServer()
  after(server.stop)
  const trySending = async (mode: MailFailure) => {
    server.setFailing(mode)
    return createTransport(server.url).sendMail(letter)
  }
  await assert.rejects(trySending('refuse'), { responseCode: 550 })
  await assert.rejects(trySending('tempfail'), { responseCode: 451 })
  await assert.rejects(trySending('drop'), /Connection closed/)
  assert.deepEqual(server.mails, [])
  await trySending('off')
  assert.equal(server.mails.length, 1)
})

test('the mail server speaks TLS and asks for a password', async () => {
  const { ca, trusted, selfSigned } = makeCertificates()
  const login = { user: 'us', password: 'p:@/' }
  for (const implicit of [true, false]) {
    const server = await startMailServer({ tls: { ...trusted, implicit }, login })
    after(server.stop)
    await createTransport({ url: server.url, tls: { ca } } as object).sendMail(letter)
    const mail = await server.waitFor(() => true)
    assert.deepEqual([mail.secure, mail.user], [true, 'us'])
    const wrong = server.url.replace('us:', 'them:')
    await assert.rejects(createTransport({ url: wrong, tls: { ca } } as object).sendMail(letter), {
      responseCode: 535,
    })
  }
  const stranger = await startMailServer({ tls: selfSigned })
  after(stranger.stop)
  await assert.rejects(
    createTransport({ url: stranger.url, tls: { ca } } as object).sendMail(letter),
  )
})

test('oathtool gives the code of RFC 6238, appendix B', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  assert.equal(oathtoolCode(secret, new Date(59_000)), '287082')
  assert.equal(oathtoolCode(secret, new Date(1_111_111_109_000)), '081804')
  assert.equal(oathtoolCode(secret, new Date(20_000_000_000_000)), '353130')
})

test('a QR code is read off the screen of a real browser', async () => {
  const browser = await launchBrowser()
  after(() => browser.close())
  const page = await browser.newPage()
  const said = 'otpauth://totp/Twostep:ann%40example.com?secret=GEZDGNBV&issuer=Twostep'
  await page.setContent(`<div style="width: 300px">${renderSVG(said)}</div>`)
  assert.equal(readQr(await page.screenshot()), said)
})
