/** A real browser. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { toolPath } from './tools.ts'

const flags = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const screenshotFolder = join(import.meta.dirname, '../../test-results/screenshots')

/** Starts Chromium with an empty profile. Its sandbox is off only as root, where it cannot run. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: toolPath('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
    args: flags,
  })
}

/**
 * With TWOSTEP_SCREENSHOTS=1 takes a picture of the whole page at 1280 and 375 pixels, light and
 * dark, as test-results/screenshots/<name>-<width>-<scheme>.png, and leaves the page as it was.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['TWOSTEP_SCREENSHOTS'] !== '1') return
  mkdirSync(screenshotFolder, { recursive: true })
  const before = page.viewportSize()
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const path = join(screenshotFolder, `${name}-${width}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: true, animations: 'disabled' })
    }
  }
  await page.emulateMedia({ colorScheme: null })
  if (before) await page.setViewportSize(before)
}
