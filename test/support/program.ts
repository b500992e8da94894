/** The program as an operator runs it: `node bin/twostep.js`, a process of its own. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { freePort } from './free-port.ts'

export type Program = {
  /** Where it is reached, as it says itself. */
  readonly url: string
  /** The one-time link it prints while there is no account; null otherwise. */
  readonly firstOwnerLink: string | null
  /** Everything it has printed so far. */
  readonly output: () => string
  /** Asks it to end; its folder is deleted. Throws when it had ended already, or ends badly. */
  readonly stop: () => Promise<void>
  /** Kills it, as a power cut would: nothing is finished or closed. Its folder is deleted. */
  readonly kill: () => Promise<void>
}

type Given = {
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

type Exit = [code: number | null, signal: NodeJS.Signals | null]

const root = join(import.meta.dirname, '../..')
const startSecondsMax = 60

/**
 * Starts it on a free port with an empty data folder and nothing of this process's environment but
 * the path. Throws with what it printed when it does not come up. It ends with this process.
 */
export async function startProgram({ env = {}, args = [] }: Given = {}): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-program-'))
  const watchdog = `--import=${import.meta.resolve('./watchdog.ts')}`
  const child = spawn(process.execPath, [watchdog, 'bin/twostep.js', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: `${await freePort()}`,
      DATA_FOLDER: folder,
      TWOSTEP_TEST_RUNNER: `${process.pid}`,
      ...env,
    },
  })
  const printed = reading(child)
  // Not 'exit': what it said last is read after that.
  const exit = once(child, 'close') as Promise<Exit>
  try {
    await greeted(printed, exit)
  } catch (error) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    url: found(/is running at (\S+)/, printed()) ?? '',
    firstOwnerLink: found(/^ *(\S+\/welcome\/\S+)$/m, printed()),
    output: printed,
    async kill() {
      child.kill('SIGKILL')
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
    async stop() {
      const running = child.exitCode === null && child.signalCode === null
      child.kill('SIGTERM')
      const [code, signal] = await exit
      rmSync(folder, { recursive: true, force: true })
      if (running && code === 0) return
      const how = `${running ? 'ended badly' : 'had ended by itself'} (${code ?? signal})`
      throw new Error(`The program ${how}:\n${printed()}`)
    },
  }
}

function reading({ stdout, stderr }: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  }
  return () => text
}

/** Waits for the greeting, which ends with an empty line; the log may go on after it. */
async function greeted(printed: () => string, exit: Promise<Exit>): Promise<void> {
  let ended = false
  void exit.then(() => (ended = true))
  for (let tenths = 0; !/is running at [^]*\n\n(\{|$)/.test(printed()); tenths++) {
    if (ended) throw new Error(`The program ended instead of starting:\n${printed()}`)
    if (tenths > startSecondsMax * 10) throw new Error(`The program did not start:\n${printed()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function found(pattern: RegExp, text: string): string | null {
  return pattern.exec(text)?.[1] ?? null
}
