import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashSync } from '@node-rs/bcrypt'
import { toBase32 } from '../../src/crypto/base32.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'
import { stepAt, totpCode } from '../../src/crypto/totp.ts'
import { oathtoolCode } from '../support/authenticator.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { eventsOf, isIn, mailsTo } from '../support/member.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import { rowsBut } from '../support/rows.ts'
import { giveCode, givePassword } from '../support/steps.ts'

let copies: Copies
let folder: string
before(async () => {
  copies = await startCopies({ copies: 2, config: { sourceGuessesMax: 10_000 } })
  folder = mkdtempSync(join(tmpdir(), 'twostep-import-'))
})
after(async () => {
  await copies.stop()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0

function fileOf(content: string | Buffer, ending = 'csv'): string {
  const path = join(folder, `${(files += 1)}.${ending}`)
  writeFileSync(path, content)
  return path
}

const csvOf = (columns: string, ...lines: string[]) => fileOf([columns, ...lines, ''].join('\n'))

const bring = (path: string, ...more: string[]) => operate(copies.world, ['import', path, ...more])

const password = 'violet ladder cement 47'
const newSecret = () => random(20)
const uriOf = (secret: Buffer, more = '') =>
  `otpauth://totp/Old%20App:x?secret=${toBase32(secret)}&issuer=Old%20App${more}`

const accountOf = async (email: string) => {
  const [row] = await copies.sql.query<{
    id: string
    name: string
    phone: string | null
    password_hash: string
    email_verified_at: Date | null
    kinds: string[]
  }>('SELECT * FROM accounts WHERE email = $1', [email])
  assert.ok(row, email)
  return row
}

const salt = '8f14e45fceea167a5a36dedd4bea2543'
/** The spellings 2a, 2b and 2y mean the same for a password of this length. */
const bcrypt = hashSync(password, 6).replace('$2b$', '$2a$')
const php = hashSync(password, 6).replace('$2b$', '$2y$')
const node = `${salt}:${scryptSync(password, salt, 64).toString('hex')}`
const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
const scrypt = `$scrypt$ln=12,r=8,p=1$${bare(Buffer.alloc(16, 7))}$${bare(
  scryptSync(password, Buffer.alloc(16, 7), 32, { N: 4096, r: 8, p: 1 }),
)}`
const weak = createPasswords({ passwordHashMemoryKib: 64, passwordHashPasses: 1 }, 1)

test('PW-04: who was brought along with argon2id, bcrypt or scrypt signs in, and has an Argon2id hash of ours then', async () => {
  const argon = await weak.hash(password)
  const hashes = { argon: argon, bcrypt, php, node, scrypt }
  const list = Object.entries(hashes).map(([kind, hash]) => ({
    email: `${kind}@import.example`,
    name: kind,
    password_hash: hash,
  }))
  const { code, said } = await bring(fileOf(JSON.stringify(list), 'json'))
  assert.equal(code, 0, said)
  assert.match(said, /5 accounts were made/)
  for (const [kind, hash] of Object.entries(hashes)) {
    const email = `${kind}@import.example`
    const before = (await accountOf(email)).password_hash
    if (kind !== 'node') assert.equal(before, hash, 'stored as it is')
    assert.equal((await givePassword(copies.visitor(), { email, password: 'wrong' })).status, 401)
    assert.equal((await accountOf(email)).password_hash, before, 'a wrong one replaces nothing')
    const visitor = copies.visitor()
    assert.equal((await givePassword(visitor, { email, password })).status, 200, kind)
    assert.ok(await isIn(visitor))
    const after = (await accountOf(email)).password_hash
    assert.match(after, /^\$argon2id\$v=19\$m=256,t=1,p=1\$/, kind)
    assert.equal((await givePassword(copies.visitor(), { email, password })).status, 200)
    assert.equal((await accountOf(email)).password_hash, after)
  }
})

test('TOTP-11: nobody enrols again: the app of before gives the code, whatever its algorithm', async () => {
  const secrets = [newSecret(), newSecret(), random(64)]
  const path = csvOf(
    'email,password_hash,otpauth,email_verified',
    `sha1@import.example,${bcrypt},${uriOf(secrets[0] as Buffer)},true`,
    `sha256@import.example,${bcrypt},${uriOf(secrets[1] as Buffer, '&algorithm=SHA256')},true`,
    `sha512@import.example,${bcrypt},"${uriOf(secrets[2] as Buffer, '&algorithm=SHA512&period=60')}",true`,
  )
  assert.equal((await bring(path)).code, 0)
  const now = copies.clock.now()
  const codes = [
    oathtoolCode(toBase32(secrets[0] as Buffer), now),
    codeOf(secrets[1] as Buffer, { algorithm: 'SHA256', digits: 6, period: 30 }),
    codeOf(secrets[2] as Buffer, { algorithm: 'SHA512', digits: 6, period: 60 }),
  ]
  for (const [at, name] of ['sha1', 'sha256', 'sha512'].entries()) {
    const visitor = copies.visitor(at % 2)
    const first = await givePassword(visitor, { email: `${name}@import.example`, password })
    assert.equal(first.json['next'], 'second-step')
    const second = await giveCode(visitor, codes[at])
    assert.equal(second.status, 200, second.text)
  }
})

const codeOf = (secret: Buffer, as: Parameters<typeof totpCode>[2] & object) =>
  totpCode(secret, stepAt(copies.clock.now(), as), as)

test('TOTP-06: a secret that was brought along is sealed; the log and the terminal hold none', async () => {
  const secret = newSecret()
  const path = csvOf(
    'email,password_hash,otpauth',
    `sealed@import.example,${bcrypt},${uriOf(secret)}`,
  )
  const dry = await bring(path, '--dry-run')
  const real = await bring(path)
  const everything = await dump(copies.sql)
  for (const form of forms(toBase32(secret), secret)) {
    assert.ok(!everything.includes(form))
    assert.ok(!`${dry.said}${real.said}${real.complained}${copies.logged()}`.includes(form))
  }
  assert.ok(!`${dry.said}${real.said}`.includes(bcrypt))
})

test('RC-02: who was brought along with an authenticator can make recovery codes', async () => {
  const secret = newSecret()
  await bring(
    csvOf('email,password_hash,otpauth', `codes@import.example,${bcrypt},${uriOf(secret)}`),
  )
  const visitor = copies.visitor()
  await givePassword(visitor, { email: 'codes@import.example', password })
  await giveCode(visitor, oathtoolCode(toBase32(secret), copies.clock.now()))
  assert.match((await visitor.get('/settings/security')).text, /Make new codes and save them/)
  assert.match(
    (await visitor.get('/settings/security/recovery-codes')).text,
    /Make ten of them now/,
  )
  const made = await visitor.api('POST', '/recovery-codes', {})
  assert.equal(made.status, 200, made.text)
  assert.equal((made.json['codes'] as string[]).length, 10)
})

test('profile, phone, team and role come along; a team is made with its owner', async () => {
  const path = csvOf(
    'email,name,phone,team,role,email_verified',
    'member@team.example,"Ms. ""Quoted"", Lovelace",+44 7700 900123,Imported Ltd,,yes',
    'owner@team.example,Owner,,Imported Ltd,Owner,true',
    'admin@team.example,,,Imported Ltd,admin,false',
  )
  const { code, said } = await bring(path)
  assert.equal(code, 0, said)
  assert.match(said, /3 accounts were made, with 0 authenticators and 1 team\./)
  assert.match(said, /3 of them without a password/)
  const member = await accountOf('member@team.example')
  assert.equal(member.name, 'Ms. "Quoted", Lovelace')
  assert.equal(member.phone, '+447700900123')
  assert.ok(member.email_verified_at)
  const admin = await accountOf('admin@team.example')
  assert.equal(admin.name, 'admin')
  assert.equal(admin.email_verified_at, null)
  const roles = await copies.sql.query<{ role: string }>(
    `SELECT role FROM memberships m JOIN teams t ON t.id = m.team_id
     WHERE t.name = 'Imported Ltd' ORDER BY role`,
  )
  assert.deepEqual(
    roles.map(({ role }) => role),
    ['admin', 'member', 'owner'],
  )
  assert.deepEqual(await eventsOf(copies, member), ['account.imported'])
  assert.deepEqual(await mailsTo(copies, { email: 'member@team.example' }), [])
  const nobody = await givePassword(copies.visitor(), { email: 'owner@team.example', password: '' })
  assert.notEqual(nobody.status, 200)
  await copies.visitor().post('/forgot-password', { email: 'owner@team.example' })
  const mails = await mailsTo(copies, { email: 'owner@team.example' })
  assert.deepEqual(mails, ['Choose a new Twostep password'])
})

test('a dry run names every line it cannot take, with every reason, and changes nothing', async () => {
  const there = await addSomebody(copies.world)
  const ok = uriOf(newSecret())
  const path = csvOf(
    'email,name,password_hash,otpauth,phone,team,role,email_verified,shoe_size',
    `fine@dry.example,Fine,${bcrypt},${ok},,,,true,42`,
    'no address,,md5:5f4dcc3b,,07700 900123,,,maybe,',
    `hotp@dry.example,,${bcrypt},otpauth://hotp/a?secret=${toBase32(newSecret())}&counter=1,,,,,`,
    `eight@dry.example,,${bcrypt},${ok}&digits=8 ${ok}&algorithm=MD5,,,,,`,
    `fine@DRY.example,,${bcrypt},,,,,,`,
    `lost@dry.example,,${bcrypt},,,No Such Team,member,,`,
    `dear@dry.example,,${bcrypt.replace('$06$', '$15$')},,,,,,`,
    `${there.email},,,,,,,,`,
    `role@dry.example,,,,,,boss,,`,
    `fixed@dry.example,,,,+442079460000,,,,`,
    '',
  )
  const before = await rowsBut(copies.sql)
  const { code, said, complained } = await bring(path, '--dry-run')
  assert.equal(code, 1)
  assert.match(complained, /8 lines cannot be taken/)
  assert.match(said, /Not used: shoe_size/)
  for (const says of [
    /^Line 3 cannot be taken\. email: .*; password_hash: .*; phone: .*; email_verified: .*\.$/m,
    /^Line 4 .*no counters/m,
    /^Line 5 .*6 digits are taken; otpauth: the algorithm/m,
    /^Line 6 .*the same as in line 2/m,
    /^Line 7 .*no line that can be taken is its owner/m,
    /^Line 8 .*bcrypt cost/m,
    /^Line 10 .*role: needs a team; role: owner, admin or member/m,
    /^Line 11 .*no mobile number/m,
    /^1 account would be made, with 1 authenticator and 0 teams\. Nothing was changed/m,
    /^1 address has an account already/m,
  ]) {
    assert.match(said, says)
  }
  assert.deepEqual(await rowsBut(copies.sql), before)
})

test('the same file twice, and two imports of it at once, make everybody once and change nothing else', async () => {
  const lines = Array.from(
    { length: 40 },
    (_none, at) =>
      `p${at}@twice.example,${bcrypt},${uriOf(newSecret())},Twice Ltd,${at === 7 ? 'owner' : 'member'}`,
  )
  const path = csvOf('email,password_hash,otpauth,team,role', ...lines)
  const [one, two] = await Promise.all([
    operate(copies.all[0]?.world ?? copies.world, ['import', path]),
    operate(copies.all[1]?.world ?? copies.world, ['import', path]),
  ])
  const counts = await copies.sql.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM accounts WHERE email LIKE '%@twice.example') AS accounts,
       (SELECT count(*)::int FROM methods m JOIN accounts a ON a.id = m.account_id
         WHERE a.email LIKE '%@twice.example') AS methods,
       (SELECT count(*)::int FROM teams WHERE name = 'Twice Ltd') AS teams`,
  )
  assert.deepEqual(counts, [{ accounts: 40, methods: 40, teams: 1 }], one.said + two.said)
  const before = await rowsBut(copies.sql)
  const again = await bring(path)
  assert.equal(again.code, 0)
  assert.match(again.said, /0 accounts were made.*\n40 addresses have an account already/)
  assert.deepEqual(await rowsBut(copies.sql), before)
})

test('a line is taken wholly or not at all: a fault halfway leaves no half of a person', async () => {
  const path = csvOf(
    'email,password_hash,otpauth,team,role',
    `half@half.example,${bcrypt},${uriOf(newSecret())},Half Ltd,owner`,
  )
  await copies.sql.query(
    'ALTER TABLE methods ADD CONSTRAINT none CHECK (confirmed_at IS NULL) NOT VALID',
  )
  try {
    const { code, complained } = await bring(path)
    assert.equal(code, 1)
    assert.ok(!complained.includes(bcrypt))
  } finally {
    await copies.sql.query('ALTER TABLE methods DROP CONSTRAINT none')
  }
  const rows = "SELECT 1 FROM accounts WHERE email = 'half@half.example'"
  assert.deepEqual(await copies.sql.query(rows), [])
  assert.deepEqual(await copies.sql.query("SELECT 1 FROM teams WHERE name = 'Half Ltd'"), [])
  assert.equal((await bring(path)).code, 0)
  assert.equal((await copies.sql.query(rows)).length, 1)
})

test('a file that is not there, empty, huge, broken or in another encoding: exit 2, one sentence, nothing changed', async () => {
  const huge = fileOf('')
  truncateSync(huge, 64 * 1024 * 1024 + 1)
  const before = await rowsBut(copies.sql)
  for (const [path, says] of [
    [join(folder, 'nothing.csv'), /There is no file/],
    [folder, /is no file/],
    [fileOf(''), /is empty/],
    [huge, /over 64 MiB/],
    [fileOf(Buffer.from('email\nj\xfcrgen@example.com\n', 'latin1')), /not in UTF-8/],
    [fileOf(Buffer.from('\ufeffemail\na@example.com\n', 'utf16le')), /not in UTF-8/],
    [fileOf('email,name\n'), /nothing in this file/],
    [fileOf('name,phone\nAda,\n'), /no column "email"/],
    [fileOf('email,name\na@example.com\n'), /Line 2 has 1 fields, the first line 2/],
    [fileOf('email,name\n"a@example.com,Ada\n'), /quote/],
    [fileOf('email,email\na@example.com,b@example.com\n'), /one name/],
    [fileOf('[{"email": "a@example.com"', 'json'), /no readable JSON/],
    [fileOf('[]', 'json'), /nothing in this file/],
    [fileOf('["a@example.com"]', 'json'), /Entry 1 .* no JSON object/],
    [fileOf('\0\0\0\0'), /no column|nothing/],
  ] as const) {
    const { code, complained } = await bring(path)
    assert.equal(code, 2, complained)
    assert.match(complained, says)
    assert.ok(!complained.includes('\n') && !complained.includes('\0'))
  }
  assert.deepEqual(await rowsBut(copies.sql), before)
})

test('a byte order mark, line ends of Windows, JSON lines and a list in "accounts" are read', async () => {
  const files = [
    fileOf('\ufeffEmail,Name\r\none@forms.example,"two\r\nlines"\r\ntwo@forms.example,Two\r\n'),
    fileOf('{"email": "three@forms.example"}\n{"email": "four@forms.example"}\n', 'json'),
    fileOf('{"accounts": [{"email": "five@forms.example", "email_verified": true}]}', 'json'),
  ]
  const said = []
  for (const path of files) said.push((await bring(path)).said)
  assert.match(
    said[0] ?? '',
    /Line 2 cannot be taken\. name/,
    'the quoted break was read as one field',
  )
  for (const name of ['two', 'three', 'four', 'five']) await accountOf(`${name}@forms.example`)
})

test('CRY-03: with other keys than the database was used with, nothing is imported', async () => {
  const path = csvOf('email', 'keys@import.example')
  const { readKeys } = await import('../../src/crypto/keys.ts')
  const keys = readKeys(mkdtempSync(join(folder, 'keys-')), null, random)
  const { code, complained } = await operate({ ...copies.world, keys }, ['import', path])
  assert.equal(code, 1)
  assert.match(complained, /not the keys/)
})
