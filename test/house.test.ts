import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'
import { defaults, limits } from '../src/config.ts'

/** The rules of the house (CONTRIBUTING.md), kept by a test. */
const root = join(import.meta.dirname, '..')

/** Each noun may import those before it. */
const nouns = [
  'audit',
  'accounts',
  'policy',
  'sessions',
  'trusted-devices',
  'challenges',
  'recovery',
  'methods',
  'passes',
  'step-up',
  'requirement',
  'sign-in',
  'passwords',
  'addresses',
  'security',
  'teams',
  'invitations',
  'members',
  'team-log',
  'api-keys',
  'cases',
  'support',
  'home',
  'help',
  'inbox',
  'demo',
  'operator',
]
const plumbing = ['crypto', 'database', 'delivery', 'http', 'client']

type Import = { readonly to: string; readonly typeOnly: boolean }
type File = { readonly path: string; readonly text: string; readonly imports: readonly Import[] }

const files = listFiles('src').map(readSource)
const code = files.filter(({ path }) => path.endsWith('.ts'))
const nounOf = (path: string) => nouns.find((noun) => path.startsWith(`src/${noun}/`))
const plumbingOf = (path: string) => plumbing.find((name) => path.startsWith(`src/${name}/`))

test('house: every folder of src is a noun or a named piece of plumbing', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  assert.deepEqual(folders.toSorted(), [...nouns, ...plumbing].toSorted())
})

test('house: imports between nouns go one way', () => {
  const wrong = code.flatMap(({ path, imports }) => {
    const from = nounOf(path)
    if (from === undefined) return []
    return imports
      .filter(({ to }) => nouns.indexOf(nounOf(to) ?? from) > nouns.indexOf(from))
      .map(({ to }) => `${path} -> ${to}`)
  })
  assert.deepEqual(wrong, [])
})

test('house: plumbing knows no noun, but for the types a row of the route table speaks of', () => {
  const wrong = code.flatMap(({ path, imports }) =>
    plumbingOf(path) === undefined
      ? []
      : imports
          .filter(({ to, typeOnly }) => {
            if (nounOf(to) === undefined) return false
            return !(typeOnly && path.startsWith('src/http/'))
          })
          .map(({ to }) => `${path} -> ${to}`),
  )
  assert.deepEqual(wrong, [])
})

test('house: pages reach no data, use cases know no transport', () => {
  const isPage = (path: string) => /(^|[/-])pages?\.ts$|-pages?\.ts$|\/pages-/.test(path)
  const isTransport = (path: string) => isPage(path) || /(\/|-)routes\.ts$/.test(path)
  const wrong = code.flatMap(({ path, imports }) => {
    if (nounOf(path) === undefined) return []
    const forbidden = isPage(path)
      ? /\/store\.ts$|-store\.ts$|^src\/(crypto|database)\//
      : isTransport(path)
        ? /^src\/(crypto|database)\//
        : /^src\/http\//
    return imports
      .filter(({ to, typeOnly }) => forbidden.test(to) && !typeOnly)
      .map(({ to }) => `${path} -> ${to}`)
  })
  assert.deepEqual(
    wrong.filter((line) => !/src\/inbox\/stream\.ts|src\/inbox\/routes/.test(line)),
    [],
  )
})

test('house: only methods/index.ts names the methods', () => {
  const wrong = importersOf(/^src\/methods\/(totp|sms|email)\.ts$/, [
    'src/methods/index.ts',
    'src/demo/fill.ts',
  ])
  assert.deepEqual(wrong, [])
})

test('house: drivers and carriers are chosen in main.ts alone', () => {
  const choice =
    /^src\/(database\/(postgres|embedded)|delivery\/(smtp|twilio|webhook|deliver))\.ts$/
  assert.deepEqual(importersOf(choice, ['src/main.ts']), [])
})

test('house: one function creates sessions (FLOW-08)', () => {
  const creators = code.filter(({ text }) => /INSERT INTO sessions\b/.test(text))
  assert.deepEqual(
    creators.map(({ path }) => path),
    ['src/sign-in/settle.ts'],
  )
})

test('house: who calls it stands in the table of pathways (FLOW-08)', () => {
  const settle = 'src/sign-in/settle.ts'
  const callers = code.filter(({ imports }) =>
    imports.some(({ to, typeOnly }) => to === settle && !typeOnly),
  )
  const rows = read('docs/sign-in.md').matchAll(/^\|.*\| `([\w-]+\/[\w-]+\.ts)` \|/gm)
  assert.deepEqual(
    callers.map(({ path }) => path).toSorted(),
    [...new Set([...rows].map(([, file]) => `src/${file}`))].toSorted(),
  )
})

test('house: clock, chance and environment each have one home (CRY-01, OPS-02)', () => {
  const homes: readonly (readonly [RegExp, readonly string[]])[] = [
    [/\bnew Date\(\)|\bDate\.now\(/, ['src/main.ts']],
    [/\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/, []],
    [/\brandomBytes\b|\brandomFillSync\b|\brandomInt\b/, ['src/crypto/random.ts']],
    [/\bprocess\.env\b/, ['src/main.ts']],
  ]
  const wrong = homes.flatMap(([pattern, allowed]) =>
    code
      .filter(({ path, text }) => pattern.test(withoutComments(text)) && !allowed.includes(path))
      .map(({ path }) => `${path}: ${pattern}`),
  )
  assert.deepEqual(wrong, [])
})

test('house: statements are made of constants, never of what a request holds (WEB-07)', () => {
  const wrong = code.flatMap(({ path, text }) =>
    [...text.matchAll(/\.query(?:<[^`]*?>)?\(\s*`([^`]*)`/g)].flatMap(([, sql = '']) =>
      [...sql.matchAll(/\$\{([^}]*)\}/g)]
        .filter(([, said = '']) => !isConstant(said, text))
        .map(([, name]) => `${path}: \${${name}}`),
    ),
  )
  assert.deepEqual(wrong, [])
  const like = code.filter(({ text }) => /\bI?LIKE\b.*\$\d/.test(text)).map(({ path }) => path)
  assert.deepEqual(like, [])
})

test('house: no circle of imports, and no file that nobody imports', () => {
  const byPath = new Map(code.map((file) => [file.path, file]))
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    assert.ok(!trail.includes(path), `a circle: ${[...trail, path].join(' -> ')}`)
    if (done.has(path)) return
    for (const { to, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (!typeOnly) walk(to, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of code) walk(path, [])
  const imported = new Set(code.flatMap(({ imports }) => imports.map(({ to }) => to)))
  const alone = code.filter(({ path }) => !imported.has(path) && path !== 'src/main.ts')
  assert.deepEqual(
    alone.map(({ path }) => path),
    [],
  )
})

test('house: proportions, names and forms', () => {
  const wrong = code.flatMap(({ path, text }) => [
    ...(text.split('\n').length > 261 ? [`${path}: over 260 lines`] : []),
    ...(/^export default/m.test(text) ? [`${path}: default export`] : []),
    ...(/: any\b|<any>|as any\b/.test(withoutComments(text)) ? [`${path}: any`] : []),
    ...(/utils|helpers?|shared|common|manager|service/.test(path.replace('common-phrases', ''))
      ? [`${path}: a name that says nothing`]
      : []),
  ])
  assert.deepEqual(wrong, [])
})

test('house: limits quoted in the documents equal config.ts', () => {
  const known: Record<string, unknown> = { ...defaults(), ...limits }
  const documents = ['README.md', 'SECURITY.md', ...listFiles('docs')].filter((path) =>
    path.endsWith('.md'),
  )
  const wrong = documents.filter(exists).flatMap((path) =>
    [...read(path).matchAll(/`(\w+)` ?= ?`?([\d_]+)`?/g)]
      .filter(([, name = '']) => name in known)
      .filter(([, name = '', value = '']) => String(known[name]) !== value.replaceAll('_', ''))
      .map(([whole]) => `${path}: ${whole}`),
  )
  assert.deepEqual(wrong, [])
})

test('house: each ID that SECURITY.md claims has a test of its name', () => {
  const names = listFiles('test')
    .filter((path) => path.endsWith('.test.ts'))
    .map(read)
    .flatMap((text) =>
      [...text.matchAll(/\btest\(\s*['"`]([^'"`]*)/g)].map(([, name = '']) => name),
    )
  const tested = new Set(names.flatMap((name) => name.match(/\b[A-Z0-9]{2,4}Y?-\d\d\b/g) ?? []))
  const claimed = [...read('SECURITY.md').matchAll(/^\| ([A-Z0-9]+-\d\d) \|.*\| tested \|/gm)]
  const without = claimed.map(([, id = '']) => id).filter((id) => !tested.has(id))
  assert.deepEqual(without, [])
})

test('house: the root is a title page', () => {
  const entries = readdirSync(root).filter(
    (name) => !/^(node_modules|data|test-results|\.git)$/.test(name),
  )
  assert.ok(entries.length <= 22, `${entries.length} entries: ${entries.join(' ')}`)
})

/** A constant of the module, or a call of one of its functions. */
function isConstant(said: string, text: string): boolean {
  const name = /^\w+/.exec(said)?.[0] ?? ''
  return new RegExp(`^(export )?(const|function) ${name}\\b`, 'm').test(text)
}

function importersOf(pattern: RegExp, allowed: readonly string[]): string[] {
  return code.flatMap(({ path, imports }) =>
    imports
      .filter(({ to }) => pattern.test(to) && !allowed.includes(path))
      .map(({ to }) => `${path} -> ${to}`),
  )
}

function listFiles(folder: string): string[] {
  if (!exists(folder)) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function readSource(path: string): File {
  const text = read(path)
  const found = [...text.matchAll(/^(import|export)( type)? ?[^'"`;]*?from '(\.[^']+)'/gms)]
  const imports = found.map(([, , type, to = '']) => ({
    to: normalize(join(dirname(path), to)),
    typeOnly: type !== undefined,
  }))
  return { path, text, imports }
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function exists(path: string): boolean {
  return existsSync(join(root, path))
}
