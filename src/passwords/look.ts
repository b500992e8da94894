import { deliverySaid, progressOf } from '../challenges/progress.ts'
import type { Progress, Said } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { momentInWords } from '../delivery/words.ts'
import { toChoices } from '../methods/choices.ts'
import type { Choice } from '../methods/choices.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { findRecoverySet } from '../recovery/store.ts'
import type { World } from '../world.ts'
import { isProven, meansOf, openReset } from './open-reset.ts'
import type { Resetter } from './open-reset.ts'

/** How far a reset has come, and what is asked next. */
export type Screen = {
  /** The id of its link, which its forms name; no secret. */
  readonly link: string
  readonly email: string
  readonly next: 'second-step' | 'new-password'
  /** Whether a second step belongs to this reset, passed or not. */
  readonly enrolled: boolean
  readonly choices: readonly Choice[]
  /** Codes by mail were left out: they go where the link went (EML-02). */
  readonly mailbox_left_out: boolean
  readonly now_asked: Choice | null
  readonly recovery_codes_left: number
  /** How far the code of that method is; null when none is asked. */
  readonly progress: Progress | null
  readonly password_characters_min: number
}

/** What the reset open in this browser waits for. Changes nothing. Refused: reset-over, frozen. */
export async function look(world: World, who: Resetter): Promise<Outcome<Screen>> {
  const reset = await openReset(world, who)
  if (!reset) return refuse('reset-over')
  const now = world.clock()
  const { frozen_until: frozen } = reset
  if (frozen !== null && frozen > now) return refuse('frozen', { until: momentInWords(frozen) })
  const means = await meansOf(world, reset)
  const recovery = means.enrolled ? await findRecoverySet(world.sql, reset.account_id) : null
  const open = means.enrolled ? await findOpen(world.sql, reset.place, now) : null
  const proven = isProven(world, open)
  if (!proven && open && open.attempts_left <= 0) return refuse('too-many-tries-to-reset')
  const choices = toChoices(means.methods)
  const asked = choices.find((choice) => !choice.locked && choice.id === open?.method_id) ?? null
  return done({
    link: reset.id,
    email: reset.email,
    next: means.enrolled && !proven ? ('second-step' as const) : ('new-password' as const),
    enrolled: means.enrolled,
    choices,
    mailbox_left_out: means.mailboxLeftOut,
    now_asked: asked,
    recovery_codes_left: recovery?.codes_left ?? 0,
    progress: asked && open ? progressOf(world.config, open, now) : null,
    password_characters_min: world.config.passwordCharactersMin,
  })
}

/** How far the message with the present code has come. Refused: reset-over. */
export async function lookAtDelivery(world: World, who: Resetter): Promise<Outcome<Said>> {
  const reset = await openReset(world, who)
  const open = reset && (await findOpen(world.sql, reset.place, world.clock()))
  return open ? done(deliverySaid(open)) : refuse('reset-over')
}
