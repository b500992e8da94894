import { z } from 'zod'
import { limits } from '../config.ts'
import { dayOrNone, digits, id, ownWords, tick } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { bites } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'
import { confirm, draft, lookAtDraft } from './draft.ts'
import { lookAtPanel } from './look-at-policy.ts'
import { pausePage, remindPage, turnOffPage } from './pages-change.ts'
import { confirmPage } from './pages-confirm.ts'
import { panelPage } from './pages-panel.ts'
import { teamPlaces } from './places.ts'
import { lookAtReminder, remindAll } from './remind.ts'
import { lookAtStanding, turnOff } from './turn-off.ts'
import { alwaysAllowed } from './wanted.ts'

const root = '/teams/:team/general/two-step'
const nothing = z.object({})
const inTeam = z.object({ team: id })
const version = digits(1_000_000_000)
const asks = { who: 'session', team: 'admin' } as const
const proven = { who: 'fresh', team: 'admin' } as const

/** The boxes of the panel: one for each strength that may be forbidden. */
const boxes = strengths.filter((one) => !alwaysAllowed.includes(one))
type Boxes = Record<`allow_${Strength}`, typeof tick>

/** The panel's form. */
const panelForm = z.object({
  team: id,
  version,
  bites: z.enum(bites),
  date: dayOrNone.optional().default(null),
  joiner_days: digits(limits.graceDaysMax),
  trust_days: digits(limits.trustLifetimeDays),
  words: ownWords(limits.ownWordsCharactersMax).optional().default(null),
  ...(Object.fromEntries(boxes.map((one) => [`allow_${one}`, tick])) as Boxes),
})

const pauseForm = z.object({ team: id, version, paused_until: dayOrNone })

function allowedBy(form: Readonly<Record<string, unknown>>): Strength[] {
  return strengths.filter((one) => alwaysAllowed.includes(one) || form[`allow_${one}`] === true)
}

type Fields = Readonly<Record<string, string>>
const placesOf = (input: Fields) => teamPlaces(input['team'] ?? '')
const saved = (team: string) => `${teamPlaces(team).general}?notice=policy-saved#security`

const panel: readonly Route[] = [
  shown({
    get: root,
    ...asks,
    input: inTeam,
    output: nothing,
    summary: 'Whom the switch would concern, and how it may be set.',
    run: lookAtPanel,
    page: panelPage,
  }),
  acted({
    post: root,
    ...asks,
    input: panelForm,
    output: nothing,
    summary: 'Keep a change until it is confirmed.',
    run: (world, who: Parameters<typeof draft>[1], input: z.infer<typeof panelForm>) => {
      const { version, bites, date, joiner_days, trust_days, words } = input
      const given = { bites, date: bites === 'date' ? date : null, joiner_days, trust_days, words }
      return draft(world, who, { version, ...given, strengths: allowedBy(input), required: true })
    },
    then: ({ team }) => teamPlaces(team).confirm,
    back: (input) => placesOf(input).panel,
  }),
  shown({
    get: `${root}/confirm`,
    ...proven,
    input: inTeam,
    output: nothing,
    summary: 'Asks before what the team requires is changed.',
    run: lookAtDraft,
    page: confirmPage,
  }),
  acted({
    post: `${root}/confirm`,
    ...proven,
    input: z.object({ team: id, made_at: z.iso.datetime() }),
    output: nothing,
    summary: 'Make the change that was shown.',
    run: confirm,
    then: ({ team }) => saved(team),
    back: (input) => placesOf(input).confirm,
  }),
]

const lessening: readonly Route[] = [
  shown({
    get: `${root}/off`,
    ...proven,
    input: inTeam,
    output: nothing,
    summary: 'Asks before the requirement is turned off.',
    run: lookAtStanding,
    page: turnOffPage,
  }),
  acted({
    post: `${root}/off`,
    ...proven,
    input: z.object({ team: id, version }),
    output: nothing,
    summary: 'Turn the requirement off.',
    run: turnOff,
    then: ({ team }) => saved(team),
    back: (input) => placesOf(input).off,
  }),
  shown({
    get: `${root}/pause`,
    ...asks,
    input: inTeam,
    output: nothing,
    summary: 'Until when the requirement may rest.',
    run: lookAtStanding,
    page: pausePage,
  }),
  acted({
    post: `${root}/pause`,
    ...asks,
    input: pauseForm,
    output: nothing,
    summary: 'Keep a pause until it is confirmed.',
    run: (world, who: Parameters<typeof draft>[1], input: z.infer<typeof pauseForm>) => {
      const { version, paused_until } = input
      return draft(world, who, { version, paused_until })
    },
    then: ({ team }) => teamPlaces(team).confirm,
    back: (input) => placesOf(input).pause,
  }),
]

const reminding: readonly Route[] = [
  shown({
    get: `${root}/remind`,
    ...asks,
    input: inTeam,
    output: nothing,
    summary: 'Asks before everybody who is not ready is reminded.',
    run: lookAtReminder,
    page: remindPage,
  }),
  acted({
    post: `${root}/remind`,
    ...asks,
    input: inTeam,
    output: nothing,
    summary: 'Remind everybody who is not ready.',
    run: remindAll,
    then: (_result, { team }) => `${teamPlaces(team).general}?notice=members-reminded#security`,
    back: (input) => placesOf(input).remind,
  }),
]

/** What a team requires, in pages: each change is shown, then confirmed (product.md, Teams 2). */
export const panelRoutes: readonly Route[] = [...panel, ...lessening, ...reminding]
