/// <reference lib="dom" />
/** What a person does who has no mouse, and what they see of it. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

const tabsMax = 60

/**
 * Presses Tab until that element has the focus, as often as it takes; every stop on the way must
 * show its focus and must not lie under something else (A11Y-07).
 */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let tabs = 0; tabs < tabsMax; tabs++) {
    await page.keyboard.press('Tab')
    const problem = await page.evaluate(problemWithFocus)
    assert.equal(problem, null, page.url())
    if (await wanted.evaluate((element) => element === document.activeElement)) return
  }
  assert.fail(`not reached by keyboard: ${String(wanted)}`)
}

/** Presses Tab to a field and types into it. */
export async function tabAndType(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field)
  await page.keyboard.type(text)
}

/** Presses Tab to a button, link or box and presses it. */
export async function tabAndPress(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted)
  await page.keyboard.press(key)
}

/** Puts a text where Ctrl+V finds it, and presses that. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((words) => navigator.clipboard.writeText(words), text)
  await page.keyboard.press('Control+V')
}

/** The same into a field that sends nothing off by itself: waits for its focus, and then for the text. */
export async function pasteWhole(page: Page, text: string): Promise<void> {
  await page.locator('input:focus').waitFor()
  await paste(page, text)
  await page.waitForFunction(
    (words) =>
      document.activeElement instanceof HTMLInputElement && document.activeElement.value === words,
    text,
  )
}

/**
 * Runs in the page: what is wrong with the focus as it stands; null when nothing is. It shows when
 * the element or what is drawn beside it looks otherwise without it.
 */
function problemWithFocus(): string | null {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || focused === document.body) return null
  const near = [focused, focused.parentElement, ...(focused.nextElementSibling?.children ?? [])]
  const look = () =>
    near
      .flatMap((element) =>
        element ? [[element, ''] as const, [element, '::after'] as const] : [],
      )
      .map(([element, part]) => {
        const { outline, boxShadow, border, background } = getComputedStyle(element, part)
        return [outline, boxShadow, border, background].join()
      })
      .join()
  const said = focused.outerHTML.slice(0, 120)
  const withFocus = look()
  focused.blur()
  const without = look()
  focused.focus()
  if (withFocus === without) return `the focus does not show: ${said}`
  const { left, top, width, height } = focused.getBoundingClientRect()
  const above = document.elementFromPoint(left + width / 2, top + height / 2)
  const free = above === null || focused.contains(above) || above.contains(focused)
  return free ? null : `something lies over the focus: ${said}`
}
