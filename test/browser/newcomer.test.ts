import { after, before, test } from 'node:test'
import { newcomerStory } from './newcomer.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial({
    database: 'embedded',
    env: { SUPPORT_EMAIL: 'help@example.com', SUPPORT_CHAT_URL: 'https://chat.example.com/' },
  })
})
after(() => trial.stop())

test('a newcomer: one command, first owner, phone, app, texts, mails, two steps, remembered', async () => {
  const page = await (await trial.fresh()).newPage()
  await newcomerStory(trial, page, 'newcomer')
})
