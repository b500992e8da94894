import { limits } from '../config.ts'
import { kinds } from '../methods/index.ts'
import type { Strength } from '../policy/strength.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'

/** How a method's code gets to the person: made by their app, or sent. */
export type Way = 'app' | 'text' | 'mail'

/** What Help says in numbers and names, so that it says what this installation does. */
export type Facts = {
  /** The kinds of method, strongest first. */
  readonly methods: readonly {
    readonly way: Way
    readonly sends: 'text' | 'mail' | null
    readonly title: string
    readonly strength: Strength
  }[]
  readonly codeMinutes: number
  readonly triesMax: number
  readonly waitFromFailure: number
  readonly waitFirstSeconds: number
  readonly waitLongestSeconds: number
  readonly methodFailuresMax: number
  readonly sendPauseSeconds: number
  readonly sendsPerHourMax: number
  readonly trustDays: number
  readonly graceDaysMax: number
  readonly passHours: number
  readonly invitationDays: number
  readonly recoveryCodes: number
  readonly stepUpMinutes: number
  readonly sessionHours: number
  readonly sessionIdleHours: number
  readonly passwordFailuresMax: number
  readonly resetLinkMinutes: number
  readonly signInRecordHours: number
  readonly messageRecordDays: number
  readonly eventRecordDays: number
}

/** Reads the settings Help quotes (OPS-06). Needs nobody signed in; never refused. */
export async function look({ config }: World): Promise<Outcome<Facts>> {
  return done({
    methods: kinds.map(({ title, strength, sends }) => {
      return { way: sends ?? 'app', sends, title, strength }
    }),
    codeMinutes: limits.codeLifetimeSeconds / 60,
    triesMax: config.attemptsMax,
    waitFromFailure: config.waitFromFailure,
    waitFirstSeconds: config.waitFirstSeconds,
    waitLongestSeconds: config.waitLongestSeconds,
    methodFailuresMax: limits.methodFailuresMax,
    sendPauseSeconds: config.sendPauseSeconds,
    sendsPerHourMax: config.sendsPerHourMax,
    trustDays: limits.trustLifetimeDays,
    graceDaysMax: limits.graceDaysMax,
    passHours: limits.passLifetimeHours,
    invitationDays: limits.invitationLifetimeDays,
    recoveryCodes: limits.recoveryCodes,
    stepUpMinutes: config.stepUpLifetimeMinutes,
    sessionHours: config.sessionLifetimeHours,
    sessionIdleHours: config.sessionIdleHours,
    passwordFailuresMax: limits.passwordFailuresMax,
    resetLinkMinutes: limits.resetLinkLifetimeMinutes,
    signInRecordHours: limits.challengeRetentionHours,
    messageRecordDays: limits.messageRetentionDays,
    eventRecordDays: limits.eventsRetentionDays,
  })
}
