import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

const bytesMax = 20_000

test('the first visit of the sign-in page weighs less than 20 kB over the wire, all files together', async () => {
  const page = await (await trial.fresh()).newPage()
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  const paths = new Map<string, string>()
  const bytes = new Map<string, number>()
  wire.on('Network.requestWillBeSent', ({ requestId, request }) =>
    paths.set(requestId, new URL(request.url).pathname),
  )
  // The length as it came, compressed and with its headers.
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.set(paths.get(requestId) ?? requestId, encodedDataLength),
  )
  await page.goto('/sign-in', { waitUntil: 'networkidle' })
  const icon = await page.request.get('/favicon.svg')
  bytes.set('/favicon.svg', (await icon.body()).length + JSON.stringify(icon.headers()).length)
  const all = [...bytes.entries()]
  const sum = all.reduce((total, [, length]) => total + length, 0)
  assert.ok(bytes.size >= 4, 'page, sheet, script and icon were counted')
  assert.ok(sum < bytesMax, `${sum} bytes: ${JSON.stringify(all)}`)
})
