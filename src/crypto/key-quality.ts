export const keyBytes = 32

/**
 * What is wrong with a key as text, or null when it may be used: base64 of exactly 32 bytes that do
 * not look made by hand (CRY-02). What it says never holds any part of the key. Of keys truly made
 * at random the last four checks refuse fewer than one in 10^12.
 */
export function faultOf(text: string): string | null {
  if (text === '') return 'is missing'
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/={1,2}$/, '')) {
    return 'is not base64'
  }
  if (bytes.length !== keyBytes) return `has ${bytes.length} bytes, not ${keyBytes}`
  if (isEvenlySpaced(bytes)) return 'is a sequence or one byte repeated'
  if (bytes.subarray(0, 16).equals(bytes.subarray(16))) return 'repeats itself'
  if (new Set(bytes).size < 16) return 'uses too few different bytes'
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'is text, not random bytes'
  return null
}

function isEvenlySpaced(bytes: Buffer): boolean {
  const step = (at: number) => (bytes.readUInt8(at) - bytes.readUInt8(at - 1)) & 0xff
  return Array.from({ length: bytes.length - 1 }, (_, at) => step(at + 1)).every(
    (width) => width === step(1),
  )
}
