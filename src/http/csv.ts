/** A file that a page hands over for download. */
export type File = {
  /** ASCII without quotes: "members.csv". */
  readonly name: string
  readonly type: string
  readonly body: string
}

/**
 * Rows as CSV (RFC 4180): quoted where needed, lines end with CR LF, with the mark that spreadsheets
 * take for UTF-8. A cell that a spreadsheet would take for a formula begins with an apostrophe
 * instead (TEAM-08).
 */
export function csvFile(name: string, rows: readonly (readonly string[])[]): File {
  const body = rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
  return { name, type: 'text/csv; charset=utf-8', body: `\uFEFF${body}` }
}

function cell(text: string): string {
  const harmless = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
