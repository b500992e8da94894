import { keyedDigest } from '../crypto/tokens.ts'
import type { SendLimit } from '../delivery/sends.ts'
import type { World } from '../world.ts'
import type { InTeam } from '../teams/in-team.ts'

/**
 * What bounds the mails of invitations (CODE-06): each address, over all teams; and the number of
 * them for the team, for who sends them and for the source. An address has a budget of its own, so
 * that invitations use up nothing its owner needs to sign in.
 */
export function inviteLimits(
  world: World,
  who: InTeam,
  emailKeys: readonly string[],
): { readonly limits: SendLimit[]; readonly addressOf: ReadonlyMap<string, string> } {
  const { config, keys } = world
  const addressOf = new Map(
    emailKeys.map((key) => [keyedDigest(keys, 'invitation-destination', key), key]),
  )
  const one = {
    pauseSeconds: config.sendPauseSeconds,
    perHourMax: config.sendsPerHourMax,
    perDayMax: config.sendsPerDayMax,
  }
  const many = {
    pauseSeconds: 0,
    perHourMax: config.invitationsPerHourMax,
    perDayMax: config.invitationsPerDayMax,
    count: emailKeys.length,
  }
  const senders = [
    keyedDigest(keys, 'invitation-team', who.team.team_id),
    keyedDigest(keys, 'invitation-account', who.session.account_id),
    keyedDigest(keys, 'invitation-source', who.source),
  ]
  return {
    limits: [
      ...[...addressOf.keys()].map((key) => ({ key, ...one })),
      ...senders.map((key) => ({ key, ...many })),
    ],
    addressOf,
  }
}
