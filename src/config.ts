/** The only reader of the environment. Every limit and lifetime stands here, unit last in its name. */

/** Limits that no setting changes. */
export const limits = {
  codeDigits: 6,
  codeLifetimeSeconds: 600,
  signInLifetimeSeconds: 600,
  methodFailuresMax: 100,
  passwordFailuresMax: 100,
  trustLifetimeDays: 14,
  graceDaysMax: 30,
  trustedDevicesPerBrowserMax: 20,
  previousTrustTokenSeconds: 60,
  linkLifetimeHours: 24,
  resetLinkLifetimeMinutes: 60,
  resetCookieSeconds: 600,
  firstOwnerLinkLifetimeHours: 24,
  notMeLinkLifetimeDays: 7,
  recoveryCodes: 10,
  recoveryCodeCharacters: 16,
  bodyBytesMax: 65_536,
  passwordCharactersMax: 256,
  nameCharactersMax: 100,
  methodsPerAccountMax: 10,
  hashingQueueMax: 64,
  sessionSeenSeconds: 60,
  eventsRetentionDays: 365,
  eventsPerPage: 50,
  eventsPerExportMax: 50_000,
  apiKeysPerTeamMax: 20,
  apiKeyLifetimeDays: 90,
  apiKeyLifetimeDaysMax: 365,
  apiKeySeenSeconds: 60,
  apiKeyRetentionDays: 30,
  messageRetentionDays: 30,
  challengeRetentionHours: 24,
} as const

export type Environment = Readonly<Record<string, string | undefined>>

export type Config = ReturnType<typeof defaults>

/** The settings of a local trial: everything an operator may change, with its default. */
export function defaults() {
  return {
    production: false,
    host: '127.0.0.1',
    port: 3000,
    baseUrl: 'http://localhost:3000',
    databaseUrl: null as string | null,
    databaseConnectionsMax: 10,
    dataFolder: './data',
    /** Keys given by the environment, base64 of 32 bytes each; otherwise read from the data folder. */
    keys: null as { secrets: string; codes: string; tokens: string } | null,
    trustedProxies: [] as string[],
    productName: 'Twostep',
    logoUrl: null as string | null,
    accentColour: null as string | null,
    supportEmail: null as string | null,
    supportChatUrl: null as string | null,
    signUpOpen: false,
    smtpUrl: null as string | null,
    mailFrom: null as string | null,
    twilio: null as { accountSid: string; authToken: string; from: string; apiUrl: string } | null,
    textWebhook: null as { url: string; secret: string } | null,
    logLevel: 'info',
    /** Texts have a way out: a provider, or outside production the local inbox. */
    textsPossible: true,

    passwordCharactersMin: 15,
    attemptsMax: 5,
    waitFromFailure: 10,
    waitFirstSeconds: 30,
    waitLongestSeconds: 3600,
    sourceGuessesMax: 30,
    sourceGuessRefillSeconds: 60,
    totpStepsAround: 1,
    setUpLifetimeMinutes: 30,
    sendPauseSeconds: 30,
    sendsPerHourMax: 5,
    sendsPerDayMax: 10,
    sendsPerSourcePerHourMax: 30,
    sendsPerSourcePerDayMax: 100,
    textsPerDayMax: 1000,
    sessionLifetimeHours: 168,
    sessionIdleHours: 24,
    stepUpLifetimeMinutes: 10,
    passwordHashMemoryKib: 19_456,
    passwordHashPasses: 2,
    messageTriesMax: 20,
    carrierTimeoutSeconds: 10,
  }
}
