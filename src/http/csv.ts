/** A file that a page hands over for download. */
export type File = {
  /** ASCII without quotes: "members.csv". */
  readonly name: string
  readonly type: string
  readonly body: string
}

/**
 * Rows as CSV (RFC 4180): quoted where needed, lines end with CR LF, with the mark that spreadsheets
 * take for UTF-8. What a spreadsheet would take for a formula gets an apostrophe in front, also
 * behind whatever some spreadsheets part cells at: in many countries that is the semicolon (TEAM-08).
 */
export function csvFile(name: string, rows: readonly (readonly string[])[]): File {
  const body = rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
  return { name, type: 'text/csv; charset=utf-8', body: `\uFEFF${body}` }
}

/* The signs in full width count as well. A tab or a line break at the start is dropped unseen. */
const formula = /(^|[;,|\t\r\n"])(\s*)(?=[=+\-@＝＋－＠])/g

function cell(text: string): string {
  const harmless = text.replace(/^(?=[\t\r\n])/, "'").replace(formula, "$1'$2")
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
