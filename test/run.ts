/**
 * `npm test`: every test, with the tools and the PostgreSQL server they need.
 * `npm test -- attacks totp` runs the files whose path contains one of the words;
 * words that begin with `--` go to Node's test runner.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { startPostgres, urlVariable } from './support/postgres.ts'
import { installMissingTools } from './support/tools.ts'

const root = join(import.meta.dirname, '..')
const testMinutesMax = 6
const options = [
  '--test-concurrency=2',
  '--test-reporter=spec',
  `--test-timeout=${testMinutesMax * 60_000}`,
  `--import=${import.meta.resolve('./support/watchdog.ts')}`,
]

process.exitCode = await main(process.argv.slice(2))

/** Gives the exit code: the test runner's, or 1 when it could not start. */
async function main(words: readonly string[]): Promise<number> {
  const files = testFiles(words.filter((word) => !word.startsWith('--')))
  if (files.length === 0) return complain(`No test file matches: ${words.join(' ')}`)
  const missing = installMissingTools()
  if (missing !== null) return complain(missing)
  const postgres = await startPostgres()
  try {
    return await runTests(
      [...words.filter((word) => word.startsWith('--')), ...files],
      postgres.url,
    )
  } finally {
    await postgres.stop()
  }
}

function testFiles(words: readonly string[]): string[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).toSorted()
  return words.length === 0 ? files : files.filter((file) => words.some((w) => file.includes(w)))
}

async function runTests(words: readonly string[], postgresUrl: string): Promise<number> {
  const child = spawn(process.execPath, ['--test', ...options, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      [urlVariable]: postgresUrl,
      TWOSTEP_TEST_RUNNER: `${process.pid}`,
      // Types are taken off once for all test files.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
    },
  })
  // The runner ends its test files and says how far they came; then this process goes on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal))
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal ? constants.signals[signal] : 0)
}

function complain(sentence: string): number {
  console.error(sentence)
  return 1
}
