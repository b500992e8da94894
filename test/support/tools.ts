/** The programs the tests use: where each is found, and which package of Debian brings it. */
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

type Tool = {
  /** What a person calls it. */
  readonly called: string
  readonly debianPackage: string
  /** Paths where it may be, best first. */
  readonly places: () => readonly string[]
}

const tools = {
  initdb: {
    called: 'a PostgreSQL server',
    debianPackage: 'postgresql',
    places: () => [...onPath('initdb'), ...newestFirst('/usr/lib/postgresql/*/bin/initdb')],
  },
  chromium: { called: 'Chromium', debianPackage: 'chromium', places: chromiumPlaces },
  oathtool: { called: 'oathtool', debianPackage: 'oathtool', places: () => onPath('oathtool') },
  zbarimg: { called: 'zbarimg', debianPackage: 'zbar-tools', places: () => onPath('zbarimg') },
  openssl: { called: 'openssl', debianPackage: 'openssl', places: () => onPath('openssl') },
} as const satisfies Record<string, Tool>

export type ToolName = keyof typeof tools

const names = Object.keys(tools) as ToolName[]

/** The path of a tool. Throws one line saying what to install when it is not there. */
export function toolPath(name: ToolName): string {
  const path = find(name)
  if (path === null) throw new Error(askFor([name]))
  return path
}

/**
 * Installs the tools that are missing where that is allowed: as root on Debian or Ubuntu.
 * Gives null when all are there, else one line saying what to install.
 */
export function installMissingTools(): string | null {
  const missing = missingTools()
  if (missing.length > 0 && mayInstall()) install(missing)
  const left = missingTools()
  return left.length > 0 ? askFor(left) : null
}

function missingTools(): ToolName[] {
  return names.filter((name) => find(name) === null)
}

function find(name: ToolName): string | null {
  return tools[name].places().find(isProgram) ?? null
}

function askFor(missing: readonly ToolName[]): string {
  const called = missing.map((name) => tools[name].called).join(', ')
  const packages = packagesOf(missing).join(' ')
  const wrong = missing.includes('chromium') && process.env['CHROME_PATH']
  const notThere = wrong ? ` CHROME_PATH is ${wrong}, which is no program.` : ''
  return `The tests need ${called}.${notThere} On Debian or Ubuntu: apt-get install ${packages}`
}

function packagesOf(missing: readonly ToolName[]): string[] {
  return missing.map((name) => tools[name].debianPackage)
}

/** Its own choice or nothing when CHROME_PATH is set, so that a wrong one is not passed over. */
function chromiumPlaces(): string[] {
  const chosen = process.env['CHROME_PATH']
  if (chosen) return [chosen]
  const usual = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']
  return [...usual.flatMap(onPath), chromium.executablePath()]
}

function onPath(program: string): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, program))
}

function newestFirst(pattern: string): string[] {
  return globSync(pattern).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && onPath('apt-get').some(isProgram) && isDebianLike()
}

function isDebianLike(): boolean {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

function install(missing: readonly ToolName[]): void {
  const packages = packagesOf(missing)
  console.error(`Installing ${packages.join(', ')} for the tests.`)
  const permitCluster = packages.includes('postgresql') ? forbidCluster() : () => {}
  try {
    if (aptGet('update')) aptGet('install', '--yes', '--no-install-recommends', ...packages)
  } finally {
    permitCluster()
  }
}

/** What apt-get prints goes to stderr: stdout belongs to the test reporter. */
function aptGet(...words: string[]): boolean {
  const patient = ['--quiet', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  const { status } = spawnSync('apt-get', [...patient, ...words], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

/**
 * Debian's package makes and starts a server of its own when it is installed; this forbids it,
 * and gives the function that removes the prohibition afterwards.
 */
function forbidCluster(): () => void {
  const folder = '/etc/postgresql-common/createcluster.d'
  const file = join(folder, 'twostep-tests.conf')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
  return () => rmSync(file, { force: true })
}
