import type { World } from '../world.ts'

/** The headers of every reply (WEB-02, WEB-04, SES-07). */
export function commonHeaders(world: World): Record<string, string> {
  const https = world.config.baseUrl.startsWith('https:')
  return {
    'cache-control': 'no-store',
    'content-security-policy': policy(null),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'otp-credentials=(self), camera=(), microphone=(), geolocation=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(https && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  }
}

/** Content-Security-Policy: scripts only by this reply's nonce (WEB-03). */
export function policy(nonce: string | null): string {
  return [
    "default-src 'self'",
    `script-src ${nonce === null ? "'none'" : `'nonce-${nonce}'`}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
