/** How values from outside become words that may stand in a message. */

/* Control characters and breaks end lines and headers; zero-width and direction-changing ones deceive. */
const breaks = /[\p{Cc}\s]+/gu
const unseen = /[\p{Cf}\p{Co}\p{Cs}]+/gu

/** One line of at most `charactersMax` characters without anything unseen (EML-06). */
export function plain(text: string, charactersMax = 80): string {
  const line = text.normalize('NFC').replace(unseen, '').replace(breaks, ' ').trim()
  const characters = [...line]
  if (characters.length <= charactersMax) return line
  return `${characters
    .slice(0, charactersMax - 1)
    .join('')
    .trimEnd()}…`
}

/**
 * Text given by a person, made `plain` and broken up where a mail program would make a link of it:
 * after `:` of a scheme, between the labels of a host name, around `@` (EML-06).
 */
export function said(text: string, charactersMax = 80): string {
  return plain(text, charactersMax)
    .replace(/[:：](?=[/／\\])/gu, ': ')
    .replace(/(?<=[\p{L}\p{N}_-])([.。．｡])(?=[\p{L}_-][\p{L}\p{N}_-])/gu, '$1 ')
    .replace(/(?<=\S)([@＠])(?=\S)/gu, ' $1 ')
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** "Tuesday 24 November 2026, 14:05 UTC" (NTF-03: when, with zone). */
export function momentInWords(moment: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    dateStyle: 'full',
  }).format(moment)
  return `${parts.replaceAll(',', '')}, ${moment.toISOString().slice(11, 16)} UTC`
}

/** "12 December 2026": the day of UTC. */
export function dayInWords(day: Date): string {
  return day.toLocaleDateString('en-GB', { timeZone: 'UTC', dateStyle: 'long' })
}

/** "1 minute", "10 minutes". */
export function minutesInWords(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}
