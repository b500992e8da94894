import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { kinds } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { announced } from './announce.ts'
import { readyKinds } from './due-store.ts'
import type { InTeam } from './in-team.ts'
import { countToRemind, remindByHand, remindBySchedule } from './remind-store.ts'

/**
 * Mails a reminder to members of the team who are not ready and not exempt, each at most once a day
 * whoever asks, and logs it for each (AUD-01). Those who need none are left out. Refused:
 * not-required (the team asks nothing), not-found (an account that is not of the team: then nobody
 * is reminded, ENR-09).
 */
export async function remindMembers(
  world: World,
  who: InTeam,
  accounts: readonly string[] | 'all-not-ready',
): Promise<Outcome<{ reminded: number }>> {
  const { session, team } = who
  const now = world.clock()
  if (!team.policy?.required) return refuse('not-required')
  const about = {
    actor: session.account_id,
    sessionHash: session.token_hash,
    team: team.team_id,
  }
  const { reminded, strangers } = await remindByHand(world.sql, {
    teamId: team.team_id,
    accounts: accounts === 'all-not-ready' ? null : accounts,
    now,
    notAfter: dayAgo(now),
    filled: JSON.stringify(announced(team.policy, team, session.name, null, now)),
    kinds: readyKinds(team.policy),
    event: JSON.stringify(event(who, now, 'member.reminded', about)),
  })
  if (strangers) return refuse('not-found')
  world.delivery.wake()
  return done({ reminded })
}

/** Reminds everybody who is not ready. Refused: as `remindMembers`. */
export function remindAll(world: World, who: InTeam): Promise<Outcome<{ reminded: number }>> {
  return remindMembers(world, who, 'all-not-ready')
}

/** How many `remindAll` would mail now, and how many had one today. Refused: not-required. */
export async function lookAtReminder(
  world: World,
  { team }: InTeam,
): Promise<Outcome<{ team: string; due: number; lately: number }>> {
  if (!team.policy?.required) return refuse('not-required')
  const now = world.clock()
  const counted = await countToRemind(world.sql, {
    teamId: team.team_id,
    kinds: readyKinds(team.policy),
    now,
    notAfter: dayAgo(now),
  })
  return done({ team: team.team_id, ...counted })
}

function dayAgo(now: Date): Date {
  return new Date(now.getTime() - limits.remindedPauseHours * 3_600_000)
}

const batch = 2000

/**
 * Writes the reminders that are due 7, 3 and 1 days before members' dates, for those who are not
 * ready. Any number of copies may do it at once. Gives how many were written.
 */
export async function remindDue(world: World): Promise<number> {
  const now = world.clock()
  const titles = kinds.map(({ title }) => title)
  let written = 0
  for (let last = batch; last === batch; written += last) {
    last = (await remindBySchedule(world.sql, now, titles, batch)).length
  }
  if (written > 0) world.delivery.wake()
  return written
}
