import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import type { PoolConfig } from 'pg'

const known = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']

/**
 * What the URL of a PostgreSQL server means for `pg`: postgres://user:password@host:5432/name, with
 * `host=` for a folder of Unix sockets, and of TLS `sslmode=verify-full` or `disable`, `sslrootcert`,
 * `sslcert` and `sslkey` (paths of PEM files). Anywhere but on this machine the connection is
 * encrypted and the certificate verified; a URL that asks for less is refused, as is any other
 * parameter, because it could (CRY-04). What it throws never quotes the URL: a password is in it.
 */
export function readAddress(url: string): PoolConfig {
  const address = parse(url)
  const setting = (name: string) => address.searchParams.get(name) ?? undefined
  const host = setting('host') ?? (decode(address.hostname).replace(/^\[|\]$/g, '') || 'localhost')
  return {
    host,
    ssl: isEncrypted(host, setting('sslmode')) && certificates(setting),
    ...(address.port && { port: Number(address.port) }),
    ...(address.username && { user: decode(address.username) }),
    ...(address.password && { password: decode(address.password) }),
    ...(address.pathname.length > 1 && { database: decode(address.pathname.slice(1)) }),
  }
}

function parse(url: string): URL {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) throw unreadable()
  const address = new URL(url)
  for (const name of address.searchParams.keys()) {
    if (known.includes(name)) continue
    throw new Error(
      `DATABASE_URL: ${name} is not a setting it takes. Those are ${known.join(', ')}.`,
    )
  }
  return address
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw unreadable()
  }
}

function unreadable(): Error {
  return new Error(
    'DATABASE_URL: should look like postgres://user:password@host:5432/name. In user and password ' +
      'write special characters as in any web address, such as %40 for @.',
  )
}

function isEncrypted(host: string, mode: string | undefined): boolean {
  if (mode === 'verify-full') return true
  if (isHere(host)) {
    if (mode === undefined || mode === 'disable') return false
    throw new Error(
      `DATABASE_URL: sslmode=${mode} is not one it takes. Say verify-full or disable.`,
    )
  }
  if (mode === undefined) return true
  throw new Error(
    `DATABASE_URL: sslmode=${mode} does not make sure who answers. Leave it out or say verify-full; ` +
      'name your own authority’s certificate with sslrootcert=/path/to/file.pem.',
  )
}

function isHere(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('/') || isLoopback(host)
}

function isLoopback(host: string): boolean {
  return isIPv4(host) && host.startsWith('127.')
}

function certificates(setting: (name: string) => string | undefined) {
  const read = (name: string) => {
    const path = setting(name)
    return path === undefined || path === 'system' ? undefined : readFileSync(path, 'utf8')
  }
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map(read)
  return {
    rejectUnauthorized: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  }
}
