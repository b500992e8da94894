import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { plain } from '../delivery/words.ts'
import type { World } from '../world.ts'
import { NotDone, WrongUse, yes } from './command.ts'
import type { Command } from './command.ts'
import * as operator from './operator.ts'
import { findTeams, listOwners, turnOff } from './policy-store.ts'
import type { Team } from './policy-store.ts'

/** For a team whose admins are all locked out by what they require themselves. */
export const policyOff: Command = {
  name: 'policy-off',
  takes: '<team’s name or id> --reason "…" [--yes]',
  does: 'Stops requiring two-step authentication in a team. Its owner and admins are told.',
  word: 'needed',
  options: { reason: { type: 'string' }, ...yes },
  async run(desk, given) {
    const reason = operator.reasonOf(given)
    const world = await desk.open()
    const team = one(await findTeams(world.sql, given.word), given.word)
    if (!team.required) {
      desk.terminal.say('This team does not require two-step authentication. Nothing was changed.')
      return
    }
    await operator.confirm(desk, given, effects(team), {
      question: 'Type the team’s name or id again to go on:',
      fits: (typed) => typed.trim() === given.word.trim(),
    })
    if (!(await write(world, team, reason))) {
      throw new NotDone('Nothing was changed: somebody else turned it off meanwhile.')
    }
    desk.terminal.say('Done: the team requires nothing any more. Its owner and admins are told.')
  },
}

/** The only team that is meant. Throws WrongUse when there is none, or when there are several. */
function one(teams: readonly Team[], typed: string): Team {
  const [team] = teams
  if (team === undefined) throw new WrongUse(`There is no team “${plain(typed)}”.`)
  if (teams.length > 1) {
    const ids = teams.map(({ id, members }) => `${id} (${members} members)`).join(', ')
    throw new WrongUse(`Several teams have this name. Say which by its id: ${ids}.`)
  }
  return team
}

function effects({ name, members }: Team): string[] {
  return [
    `The team “${plain(name)}” (${members} members) will no longer require two-step authentication.`,
    'Members keep the methods they have and are still asked for them; the others sign in with the',
    'password alone. Its other rules stay. An admin can turn it on again at any time.',
  ]
}

async function write(world: World, team: Team, reason: string): Promise<boolean> {
  const who = operator.operatorAt(world)
  const now = world.clock()
  const about = { team: team.id, ...operator.byOperator({ reason }) }
  const events = JSON.stringify([event(who, now, 'operator.policy-off', about)])
  const owners = await listOwners(world.sql, team.id)
  const details = { team: team.name, reason }
  const messages = owners.flatMap((owner) =>
    noticeMessages(world, who, owner, 'operator-policy-off', details),
  )
  const done = await turnOff(world.sql, team.id, now, events, JSON.stringify(messages))
  if (done) world.delivery.wake()
  return done
}
