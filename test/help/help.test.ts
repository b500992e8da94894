import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaults } from '../../src/config.ts'
import type { Config } from '../../src/config.ts'
import { look } from '../../src/help/look.ts'
import { helpPage } from '../../src/help/pages.ts'
import { helpRoutes } from '../../src/help/routes.ts'
import type { View } from '../../src/http/html/view.ts'
import type { World } from '../../src/world.ts'

const bytesMax = 60_000

test('PRV-04: Help opens for whoever asks, signed in or not', () => {
  assert.deepEqual(
    helpRoutes.map((row) => ['get' in row && row.get, row.who]),
    [['/help', 'anyone']],
  )
})

test('every link inside the page leads to a part of it, and every part has one', async () => {
  const page = await draw()
  const parts = [...page.matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id)
  const links = [...page.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id)
  assert.deepEqual(
    links.filter((id) => id !== 'main' && !parts.includes(id)),
    [],
  )
  assert.deepEqual(
    parts.filter((id) => !links.includes(id)),
    [],
  )
  assert.equal(new Set(parts).size, parts.length)
})

test('A10: it shows the operator’s chat and address, and says whom to ask where there are none', async () => {
  const supportEmail = 'help@acme.example'
  const supportChatUrl = 'https://acme.example/chat'
  const page = await draw({}, { supportEmail, supportChatUrl })
  assert.match(page, /href="mailto:help@acme\.example"/)
  assert.match(page, /href="https:\/\/acme\.example\/chat"/)
  assert.match(await draw(), /The person who runs Acme for you can help you back in/)
})

test('EML-01: email is called the weakest choice, and nothing is called two-factor', async () => {
  const page = await draw()
  assert.match(page, /Email is the weakest choice/)
  assert.match(page, /The app is more secure than SMS or email/)
  assert.doesNotMatch(page, /two.factor|multi.factor|\b[2m]fa\b/i)
})

test('A9: it says how a new number comes into use, in the article’s three steps', async () => {
  const words = (await draw()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  assert.match(words, /can’t be changed in the security settings/)
  assert.match(words, /Change the phone in your profile .* turn SMS off\. .* Turn SMS on again/)
})

test('PRV-01, PRV-03: it says what numbers are used for and how long things are kept', async () => {
  const words = (await draw()).replace(/\s+/g, ' ')
  assert.match(words, /used for nothing else/)
  assert.match(words, /deleted 24 hours after/)
  assert.match(words, /security log after 365 days/)
})

test('OPS-06: its numbers are the installation’s own', async () => {
  const words = (
    await draw({ attemptsMax: 3, waitFirstSeconds: 45, stepUpLifetimeMinutes: 7 })
  ).replace(/\s+/g, ' ')
  assert.match(words, /After 3 wrong codes/)
  assert.match(words, /grows from 45 seconds/)
  assert.match(words, /more than 7 minutes ago/)
})

test('every picture says in words what it shows, and loads nothing', async () => {
  const page = await draw()
  const pictures = [...page.matchAll(/<svg class="picture"[^>]*>/g)].map(([tag]) => tag)
  assert.ok(pictures.length >= 6)
  assert.ok(pictures.every((tag) => /role="img"/.test(tag) && /aria-label="[^"]{20,}"/.test(tag)))
  assert.doesNotMatch(page, /<img|url\(|style="/)
})

test('the whole page weighs little', async () => {
  assert.ok(Buffer.byteLength(await draw()) < bytesMax)
})

async function draw(settings: Partial<Config> = {}, more: Partial<View> = {}): Promise<string> {
  const found = await look({ config: { ...defaults(), ...settings } } as World)
  assert.ok(found.ok)
  return (await helpPage({ ...view, ...more }, found)).toString()
}

const view: View = {
  productName: 'Acme',
  logoUrl: null,
  supportEmail: null,
  supportChatUrl: null,
  signUpOpen: false,
  inbox: false,
  path: '/help',
  antiForgery: 'token',
  nonce: 'nonce',
  account: null,
  teams: [],
  team: null,
  restricted: false,
  refusal: null,
  values: {},
  now: new Date('2026-11-24T12:00:00Z'),
  assets: { style: '/style.css', script: '/app.js' },
  notice: null,
}
