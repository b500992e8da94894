import { html } from 'hono/html'
import { limits } from '../config.ts'
import type { Html } from '../http/html/view.ts'
import { dateInWords } from '../http/html/words.ts'
import type { Coverage as Day } from '../teams/coverage-store.ts'

const width = 720
const height = 96
const dayMs = 86_400_000

/**
 * How many of the team were ready on each of the last 90 days: a line for the eye, its first and last
 * value in words, and every day in a table that opens.
 */
export function coverageChart(days: readonly Day[], now: Date): Html | null {
  const [first] = days
  const last = days.at(-1)
  if (!first || !last || days.length < 2) return null
  const words = `Ready in the last ${limits.coverageDays} days: ${said(first, now)}, ${said(last, now)}.`
  return html`<figure class="coverage">
    <svg
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="${words}"
      preserveAspectRatio="none"
    >
      <line x1="0" y1="0.5" x2="${width}" y2="0.5" />
      <line x1="0" y1="${height - 0.5}" x2="${width}" y2="${height - 0.5}" />
      <path class="area" d="${path(days, now)}V${height}H${xOf(first, now)}Z" />
      <path class="curve" d="${path(days, now)}" />
    </svg>
    <figcaption class="soft">
      <span>${said(first, now)}</span><span>${said(last, now)}</span>
    </figcaption>
    <details>
      <summary>Every day in numbers</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="Every day in numbers">
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Ready</th>
              <th scope="col">Members</th>
            </tr>
          </thead>
          <tbody>
            ${days.toReversed().map(
              (day) =>
                html`<tr>
                  <th scope="row">${dateInWords(new Date(day.day), now)}</th>
                  <td>${day.ready}</td>
                  <td>${day.members}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`
}

/** "61 % on 3 September". */
function said(day: Day, now: Date): string {
  return `${percent(day)} % on ${dateInWords(new Date(day.day), now)}`
}

function percent({ members, ready }: Day): number {
  return Math.round((100 * ready) / Math.max(1, members))
}

function path(days: readonly Day[], now: Date): string {
  return days.map((day, i) => `${i === 0 ? 'M' : 'L'}${xOf(day, now)} ${yOf(day)}`).join('')
}

function xOf({ day }: Day, now: Date): number {
  const ago = Math.max(0, now.getTime() - Date.parse(day)) / dayMs
  return Math.round(width * Math.max(0, 1 - Math.floor(ago) / limits.coverageDays))
}

/** A line of full height would be cut in half by the edge. */
function yOf({ members, ready }: Day): number {
  return Math.round((height - 4) * (1 - ready / Math.max(1, members))) + 2
}
