import { recentEvents } from '../audit/store.ts'
import type { Activity as Event } from '../audit/store.ts'
import { saysMethod, sentenceOf, spoken } from '../audit/words.ts'
import { toChoices } from '../methods/choices.ts'
import type { Kept } from '../methods/choices.ts'
import { kindOf } from '../methods/index.ts'
import { toOffers } from '../methods/offers.ts'
import type { Offer } from '../methods/offers.ts'
import { otherNumber } from '../methods/other-number.ts'
import type { OtherNumber } from '../methods/other-number.ts'
import { keptBy } from '../methods/required-by.ts'
import { listConfirmed } from '../methods/store.ts'
import { standing } from '../policy/policy.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { readSet } from '../recovery/look.ts'
import type { RecoveryView } from '../recovery/look.ts'
import { comingOf } from '../requirement/coming.ts'
import type { Coming } from '../requirement/coming.ts'
import { openSessions } from '../sessions/look-at.ts'
import type { SessionView } from '../sessions/look-at.ts'
import type { Member } from '../sessions/session.ts'
import { spareOf } from '../sessions/spare.ts'
import type { Spare } from '../sessions/spare.ts'
import { trustedDevices } from '../trusted-devices/look-at.ts'
import type { DeviceView } from '../trusted-devices/look-at.ts'
import type { Browser } from '../trusted-devices/recognise.ts'
import type { World } from '../world.ts'

/** One thing that happened to the account, in words. */
export type Activity = {
  readonly at: Date
  readonly kind: Event['kind']
  readonly sentence: string
  /** The kind of method it was about, as people call it, where the sentence does not say it. */
  readonly method: string | null
  readonly source: string
  readonly browser: string
}

/** Everything of one person's own two-step verification (ENR-08). */
export type Overview = {
  readonly on: boolean
  readonly methods: readonly Kept[]
  readonly offers: readonly Offer[]
  readonly new_number: OtherNumber | null
  readonly recovery: RecoveryView | null
  readonly devices: readonly DeviceView[]
  readonly sessions: readonly SessionView[]
  readonly activity: readonly Activity[]
  /** What a team will require that is missing yet. */
  readonly coming: Coming | null
  /** What this session was opened or proven with instead of a method. */
  readonly spare: Spare | null
}

/** Reads what the Security page shows. Changes nothing; never refused. */
export async function look(world: World, who: Member & Browser): Promise<Outcome<Overview>> {
  const { session } = who
  const account = session.account_id
  const [methods, recovery, devices, sessions, events] = await Promise.all([
    listConfirmed(world.sql, account),
    readSet(world, account),
    trustedDevices(world, who),
    openSessions(world, who),
    recentEvents(world.sql, account, eventsRead),
  ])
  const asking = standing(session.teams, world.clock())
  return done({
    on: methods.length > 0,
    methods: toChoices(methods).map((one) => ({ ...one, kept_by: keptBy(asking, methods, one) })),
    offers: toOffers(world, session, methods),
    new_number: otherNumber(session, methods, asking),
    recovery,
    devices,
    sessions,
    activity: events.filter(tellsSomething).slice(0, eventsShown).map(inWords),
    coming: comingOf(session, world.clock()),
    spare: spareOf(world, session),
  })
}

const eventsShown = 10
const eventsRead = 40

/** Being asked to confirm first is the normal way of every change, and says nothing to its person. */
function tellsSomething(event: Event): boolean {
  return event.kind !== 'request.step-up-missing'
}

function inWords(event: Event): Activity {
  const { at, kind, source, browser, details } = event
  const about = event.method_kind && !kind.startsWith('recovery.')
  const method = (about && kindOf(event.method_kind)?.title) || null
  const byOther = event.actor_id !== null && event.actor_id !== event.account_id
  const sentence = spoken(sentenceOf({ kind, details, method, parties: null, byOther }))
  return { at, kind, sentence, method: saysMethod(kind) ? null : method, source, browser }
}
