import { escapeHtml } from './words.ts'

/** A piece of a mail, written once and drawn as text and as HTML. All text is still unescaped. */
export type Block =
  | { readonly is: 'paragraph'; readonly text: string }
  | { readonly is: 'code'; readonly code: string }
  | { readonly is: 'button'; readonly label: string; readonly href: string }
  | { readonly is: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }

export type MailPage = {
  readonly product: string
  readonly title: string
  readonly blocks: readonly Block[]
  readonly help: string | null
  readonly accent: string | null
}

const font = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
const ink = 'color:#1b1f24'
const faint = 'color:#5b6470'

/*
 * Tables and inline styles, because Outlook draws with Word; the one style sheet only darkens, for
 * the programs that understand it. No image, no font, nothing fetched.
 */
const dark = `@media (prefers-color-scheme:dark){
.ground{background:#14171b!important}.card{background:#1f242a!important;border-color:#333a42!important}
.ink{color:#f1f3f5!important}.faint{color:#a9b2bc!important}
.well{background:#14171b!important;border-color:#333a42!important}}`

/** A mail's HTML: one light card that also reads well without styles, in the dark and on a phone. */
export function mailHtml(page: MailPage): string {
  const title = escapeHtml(page.title)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>${dark}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f3f5f7">
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f5f7"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="520" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:520px">
<tr><td class="ink" style="${font};${ink};font-size:18px;line-height:24px;font-weight:700;padding:0 8px 16px">${escapeHtml(page.product)}</td></tr>
<tr><td class="card" style="background:#ffffff;border:1px solid #e2e6ea;border-radius:12px;padding:32px 32px 16px">
<h1 class="ink" style="${font};${ink};font-size:22px;line-height:30px;font-weight:650;margin:0 0 16px">${title}</h1>
${page.blocks.map((block) => blockHtml(block, page.accent)).join('\n')}
</td></tr>
${page.help === null ? '' : helpHtml(page.help)}</table>
</td></tr></table>
</body>
</html>
`
}

function helpHtml(help: string): string {
  return `<tr><td class="faint" style="${font};${faint};font-size:14px;line-height:22px;padding:16px 8px 0">${escapeHtml(help)}</td></tr>
`
}

function blockHtml(block: Block, accent: string | null): string {
  if (block.is === 'paragraph') return paragraph(escapeHtml(block.text))
  if (block.is === 'code') return codeHtml(block.code)
  if (block.is === 'button') return buttonHtml(block.label, block.href, accent)
  return factsHtml(block.rows)
}

function paragraph(html: string): string {
  return `<p class="ink" style="${font};${ink};font-size:16px;line-height:24px;margin:0 0 16px">${html}</p>`
}

function codeHtml(code: string): string {
  const digits = `font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;${ink};font-size:34px;line-height:44px;font-weight:600;letter-spacing:6px`
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr><td class="well ink" align="center" style="${digits};background:#f3f5f7;border:1px solid #e2e6ea;border-radius:8px;padding:16px 8px 16px 14px">${escapeHtml(code)}</td></tr></table>`
}

function buttonHtml(label: string, href: string, accent: string | null): string {
  const colour = accent !== null && /^#[0-9a-f]{6}$/i.test(accent) ? accent : '#2456e6'
  const address = escapeHtml(href)
  const style = `${font};display:inline-block;color:${inkOn(colour)};font-size:16px;line-height:24px;font-weight:600;text-decoration:none;padding:12px 24px`
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 16px"><tr><td bgcolor="${colour}" style="border-radius:8px"><a href="${address}" style="${style}">${escapeHtml(label)}</a></td></tr></table>
<p class="faint" style="${font};${faint};font-size:14px;line-height:22px;margin:0 0 16px;word-break:break-all">Or open this address: ${address}</p>`
}

/* Black or white, whichever stands out more: WCAG 2.2 relative luminance, even at about 0.18. */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff'
}

function factsHtml(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([name, value]) =>
      `<tr><td class="faint" valign="top" style="${font};${faint};font-size:14px;line-height:22px;padding:4px 16px 4px 0;white-space:nowrap">${escapeHtml(name)}</td><td class="ink" style="${font};${ink};font-size:14px;line-height:22px;padding:4px 0">${escapeHtml(value)}</td></tr>`,
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">${cells.join('')}</table>`
}
