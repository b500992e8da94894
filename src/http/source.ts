import { isIP, isIPv6 } from 'node:net'

/**
 * The client's address, from the connection, or, when that is a trusted proxy, from the last
 * address in X-Forwarded-For that is not one. IPv6 is cut to its /64 (LIM-09).
 */
export function sourceOf(
  remote: string,
  forwardedFor: string | null,
  trustedProxies: readonly string[],
): string {
  const chain = [...(forwardedFor ?? '').split(',').map((part) => part.trim()), plain(remote)]
  for (const address of chain.toReversed()) {
    if (isIP(plain(address)) === 0) break
    if (!trustedProxies.includes(plain(address))) return network(plain(address))
  }
  return network(plain(remote))
}

/** An IPv4 address inside IPv6 is the IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function network(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length
  const groups = [...front, ...Array<string>(Math.max(0, zeros)).fill('0'), ...back]
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group || '0', 16).toString(16))
    .join(':')}::/64`
}
