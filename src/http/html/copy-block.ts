import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html } from './view.ts'
import { dateInWords } from './words.ts'

/**
 * A secret, selectable; the copy button appears only with the script. In groups of four, as it is
 * typed by hand, or `whole`, so that what is selected is the secret and nothing else.
 */
export function secretBlock(options: {
  readonly label: string
  readonly secret: string
  readonly whole?: boolean | undefined
}): Html {
  const groups = options.whole ? [options.secret] : (options.secret.match(/.{1,4}/g) ?? [])
  return html`<div role="group" aria-labelledby="secret-label">
    <p class="label" id="secret-label">${options.label}</p>
    <div class="secret-line">
      <code class="mono ${options.whole && 'whole'}" translate="no"
        >${groups.map((group) => html`<span>${group}</span> `)}</code
      >${scriptedButton('copy', 'Copy', { 'data-copy': options.secret })}
    </div>
  </div>`
}

export type CodesToKeep = {
  readonly codes: readonly string[]
  readonly productName: string
  readonly email: string
  readonly now: Date
}

/**
 * Recovery codes: selectable, in letters that can't be mistaken, to copy, keep as a file and print
 * (A11Y-11). The file names product, account and date, never the password.
 */
export function recoveryCodesBlock(options: CodesToKeep): Html {
  const made = madeOn(options.now)
  const file = textFile(options)
  const fileName = `${slug(options.productName)}-recovery-codes.txt`
  return html`<div class="codes-block" data-sheet>
    <div class="print-only">
      <p><strong>Recovery codes for ${options.productName}</strong></p>
      <p>Account: <bdi>${options.email}</bdi></p>
      <p>${made}. Each code works once.</p>
    </div>
    <ol class="codes mono" translate="no">
      ${options.codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ol>
    <div class="codes-actions">
      ${scriptedButton('copy', 'Copy', { 'data-copy': options.codes.join('\n') })}
      ${scriptedButton('download', 'Download', { 'data-download': fileName, 'data-text': file })}
      ${scriptedButton('print', 'Print', { 'data-print': true })}
    </div>
  </div>`
}

function madeOn(now: Date): string {
  return `Made on ${dateInWords(now)} ${now.getUTCFullYear()}`
}

function textFile({ codes, productName, email, now }: CodesToKeep): string {
  return [
    `Recovery codes for ${productName}`,
    `Account: ${email}`,
    madeOn(now),
    'Each code works once. Keep them where only you can find them.',
    '',
    ...codes,
    '',
  ].join('\n')
}

function scriptedButton(
  name: IconName,
  label: string,
  does: Readonly<Record<string, string | true>>,
): Html {
  return html`<button class="button secondary scripted" type="button" ${attributes(does)}>
    ${icon(name)}<span data-label>${label}</span>
  </button>`
}

function slug(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'account'
  )
}
