import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Config } from '../config.ts'
import { accentRules, onAccent } from './accent.ts'
import { twoSteps } from './html/brand.ts'

const defaultAccent = '#2f5bd8'
const yearSeconds = 31_536_000
const daySeconds = 86_400
const hashCharacters = 12

export type Assets = {
  /** Addresses that name their content: what is under one of them never changes. */
  readonly urls: { readonly style: string; readonly script: string }
  /** The file at `path`, in the best encoding the client accepts; null when there is none. */
  readonly answer: (path: string, acceptEncoding: string) => Response | null
}

type Asset = {
  readonly type: string
  readonly maxAgeSeconds: number
  readonly bodies: Readonly<Record<'br' | 'gzip' | 'identity', Uint8Array<ArrayBuffer>>>
}

/**
 * Reads the sheet and the script once, adds the operator's accent colour, compresses them, and
 * names them by a hash of their content. Throws when `config.accentColour` is not `#rrggbb`.
 */
export function loadAssets(config: Config): Assets {
  const accent = config.accentColour ?? defaultAccent
  const style = withoutComments(clientFile('style.css')) + accentRules(accent)
  const script = clientFile('app.js')
  const urls = {
    style: `/assets/style.${hashOf(style)}.css`,
    script: `/assets/app.${hashOf(script)}.js`,
  }
  const files = new Map([
    [urls.style, asset(style, 'text/css; charset=utf-8', yearSeconds)],
    [urls.script, asset(script, 'text/javascript; charset=utf-8', yearSeconds)],
    ['/favicon.svg', asset(favicon(accent), 'image/svg+xml', daySeconds)],
  ])
  return {
    urls,
    answer(path, acceptEncoding) {
      const file = files.get(path)
      return file === undefined ? null : reply(file, acceptEncoding)
    },
  }
}

function reply(file: Asset, acceptEncoding: string): Response {
  const encoding = bestEncoding(acceptEncoding)
  const lasting = file.maxAgeSeconds === yearSeconds ? ', immutable' : ''
  return new Response(file.bodies[encoding], {
    headers: {
      'content-type': file.type,
      'cache-control': `public, max-age=${file.maxAgeSeconds}${lasting}`,
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  })
}

/** Brotli, else gzip, else as it is; `q=0` is a no (RFC 9110, 12.5.3). */
function bestEncoding(acceptEncoding: string): 'br' | 'gzip' | 'identity' {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim())
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : 'identity'
}

function asset(text: string, type: string, maxAgeSeconds: number): Asset {
  const plain = Buffer.from(text)
  return {
    type,
    maxAgeSeconds,
    bodies: {
      br: new Uint8Array(brotliCompressSync(plain)),
      gzip: new Uint8Array(gzipSync(plain, { level: 9 })),
      identity: new Uint8Array(plain),
    },
  }
}

function clientFile(name: string): string {
  return readFileSync(new URL(`../client/${name}`, import.meta.url), 'utf8')
}

/** Comments and indentation of the sheet, which has neither inside its strings. */
function withoutComments(css: string): string {
  return css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*/g, '\n')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, hashCharacters)
}

/** The product's mark, for the browser's tab. */
function favicon(accent: string): string {
  const line = `fill="none" stroke="${onAccent(accent)}" stroke-width="2.75"`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="${accent}"/>
<path d="${twoSteps}" ${line} stroke-linecap="round" stroke-linejoin="round"/>
</svg>`
}
