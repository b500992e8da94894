import { after, before, test } from 'node:test'
import { newcomerStory } from './newcomer.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

test('a newcomer whose browser runs no scripts comes just as far', async () => {
  const page = await (await trial.fresh({ javaScriptEnabled: false })).newPage()
  await newcomerStory(trial, page, 'no-script')
})
