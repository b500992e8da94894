import { html } from 'hono/html'
import { reasons } from '../../reasons.ts'
import type { Details, Reason, Refusal } from '../../reasons.ts'
import type { Html } from './view.ts'

const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds
const daySeconds = 24 * hourSeconds
/** From this many tries left on, a page says how many (screens.md, Sign in 2). */
const triesWorthSaying = 3

/* Made once: making one takes a hundred times as long as using it. */
const dayOfYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
})
const fullDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long' })

/** "12 December", with the year when it is not the year of `now`. Days are those of UTC. */
export function dateInWords(date: Date, now: Date = date): string {
  const sameYear = date.getUTCFullYear() === now.getUTCFullYear()
  return (sameYear ? dayOfYear : fullDay).format(date)
}

/** "12 December 2026, 14:05 UTC". */
export function momentInWords(moment: Date): string {
  return `${fullDay.format(moment)}, ${moment.toISOString().slice(11, 16)} UTC`
}

/** "45 seconds", "2 minutes", "3 hours", "5 days": rounded up, so that nobody comes too early. */
export function durationInWords(seconds: number): string {
  if (seconds < minuteSeconds) return count(Math.max(1, Math.ceil(seconds)), 'second')
  const wholeHours = seconds % hourSeconds === 0
  if (seconds <= 90 * minuteSeconds && !wholeHours)
    return count(Math.ceil(seconds / minuteSeconds), 'minute')
  if (seconds <= 2 * daySeconds) return count(Math.ceil(seconds / hourSeconds), 'hour')
  return count(Math.ceil(seconds / daySeconds), 'day')
}

/** "3 hours ago" with the exact moment on hover; after a week the date. The script keeps it right. */
export function timeAgo(moment: Date, now: Date): Html {
  const secondsAgo = Math.max(0, Math.floor((now.getTime() - moment.getTime()) / 1000))
  return html`<time
    datetime="${moment.toISOString()}"
    title="${momentInWords(moment)}"
    data-ago="${secondsAgo}"
    >${agoInWords(moment, now, secondsAgo)}</time
  >`
}

/** "12 December" with the exact moment on hover. */
export function dateWithMoment(moment: Date, now: Date): Html {
  return html`<time datetime="${moment.toISOString()}" title="${momentInWords(moment)}"
    >${dateInWords(moment, now)}</time
  >`
}

/** "1 device", "3 devices"; `many` where an s is not enough. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** "SMS", "SMS and email", "SMS, email or app". */
export function listInWords(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
}

/** A masked number or address ("••• ••• 23") that stays together and runs in its own direction. */
export function masked(destination: string): Html {
  return html`<bdi>${destination.replaceAll(' ', '\u00A0')}</bdi>`
}

/**
 * What a person reads about a refusal: its sentence with `{wait}` filled from the seconds in
 * `details.wait` or `details.seconds`, the rest from the details of that name; after a wrong
 * answer also how many tries are left, from `details.attemptsLeft`, when few.
 */
export function sentence(refusal: Refusal): string {
  const said = sentenceOf(refusal.reason, refusal.details)
  const left = Number(refusal.details?.['attemptsLeft'] ?? Number.POSITIVE_INFINITY)
  if (left > triesWorthSaying || left < 1) return said
  return `${said} You have ${left === 1 ? 'one try' : count(left, 'try', 'tries')} left.`
}

/** The sentence of one reason, as it stands beside a field. */
export function sentenceOf(reason: Reason, details: Details = {}): string {
  return reasons[reason][1].replace(/\{(\w+)\}/g, (_whole, name: string) => filling(name, details))
}

function filling(name: string, details: Details): string {
  if (name !== 'wait') return String(details[name] ?? '')
  const wait = details['wait'] ?? details['seconds']
  if (wait === undefined) return 'a moment'
  return typeof wait === 'number' ? durationInWords(wait) : wait
}

function agoInWords(moment: Date, now: Date, seconds: number): string {
  if (seconds < minuteSeconds) return 'just now'
  if (seconds < hourSeconds) return `${count(Math.floor(seconds / minuteSeconds), 'minute')} ago`
  if (seconds < daySeconds) return `${count(Math.floor(seconds / hourSeconds), 'hour')} ago`
  if (seconds < 2 * daySeconds) return 'yesterday'
  if (seconds < 7 * daySeconds) return `${count(Math.floor(seconds / daySeconds), 'day')} ago`
  return dateInWords(moment, now)
}
