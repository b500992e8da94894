import { limits } from '../config.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member, Session } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { toChoices } from './choices.ts'
import type { Choice } from './choices.ts'
import { kinds } from './index.ts'
import type { About, Kind, Method } from './method.ts'
import { standing } from '../policy/policy.ts'
import type { Membership } from '../policy/policy.ts'
import type { Strength } from '../policy/strength.ts'
import { listConfirmed } from './store.ts'

/** A kind of method that may be set up, and what stands in its way. */
export type Offer = {
  readonly kind: string
  readonly title: string
  readonly strength: Strength
  readonly sends: 'text' | 'mail' | null
  /** Several of this kind may be on, each with a name. */
  readonly several: boolean
  readonly about: About
  /** Where its codes would go, masked; null where none are sent or nothing is known yet. */
  readonly masked: string | null
  readonly why_not:
    | 'texts-not-set-up'
    | 'phone-missing'
    | 'email-unverified'
    | 'already-on'
    | 'too-many'
    | 'forbidden-by-team'
    | 'not-in-recovery'
    | null
  /** The teams that do not allow this kind; null where they do. */
  readonly forbidden_by: string | null
}

/** What can be set up, strongest first, and what is on already. */
export type Offers = {
  readonly offers: readonly Offer[]
  readonly methods: readonly Choice[]
  /** The page that was wanted when a team's requirement came between (A4). */
  readonly wanted: string | null
}

/** What this person can set up now (ENR-08). Changes nothing; never refused. */
export async function offers(world: World, who: Member): Promise<Outcome<Offers>> {
  const methods = await listConfirmed(world.sql, who.session.account_id)
  const { wanted } = who.session
  const offers = toOffers(world, who.session, methods)
  return done({ offers, methods: toChoices(methods), wanted })
}

/** Every kind, strongest first, held against what the account has. */
export function toOffers(world: World, session: Session, methods: readonly Method[]): Offer[] {
  const asking = standing(session.teams, world.clock())
  return kinds.map((kind) => {
    const { title, strength, sends, several, about } = kind
    const to = { text: session.phone, mail: session.email }[sends ?? 'mail']
    return {
      kind: kind.kind,
      title,
      strength,
      sends,
      several,
      about,
      masked: sends && to && maskDestination(to),
      why_not:
        forbidden(kind, asking).length > 0
          ? 'forbidden-by-team'
          : whyNot(world, kind, session, counting(session, methods)),
      forbidden_by: forbidden(kind, asking).join(' and ') || null,
    }
  })
}

/** The methods that are in the way of another; in a recovery none are, because they go with it. */
export function counting<M>({ recovery_case }: Session, methods: readonly M[]): readonly M[] {
  return recovery_case === null ? methods : []
}

/**
 * Whether a kind may not complete a recovery: its link came by mail, so codes by mail would make one
 * mailbox enough (EML-02).
 */
export function leftOut({ strength }: Kind, { recovery_case }: Session): boolean {
  return recovery_case !== null && strength === 'weakest'
}

/** Names of the teams that require something and do not take this kind for it (SMS-03, FLOW-07). */
export function forbidden({ strength }: Kind, asking: readonly Membership[]): string[] {
  return asking
    .filter(({ policy }) => policy !== null && !policy.strengths.includes(strength))
    .map(({ name }) => name)
}

function whyNot(
  world: World,
  kind: Kind,
  session: Session,
  methods: readonly Method[],
): Offer['why_not'] {
  if (leftOut(kind, session)) return 'not-in-recovery'
  if (!kind.several && methods.some((method) => method.kind === kind.kind)) return 'already-on'
  if (methods.length >= limits.methodsPerAccountMax) return 'too-many'
  if (kind.sends === 'text' && !world.config.textsPossible) return 'texts-not-set-up'
  if (kind.sends === 'text' && session.phone === null) return 'phone-missing'
  if (kind.sends === 'mail' && session.email_verified_at === null) return 'email-unverified'
  return null
}
