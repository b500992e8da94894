import type { LinkHolder } from '../accounts/open-link.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { caseHere, look } from './look.ts'
import type { Screen } from './look.ts'
import { findOpenCase, stopCase } from './store.ts'

/** What is about to be stopped. Changes nothing. Refused: case-over, stop-by-mail. */
export async function lookAtStopping(world: World, who: LinkHolder): Promise<Outcome<Screen>> {
  const screen = await look(world, who)
  return screen.ok && !screen.may_stop ? refuse('stop-by-mail') : screen
}

/**
 * "This was not me", or a change of mind, by the link of a mail: the case ends, whatever it has come
 * to (REC-01). Refused: case-over, stop-by-mail.
 */
export async function stop(
  world: World,
  who: LinkHolder,
  input: { link?: string | undefined },
): Promise<Outcome<{ cookies: { link: null } }>> {
  const here = await caseHere(world, who, input.link)
  if (here?.byMail === false) return refuse('stop-by-mail')
  const stopped =
    here !== null &&
    (await stopCase(world.sql, here.one.id, {
      how: 'stopped-by-mail',
      now: world.clock(),
      actor: null,
      reason: null,
      source: who.source,
      browser: who.browser,
      requestId: who.requestId,
      sessionHash: null,
    }))
  if (!stopped) return refuse('case-over')
  world.delivery.wake()
  return done({ cookies: { link: null } })
}

/** The same by somebody who is signed in to the account, as Home offers it. Refused: case-over. */
export async function stopMine(world: World, who: Member): Promise<Outcome> {
  const { account_id: actor, token_hash: sessionHash } = who.session
  const one = await findOpenCase(world.sql, actor)
  const stopped =
    one !== null &&
    (await stopCase(world.sql, one.id, {
      how: 'stopped-in-session',
      now: world.clock(),
      actor,
      reason: null,
      source: who.source,
      browser: who.browser,
      requestId: who.requestId,
      sessionHash,
    }))
  if (!stopped) return refuse('case-over')
  world.delivery.wake()
  return done({})
}
