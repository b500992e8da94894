import { z } from 'zod'
import { id } from '../http/field.ts'
import { acted, called } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { memberPlaces } from './pages-words.ts'
import { remindOne, remindSome, remindTicked } from './remind.ts'

const admins = { who: 'session', team: 'admin' } as const
const reminded = z.object({ reminded: z.number() })
const membersMax = 1000

/** One ticked box comes as a text, several as a list. */
const ticked = z
  .union([id.transform((one) => [one]), z.array(id).max(membersMax)])
  .optional()
  .transform((members) => members ?? [])

const listOf = (input: Readonly<Record<string, unknown>>) =>
  memberPlaces(String(input['team'])).list

/** Reminders: a mail at most once a day, so no step-up is asked; nothing is lost by one. */
export const remindRoutes: readonly Route[] = [
  acted({
    post: '/teams/:team/members/remind',
    ...admins,
    input: z.object({ team: id, member: ticked }),
    output: reminded,
    summary: 'Remind the members that are ticked.',
    run: remindTicked,
    then: (_result, input) => `${listOf(input)}?notice=members-reminded`,
    back: listOf,
  }),
  called({
    api: 'POST /teams/:team/reminders',
    ...admins,
    input: z.object({ team: id, members: z.array(id).max(membersMax).optional() }),
    output: reminded,
    summary: 'Remind these members, or without any named everybody who is not ready.',
    run: remindSome,
  }),
  acted({
    post: '/teams/:team/members/:member/remind',
    api: 'POST /teams/:team/members/:member/reminders',
    ...admins,
    input: z.object({ team: id, member: id }),
    output: reminded,
    summary: 'Remind a member to set up a method.',
    run: remindOne,
    then: (_result, { team, member }) => `${memberPlaces(team).one(member)}?notice=member-reminded`,
    back: ({ team = '', member = '' }) => memberPlaces(team).one(member),
  }),
]
