/* The surfaces of src/client/style.css that text in the accent colour stands on. */
const lightGround = '#f3f5f8'
const darkGround = '#1c212a'
const white = '#ffffff'
const black = '#000000'
const textContrast = 4.5
const controlContrast = 3
/** Away from the text on it, so that a press never makes it harder to read. */
const hoverShare = 0.14
/** A tint of the accent may lie under the text, so a little is kept in hand. */
const reserve = 1.15

/**
 * The rules that colour the sheet: --accent (what the operator chose, as a fill), --on-accent (text
 * on it), --accent-hover (the fill under a pointer), --accent-ink (text, links and focus: darkened
 * or lightened until it reads at 4.5:1), --accent-edge (the border of a fill). Throws when `colour`
 * is not `#rrggbb`.
 */
export function accentRules(colour: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) throw new Error(`not a colour like #2f5bd8: ${colour}`)
  const light = readable(colour, lightGround, black)
  const dark = readable(colour, darkGround, white)
  const on = onAccent(colour)
  const hover = mix(colour, on === white ? black : white, hoverShare)
  const root = `--accent:${colour};--on-accent:${on};--accent-hover:${hover}`
  return `:root{${root};${inkAndEdge(colour, lightGround, light)}}
@media (prefers-color-scheme:dark){:root{${inkAndEdge(colour, darkGround, dark)}}}
`
}

/** A fill that stands out from the ground by itself needs no other edge (A11Y-08: controls 3:1). */
function inkAndEdge(colour: string, ground: string, ink: string): string {
  const edge = contrast(colour, ground) >= controlContrast ? colour : ink
  return `--accent-ink:${ink};--accent-edge:${edge}`
}

/** WCAG 2.2 contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].toSorted((one, other) => one - other)
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05)
}

/** The colour of text on a fill: white where that reads, else whichever reads better. */
export function onAccent(colour: string): string {
  if (contrast(colour, white) >= textContrast) return white
  return contrast(colour, white) >= contrast(colour, black) ? white : black
}

/** Mixes `towards` in, in steps of one in twenty, until the colour reads on the ground. */
function readable(colour: string, ground: string, towards: string): string {
  for (let parts = 0; parts < 20; parts++) {
    const mixed = mix(colour, towards, parts / 20)
    if (contrast(mixed, ground) >= textContrast * reserve) return mixed
  }
  return towards
}

function mix(from: string, to: string, share: number): string {
  const target = channels(to)
  const mixed = channels(from).map((value, at) => value + ((target[at] ?? value) - value) * share)
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
