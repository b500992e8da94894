/** A UUID as text, from its 16 bytes. */
export function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The 16 bytes of a UUID; throws on any other text. */
export function bytesOfUuid(id: string): Buffer {
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) {
    throw new TypeError('This is not a UUID')
  }
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}
