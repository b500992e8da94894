const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Base32 in upper case without padding (RFC 4648, section 6). */
export function toBase32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >> bits) & 31)
    }
  }
  return bits === 0 ? text : text + alphabet.charAt((held << (5 - bits)) & 31)
}

/** The bytes of base32 text, upper or lower case, wholly padded or not at all; null for any other text. */
export function fromBase32(text: string): Buffer | null {
  const bare = text.replace(/={1,6}$/, '')
  const padded = bare.length < text.length
  if (!/^[A-Za-z2-7]*$/.test(bare) || (padded && text.length % 8 !== 0)) return null
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of bare.toUpperCase()) {
    held = ((held << 5) | alphabet.indexOf(character)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  const decoded = Buffer.from(bytes)
  return toBase32(decoded) === bare.toUpperCase() ? decoded : null
}
