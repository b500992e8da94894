/**
 * Loaded by test/run.ts into the process of every test file. Node's own time limit holds for
 * a test, not for a file that keeps running after its tests or spins: this ends the file, so that
 * the run goes on. It also ends what was left behind by a runner that was killed.
 */
import { writeSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'

const fileMinutesMax = 15
const runner = Number(process.env['TWOSTEP_TEST_RUNNER'])

// A thread of its own, because the main one may never come back.
if (isMainThread) new Worker(new URL(import.meta.url), { execArgv: [] }).unref()
else watch()

function watch(): void {
  setInterval(() => isAlive(runner) || end(), 1000)
  setTimeout(endLate, fileMinutesMax * 60_000)
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch {
    return false
  }
}

function endLate(): void {
  writeSync(2, `This test file ran for more than ${fileMinutesMax} minutes and was ended.\n`)
  end()
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
