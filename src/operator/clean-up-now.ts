import { cleanUp } from '../clean-up.ts'
import type { Command } from './command.ts'

/** The hourly clean-up, now (PRV-03). */
export const cleanUpNow: Command = {
  name: 'clean-up',
  takes: '',
  does: 'Deletes what is past its retention, as the server does every hour, and says what went.',
  word: 'none',
  options: {},
  async run(desk) {
    const gone = await cleanUp(await desk.open())
    const { say } = desk.terminal
    for (const [table, count] of gone) say(`${table}: ${count}`)
    const total = [...gone.values()].reduce((sum, count) => sum + count, 0)
    say(total === 0 ? 'Nothing was past its time.' : `${total} rows went.`)
  },
}
