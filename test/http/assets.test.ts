import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import '../support/chance.ts'
import { defaults } from '../../src/config.ts'
import { accentRules, contrast, onAccent } from '../../src/http/accent.ts'
import { loadAssets } from '../../src/http/assets.ts'

const assets = loadAssets(defaults())
const bytesOnFirstVisitMax = 20_000
const pageBytesAtMost = 8_000

async function bytes(path: string, encoding: string): Promise<Buffer> {
  const reply = assets.answer(path, encoding)
  assert.ok(reply)
  return Buffer.from(await reply.arrayBuffer())
}

test('a first visit weighs less than 20 kB with the page itself', async () => {
  const { style, script } = assets.urls
  const all = await Promise.all([style, script, '/favicon.svg'].map((path) => bytes(path, 'br')))
  const total = all.reduce((sum, one) => sum + one.length, 0)
  assert.ok(total + pageBytesAtMost < bytesOnFirstVisitMax, `${total} bytes`)
})

test('assets come in the best encoding asked for, each the same text', async () => {
  for (const path of Object.values(assets.urls)) {
    const plain = String(await bytes(path, ''))
    assert.equal(String(brotliDecompressSync(await bytes(path, 'gzip, deflate, br'))), plain)
    assert.equal(String(gunzipSync(await bytes(path, 'br;q=0, gzip'))), plain)
    assert.equal(assets.answer(path, 'br')?.headers.get('vary'), 'accept-encoding')
    assert.equal(assets.answer(path, '')?.headers.get('content-encoding'), null)
  }
})

test('WEB-04: assets name their type, are not sniffed, and last because their address would change', () => {
  const style = assets.answer(assets.urls.style, 'br')
  assert.equal(style?.headers.get('content-type'), 'text/css; charset=utf-8')
  assert.equal(style?.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(style?.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  const other = loadAssets({ ...defaults(), accentColour: '#117744' })
  assert.notEqual(other.urls.style, assets.urls.style)
  assert.equal(other.urls.script, assets.urls.script)
  assert.equal(other.answer(assets.urls.style, 'br'), null)
  assert.equal(assets.answer('/assets/../config.ts', 'br'), null)
})

test('WEB-05: the sheet and the script ask nothing of other origins, nor of the browser’s storage', async () => {
  for (const path of Object.values(assets.urls)) {
    const text = String(await bytes(path, ''))
    assert.doesNotMatch(text, /https?:|@import|url\(|localStorage|sessionStorage|indexedDB|eval\(/)
  }
})

test('A11Y-08: text in and on any accent colour reads at 4.5:1 in both schemes', () => {
  const channel = fc.integer({ min: 0, max: 255 })
  const colour = fc
    .tuple(channel, channel, channel)
    .map((all) => `#${all.map((one) => one.toString(16).padStart(2, '0')).join('')}`)
  fc.assert(
    fc.property(colour, (accent) => {
      const [light, dark] = [...accentRules(accent).matchAll(/--accent-ink:(#\w{6})/g)]
      assert.ok(contrast(onAccent(accent), accent) >= 4.5)
      assert.ok(contrast(light?.[1] ?? '', '#f3f5f8') >= 4.5)
      assert.ok(contrast(dark?.[1] ?? '', '#1c212a') >= 4.5)
    }),
  )
})

test('an accent that is not a colour is refused at start, so nothing else gets into the sheet', () => {
  for (const accentColour of ['red', '#fff', '#12345g', '#123456;}*{display:none']) {
    assert.throws(() => loadAssets({ ...defaults(), accentColour }), /not a colour/)
  }
})
