/** One temporary PostgreSQL server, gone with the process that started it, however that ends. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { toolPath } from './tools.ts'

const startSecondsMax = 60

/**
 * Makes the data folder and runs the server until its own input ends, which is when its starter
 * ends, even when killed. -QUIT is PostgreSQL's immediate shutdown. Whatever else went wrong is
 * said on stderr. Nothing is left behind.
 */
const supervisor = `
exec 3<&0
folder=$PWD bin=$1 port=$2
trap 'cd / && rm -rf "$folder"' EXIT
"$bin/initdb" --pgdata=data --username=twostep --pwfile=password --auth=scram-sha-256 \
  --encoding=UTF8 --no-locale --no-sync >/dev/null && rm password || exit 1
"$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c max_connections=300 >server.log 2>&1 3<&- &
server=$!
{ cat <&3; kill -QUIT $server; } >/dev/null 2>&1 &
wait $server || cat server.log >&2
`

/** Starts it on a free port of 127.0.0.1. `url` is that of its superuser. */
export async function startServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const bin = dirname(realpathSync(toolPath('initdb')))
  const port = await freePort()
  const password = randomUUID()
  const { folder, owner } = makeFolder(password)
  const child = spawn('/bin/sh', ['-c', supervisor, 'supervisor', bin, String(port)], {
    cwd: folder,
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    // A terminal's Ctrl-C is for the starter alone.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...owner,
  })
  const url = `postgres://twostep:${password}@127.0.0.1:${port}/postgres`
  const ended = endOf(child, folder)
  await answering(url, ended)
  for (const held of [child, child.stdin as Socket, child.stderr as Socket]) held.unref()
  return { url, stop: () => (child.ref(), child.stdin.end(), ended.then(() => {})) }
}

/** A folder of the one who is to run the server, with the superuser's password in it. */
function makeFolder(password: string) {
  const owner = serverOwner()
  const folder = mkdtempSync(join(tmpdir(), 'twostep-postgres-'))
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid)
  return { folder, owner }
}

/** As root PostgreSQL refuses to run: then it is the user postgres, or nobody. */
function serverOwner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8')
  const found = ['postgres', 'nobody'].map((name) =>
    new RegExp(`^${name}:[^:]*:(\\d+):(\\d+)`, 'm').exec(users),
  )
  const [, uid, gid] = found.find((user) => user !== null) ?? fail('There is no user nobody.')
  return { uid: Number(uid), gid: Number(gid) }
}

/** Settles when the server has ended, with what it said about that. */
async function endOf(child: ChildProcessByStdio<Writable, null, Readable>, folder: string) {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)))
  child.stdin.on('error', () => {})
  await once(child, 'close')
  rmSync(folder, { recursive: true, force: true })
  return said
}

async function answering(url: string, ended: Promise<string>): Promise<void> {
  const over = ended.then((said) => fail(`PostgreSQL did not start:\n${said}`))
  for (let tries = startSecondsMax * 20; tries > 0; tries--) {
    if (await Promise.race([answers(url), over])) return
    await sleep(50)
  }
  fail(`PostgreSQL did not answer within ${startSecondsMax} seconds.`)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function fail(sentence: string): never {
  throw new Error(sentence)
}
