import { isIP } from 'node:net'
import { defaults } from './config.ts'
import type { Config } from './config.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Settings that are not right, each with what to do. Nothing starts with one of them. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused'
}

/**
 * The configuration from environment variables; what is not given keeps its default. Refuses, with
 * every problem at once, what cannot be read, and in production what is not safe (OPS-01, CRY-02).
 */
export function readSettings(environment: Environment): Config {
  const problems: string[] = []
  const read = reader(environment, problems)
  const port = read.integer('PORT', 1, 65_535) ?? defaults().port
  const production = environment['NODE_ENV'] === 'production'
  const strict = read.oneOf('SESSION_PRESET', ['default', 'strict']) === 'strict'
  const config: Config = {
    ...defaults(),
    production,
    port,
    host: read.text('HOST') ?? defaults().host,
    baseUrl: (read.url('BASE_URL') ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    databaseUrl: read.text('DATABASE_URL'),
    dataFolder: read.text('DATA_FOLDER') ?? defaults().dataFolder,
    keys: readKeySettings(read, problems),
    trustedProxies: read.list('TRUSTED_PROXIES').map((address) => read.address(address)),
    productName: read.text('PRODUCT_NAME') ?? defaults().productName,
    logoUrl: read.text('LOGO_URL'),
    accentColour: read.text('ACCENT_COLOUR'),
    supportEmail: read.text('SUPPORT_EMAIL'),
    supportChatUrl: read.url('SUPPORT_CHAT_URL'),
    signUpOpen: read.oneOf('SIGN_UP', ['open', 'closed']) === 'open',
    smtpUrl: read.text('SMTP_URL'),
    mailFrom: read.text('MAIL_FROM'),
    twilio: readTwilio(read, problems),
    textWebhook: readWebhook(read, problems),
    logLevel: read.oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error']) ?? defaults().logLevel,
    passwordCharactersMin:
      read.integer('PASSWORD_CHARACTERS_MIN', 8, 64) ?? defaults().passwordCharactersMin,
    ...readRecovery(read, problems),
    ...(strict && { sessionLifetimeHours: 24, sessionIdleHours: 1 }),
  }
  config.textsPossible = !production || config.twilio !== null || config.textWebhook !== null
  if (config.smtpUrl && !config.mailFrom)
    problems.push('MAIL_FROM: say which address mails are from.')
  if (production) checkProduction(config, problems)
  if (problems.length > 0) throw new SettingsRefused(problems.join('\n'))
  return config
}

type Reader = ReturnType<typeof reader>

function reader(environment: Environment, problems: string[]) {
  const text = (name: string) => environment[name]?.trim() || null
  return {
    text,
    list: (name: string) =>
      (text(name) ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    integer(name: string, least: number, most: number): number | null {
      const given = text(name)
      if (given === null) return null
      const number = Number(given)
      if (Number.isInteger(number) && number >= least && number <= most) return number
      problems.push(`${name}: a whole number from ${least} to ${most}.`)
      return null
    },
    oneOf<T extends string>(name: string, values: readonly T[]): T | null {
      const given = text(name)
      const found = values.find((value) => value === given)
      if (given !== null && !found) problems.push(`${name}: one of ${values.join(', ')}.`)
      return found ?? null
    },
    url(name: string): string | null {
      const given = text(name)
      if (given === null || /^https?:\/\/[^/]/.test(given)) return given
      problems.push(`${name}: an address that starts with https://.`)
      return null
    },
    address(given: string): string {
      if (isIP(given) === 0) problems.push(`TRUSTED_PROXIES: ${given} is not an IP address.`)
      return given
    },
  }
}

/** The waits of support recovery (REC-04, REC-07); whoever manages others waits as long at least. */
function readRecovery(read: Reader, problems: string[]) {
  const usual = defaults()
  const waits = {
    recoveryWaitHours: read.integer('RECOVERY_WAIT_HOURS', 12, 336) ?? usual.recoveryWaitHours,
    recoveryWaitPrivilegedHours:
      read.integer('RECOVERY_WAIT_PRIVILEGED_HOURS', 24, 336) ?? usual.recoveryWaitPrivilegedHours,
    recoveryFreezeHours:
      read.integer('RECOVERY_FREEZE_HOURS', 24, 336) ?? usual.recoveryFreezeHours,
    supportDecisionsPerDayMax:
      read.integer('SUPPORT_DECISIONS_PER_DAY', 1, 500) ?? usual.supportDecisionsPerDayMax,
  }
  if (waits.recoveryWaitPrivilegedHours < waits.recoveryWaitHours) {
    problems.push('RECOVERY_WAIT_PRIVILEGED_HOURS: at least as long as RECOVERY_WAIT_HOURS.')
  }
  return waits
}

function readKeySettings(read: Reader, problems: string[]): Config['keys'] {
  const secrets = read.text('SECRETS_KEY')
  const codes = read.text('CODES_KEY')
  const tokens = read.text('TOKENS_KEY')
  if (secrets && codes && tokens) return { secrets, codes, tokens }
  if (secrets || codes || tokens) {
    problems.push('SECRETS_KEY, CODES_KEY, TOKENS_KEY: give all three, or none.')
  }
  return null
}

function readTwilio(read: Reader, problems: string[]): Config['twilio'] {
  const accountSid = read.text('TWILIO_ACCOUNT_SID')
  const authToken = read.text('TWILIO_AUTH_TOKEN')
  const from = read.text('TWILIO_FROM')
  const apiUrl = read.url('TWILIO_API_URL') ?? 'https://api.twilio.com'
  if (accountSid && authToken && from) return { accountSid, authToken, from, apiUrl }
  if (accountSid || authToken || from) {
    problems.push('TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM: give all three, or none.')
  }
  return null
}

function readWebhook(read: Reader, problems: string[]): Config['textWebhook'] {
  const url = read.url('TEXT_WEBHOOK_URL')
  const secret = read.text('TEXT_WEBHOOK_SECRET')
  if (url && secret && secret.length >= 32) return { url, secret }
  if (url || secret) {
    problems.push('TEXT_WEBHOOK_URL and TEXT_WEBHOOK_SECRET go together; 32 characters at least.')
  }
  return null
}

/** What a trial may do and production may not. */
function checkProduction(config: Config, problems: string[]): void {
  if (!config.baseUrl.startsWith('https://')) {
    problems.push('BASE_URL: production needs the public https:// address of this site.')
  }
  if (!config.smtpUrl) {
    problems.push('SMTP_URL: production needs a mail server; the local inbox does not exist there.')
  }
  if (config.logLevel === 'debug') problems.push('LOG_LEVEL: production does not run at debug.')
  if (config.twilio && !config.twilio.apiUrl.startsWith('https://')) {
    problems.push('TWILIO_API_URL: must start with https:// in production.')
  }
  if (config.textWebhook && !config.textWebhook.url.startsWith('https://')) {
    problems.push('TEXT_WEBHOOK_URL: must start with https:// in production.')
  }
}
