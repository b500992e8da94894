import { domainToASCII, domainToUnicode } from 'node:url'

/* RFC 5321, 4.5.3.1: octets of a local part and of a whole path without its brackets. */
const localBytesMax = 64
const addressBytesMax = 254

/* Everything but what needs quotes, spaces and characters nobody sees (EML-06). */
const localPart = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u
const domainCharacters = /^[\p{L}\p{M}\p{N}.。．｡-]+$/u
const domainName =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/**
 * What an address is looked up by: trimmed, in NFC and lower case, its domain in ASCII form. Never
 * refuses: what is no address becomes a key that no account has.
 */
export function emailKey(typed: string): string {
  const { local, domain } = split(typed.toWellFormed().replaceAll('\0', '\u{fffd}'))
  return `${local}@${asciiDomain(domain) ?? domain}`.toLowerCase()
}

/**
 * The address as it is stored and written to, or null when it is none: a local part without quotes,
 * spaces and control characters, and a domain name, which may be international. What is mailed and
 * what `emailKey` gives are the same mailbox: the domain is mapped once, here, not by a mailer.
 */
export function readEmail(typed: string): string | null {
  const { local, domain } = split(typed)
  const ascii = asciiDomain(domain)
  if (ascii === null || !localPart.test(local) || /^\.|\.\.|\.$/.test(local)) return null
  if (Buffer.byteLength(local) > localBytesMax) return null
  if (Buffer.byteLength(`${local}@${ascii}`) > addressBytesMax) return null
  const unicode = domainToUnicode(ascii)
  return `${local}@${domainToASCII(unicode) === ascii ? unicode : ascii}`
}

function split(typed: string): { local: string; domain: string } {
  const text = typed.trim().normalize('NFC')
  const at = text.lastIndexOf('@')
  return { local: text.slice(0, Math.max(at, 0)), domain: text.slice(at + 1) }
}

/* The parser of host names also takes ports, paths and percent signs: they are sorted out first. */
function asciiDomain(domain: string): string | null {
  if (!domainCharacters.test(domain)) return null
  const ascii = domainToASCII(domain)
  return domainName.test(ascii) ? ascii : null
}
