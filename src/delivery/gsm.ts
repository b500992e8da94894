/** One text of a single segment holds 160 characters of the GSM 7-bit default alphabet (SMS-05). */
export const segmentCharacters = 160

/* 3GPP TS 23.038, 6.2.1, without the extension table, whose characters count twice. */
const alphabet = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)

const alike: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '[': '(',
  ']': ')',
}

/** The text in that alphabet: accents it lacks are dropped, then what is still not in it. */
export function toGsm(text: string): string {
  return [...text].map(toGsmCharacter).join('')
}

function toGsmCharacter(character: string): string {
  if (alphabet.has(character)) return character
  const plainer = alike[character] ?? character.normalize('NFKD')
  return [...plainer].filter((part) => alphabet.has(part)).join('')
}

/** Cuts at `charactersMax` and at no half word where a whole one fits. */
export function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  const start = text.slice(0, charactersMax)
  const space = start.lastIndexOf(' ')
  return (space > charactersMax / 2 ? start.slice(0, space) : start).trimEnd()
}
