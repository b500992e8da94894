import type { Readable, Writable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { Terminal } from './command.ts'

/** The operator's terminal over these streams. */
export function createTerminal(input: Readable, output: Writable, errors: Writable): Terminal {
  // Whoever reads may stop reading: `twostep help | head`.
  for (const stream of [output, errors]) stream.on('error', () => {})
  return {
    say: (line) => void output.write(`${line}\n`),
    complain: (line) => void errors.write(`${line}\n`),
    ask: (question) => readLine(input, output, question),
  }
}

function readLine(input: Readable, output: Writable, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, terminal: false })
    output.write(question)
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.once('close', () => resolve(null))
  })
}
