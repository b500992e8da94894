/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What is looked at on every page and in every state: accessibility by axe and by rules of our own. */
import { createRequire } from 'node:module'
import type { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Everything wrong with the page as it stands, one line each; it is left as it was. */
export async function inspect(page: Page): Promise<string[]> {
  await page.evaluate(drawn)
  return [
    ...(await page.evaluate(rulesOfOurOwn)),
    ...(await axeProblems(page)),
    ...(await darkProblems(page)),
    ...(await narrowProblems(page)),
    ...(await largeTextProblems(page)),
  ]
}

/* A browser gives the focus to what asks for it when it draws the page. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
  })
}

/* axe as its Playwright package brings it, put into each page once: its builder does so every time. */
const { source } = createRequire(import.meta.resolve('@axe-core/playwright'))('axe-core') as {
  readonly source: string
}

type Results = Awaited<ReturnType<AxeBuilder['analyze']>>
type Axe = { readonly axe?: { readonly run: (options: object) => Promise<Results> } }

async function runAxe(page: Page, options: object): Promise<string[]> {
  const there = await page.evaluate(() => (window as Axe).axe !== undefined)
  if (!there) await page.evaluate(source)
  const { violations } = await page.evaluate(async (chosen) => {
    const { violations = [] } = (await (window as Axe).axe?.run(chosen)) ?? {}
    return { violations }
  }, options)
  return violations.map(
    ({ id, nodes }) => `axe ${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
  )
}

/** Every rule of axe, targets of 24 by 24 pixels included (A11Y-08). */
function axeProblems(page: Page): Promise<string[]> {
  return runAxe(page, { rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
}

/** Another scheme changes colours alone. */
async function darkProblems(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.evaluate(async () => {
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
  const runOnly = ['color-contrast', 'link-in-text-block']
  const problems = await runAxe(page, { runOnly, resultTypes: ['violations'] })
  await page.emulateMedia({ colorScheme: null })
  return problems.map((problem) => `dark: ${problem}`)
}

/** As wide as phones are, from the narrowest on, without scrolling sideways (A11Y-08). */
async function narrowProblems(page: Page): Promise<string[]> {
  const before = page.viewportSize()
  const problems: string[] = []
  for (const width of [320, 375]) {
    await page.setViewportSize({ width, height: 640 })
    const wide = await page.evaluate(sticksOut)
    problems.push(...wide.map((what) => `at ${width} px: ${what}`))
  }
  if (before) await page.setViewportSize(before)
  return problems
}

/** Text of twice the size without scrolling sideways, and without words cut off (A11Y-08). */
async function largeTextProblems(page: Page): Promise<string[]> {
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
  const wide = await page.evaluate(sticksOut)
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'))
  return wide.map((what) => `at 200 % text: ${what}`)
}

/**
 * Runs in the page: what reaches over the right edge, or has words cut off. Left out are words for
 * screen readers alone; the code's input, whose own box is wider than the slots that show it; and
 * the name on the menu's button, which stands whole in the menu.
 */
function sticksOut(): string[] {
  const width = document.documentElement.clientWidth
  const said = (element: Element) => element.outerHTML.slice(0, 160).replace(/\s+/g, ' ')
  const forEars = (element: Element | null): boolean =>
    element !== null &&
    ((element.clientWidth <= 1 && getComputedStyle(element).overflowX !== 'visible') ||
      forEars(element.parentElement))
  const all = [...document.body.querySelectorAll('*')].filter(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.matches('.skip, [data-code], .menu-name bdi') &&
      !forEars(element),
  )
  const over = all.filter((element) => element.getBoundingClientRect().right > width + 1)
  const cut = all.filter((element) => {
    const words = [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.nodeValue?.trim(),
    )
    const hides = getComputedStyle(element).overflowX !== 'visible'
    return words && hides && element.scrollWidth > element.clientWidth + 1
  })
  return [
    ...(document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : []),
    ...over.map((element) => `sticks out: ${said(element)}`),
    ...cut.map((element) => `is cut off: ${said(element)}`),
  ]
}

/** Runs in the page: the rules that axe does not know. */
function rulesOfOurOwn(): string[] {
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)]
  const problems: string[] = []
  const expect = (holds: boolean, problem: string) => holds || problems.push(problem)
  const step = document.querySelector('.step')?.textContent
  expect(document.documentElement.lang === 'en', 'A11Y-09: no language')
  expect(/^.+ · Twostep$/.test(document.title), 'A11Y-09: no title')
  expect(!step || document.title.includes(`(${step})`), 'A11Y-09: no step number in the title')
  expect(all('h1').length === 1, 'one h1')
  expect(all('[role=alert]').length > 0, 'A11Y-04: no alert region')
  expect(all('[role=status]').length > 0, 'A11Y-04: no status region')
  expect(all('[data-countdown][aria-live], [role=timer]').length === 0, 'A11Y-04: counts aloud')
  const help = all('footer.help a').map((link) => link.textContent?.trim())
  expect(help[0] === 'Help', 'A11Y-10: help is not the first link of the footer')
  expect(help[1] === 'Live chat' && help[2] === 'help@example.com', 'A11Y-10: order of help')
  const last = all('a[href]').at(-1)
  expect(Boolean(last?.closest('footer.help')), 'A11Y-10: help is not at the end')
  for (const input of all('input:not([type=hidden], [type=checkbox], [type=radio])')) {
    const { autocomplete, id, labels, type } = input as HTMLInputElement
    const token =
      /^(username|email|current-password|new-password|one-time-code|name|tel|organization|off)$/
    expect(token.test(autocomplete), `A11Y-09: autocomplete of ${id}`)
    expect(Boolean(labels?.length), `A11Y-09: no label for ${id}`)
    expect(!input.hasAttribute('maxlength'), `A11Y-02: ${id} is cut`)
    expect(type !== 'number', `A11Y-02: ${id} is a number`)
    expect(!input.hasAttribute('onpaste'), `A11Y-01: ${id} and paste`)
  }
  const codes = all('input[autocomplete=one-time-code]')
  expect(codes.length < 2, 'A11Y-02: several boxes')
  for (const code of codes) {
    expect(code.getAttribute('type') === 'text', 'A11Y-02: type')
    expect(code.getAttribute('inputmode') === 'numeric', 'A11Y-02: keypad')
  }
  for (const input of all('[aria-invalid]')) {
    const words = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent?.trim())
    expect(words.length > 0 && words.every(Boolean), `A11Y-05: ${input.id} is wrong without words`)
  }
  const refused = document.querySelector('#refusal')
  const told = document.querySelector('[role=status] .callout.good')
  const focused = document.activeElement
  expect(!refused || focused === refused, 'A11Y-07: the focus is not on the error')
  expect(!!refused || !told || focused === told, 'A11Y-07: the focus is not on the notice')
  return problems
}
