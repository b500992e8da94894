import { parseArgs } from 'node:util'
import { plain } from '../delivery/words.ts'
import type { Command, Desk, Given } from './command.ts'
import { WrongUse } from './command.ts'
import { cleanUpNow } from './clean-up-now.ts'
import { deleteAnAccount } from './delete-an-account.ts'
import { endSupport, makeSupport } from './make-support.ts'
import { locked } from './locked.ts'
import { policyOff } from './policy-off.ts'
import { resetTwoStep } from './reset-two-step.ts'
import { rotateKeys } from './rotate-keys.ts'
import { status } from './status.ts'
import { unlock } from './unlock.ts'

/** Everything the operator can do from the command line. */
export const commands: readonly Command[] = [
  status,
  locked,
  unlock,
  resetTwoStep,
  policyOff,
  makeSupport,
  endSupport,
  deleteAnAccount,
  cleanUpNow,
  rotateKeys,
]

/** Exit codes: done; refused or not wholly done; what was typed cannot be used. */
type ExitCode = 0 | 1 | 2

/**
 * Runs the command that `words` name and gives the exit code. Whatever goes wrong is one sentence;
 * a database's further fields quote rows and are not printed (AUD-02).
 */
export async function run(desk: Desk, words: readonly string[]): Promise<ExitCode> {
  const { say, complain } = desk.terminal
  const [name = 'help', ...rest] = words
  const asksHelp = rest.includes('--help') || rest.includes('-h')
  if (/^(help|--help|-h)$/.test(name)) return sayHelp(desk, rest[0])
  const command = commands.find((one) => one.name === name)
  if (!command) {
    complain(`There is no command “${plain(name)}”. “twostep help” lists them.`)
    return 2
  }
  if (asksHelp) return sayHelp(desk, name)
  try {
    await command.run(desk, read(command, rest))
    return 0
  } catch (error) {
    complain(error instanceof Error ? error.message : 'Something went wrong.')
    if (!(error instanceof WrongUse)) return 1
    say(`How it goes: twostep ${usage(command)}`)
    return 2
  }
}

/** What was typed after the name, checked against what the command takes. */
function read({ word, options }: Command, words: readonly string[]): Given {
  const { values, positionals } = parse(options, words)
  const most = word === 'none' ? 0 : 1
  if (positionals.length > most) throw new WrongUse('There are more words than this takes.')
  if (positionals.length < most) throw new WrongUse('There is a word missing.')
  return { word: positionals[0] ?? '', options: values as Given['options'] }
}

function parse(options: Command['options'], words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new WrongUse(error instanceof Error ? plain(error.message, 200) : 'Unreadable words.')
  }
}

function usage({ name, takes }: Command): string {
  return takes === '' ? name : `${name} ${takes}`
}

function sayHelp({ terminal: { say, complain } }: Desk, name: string | undefined): ExitCode {
  const asked = name === undefined ? commands : commands.filter((one) => one.name === name)
  if (asked.length === 0) {
    complain(`There is no command “${plain(name ?? '')}”. “twostep help” lists them.`)
    return 2
  }
  if (name === undefined) {
    say('twostep                    starts the server')
    say('twostep help <command>     says how a command goes')
    say('')
  }
  for (const command of asked) {
    say(`twostep ${usage(command)}`)
    say(`    ${command.does}`)
  }
  say('')
  say('Settings are those of the server: DATABASE_URL, DATA_FOLDER, the keys, the mail server.')
  say('Exit codes: 0 done, 1 refused or not wholly done, 2 what was typed cannot be used.')
  return 0
}
