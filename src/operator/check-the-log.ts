import { checkLog } from '../audit/check-log.ts'
import type { Checked, Noted } from '../audit/check-log.ts'
import { momentInWords } from '../delivery/words.ts'
import { NotDone, textOf, WrongUse } from './command.ts'
import type { Command, Given } from './command.ts'
import { some } from './operator.ts'

const lateMinutes = 10

/** Says whether the security log is as it was written (AUD-03). */
export const checkTheLog: Command = {
  name: 'check-log',
  takes: '[--seal <number>:<start of its seal>]',
  does: 'Compares the security log with its seals and names the first range that does not fit. --seal also compares with the line that an earlier check printed.',
  word: 'none',
  options: { seal: { type: 'string' } },
  async run(desk, given) {
    const noted = notedOf(given)
    const world = await desk.open()
    const checked = await checkLog(world, noted)
    const { misfit } = checked
    if (misfit) {
      throw new NotDone(
        `The log was tampered with, or damaged. First range that does not fit: seal ${misfit.number}, rows ${misfit.from_id} to ${misfit.to_id}: ${misfit.why}.`,
      )
    }
    for (const line of report(checked, world.clock())) desk.terminal.say(line)
  },
}

function notedOf(given: Given): Noted | null {
  const text = textOf(given, 'seal')
  if (text === null) return null
  const found = /^(\d{1,15}):([0-9a-f]{16,64})$/.exec(text)
  if (!found) throw new WrongUse('--seal takes what a check printed, such as 120:3f9a5c0b7d1e2f48.')
  return { number: Number(found[1]), mac: found[2] ?? '' }
}

function report({ sealed, last, after, oldest_after: oldest }: Checked, now: Date): string[] {
  const late = oldest !== null && now.getTime() - oldest.getTime() > lateMinutes * 60_000
  return [
    `${some(sealed, 'row fits', 'rows fit')} the seals.`,
    after === 0
      ? 'Every row is sealed.'
      : `${some(after, 'row is', 'rows are')} not sealed yet${oldest ? `, the oldest of ${momentInWords(oldest)}` : ''}.`,
    ...(late
      ? [
          `The server seals every minute while it runs. If it ran these ${lateMinutes} minutes, seals were removed.`,
        ]
      : []),
    ...(last
      ? [
          'Note this line where nobody who can write the database can, and give it to the next check:',
          `--seal ${last.number}:${last.mac.toString('hex').slice(0, 16)}`,
        ]
      : []),
  ]
}
