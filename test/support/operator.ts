/** The operator's command line inside the test's process, on the world of a running copy. */
import type { Terminal } from '../../src/operator/command.ts'
import { run } from '../../src/operator/run.ts'
import type { World } from '../../src/world.ts'

export type Ran = {
  readonly code: number
  /** Everything printed, where results go and where errors go. */
  readonly said: string
  readonly complained: string
  /** How often it asked. */
  readonly asked: number
}

/** Runs a command. `answers` are typed in turn; after them nobody answers. */
export async function operate(
  world: World,
  words: readonly string[],
  answers: readonly string[] = [],
): Promise<Ran> {
  const said: string[] = []
  const complained: string[] = []
  const left = [...answers]
  let asked = 0
  const terminal: Terminal = {
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
    async ask(question) {
      asked += 1
      said.push(question)
      return left.shift() ?? null
    },
  }
  const code = await run({ terminal, open: async () => world }, words)
  return { code, said: said.join('\n'), complained: complained.join('\n'), asked }
}
