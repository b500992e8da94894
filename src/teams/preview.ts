import { announcementLetter } from '../delivery/team-letters.ts'
import type { Policy } from '../policy/policy.ts'
import type { World } from '../world.ts'
import { announced } from './announce.ts'
import type { InTeam } from './in-team.ts'

/** A mail as its reader will see it. */
export type LetterPreview = {
  readonly to: 'those who are not ready' | 'those who are ready'
  readonly subject: string
  readonly text: string
}

/** The mails that members would get about a policy, made by what makes the real ones. */
export function previewsOf(
  world: World,
  { session, team }: InTeam,
  policy: Policy,
  words: string | null,
): LetterPreview[] {
  const now = world.clock()
  const filled = announced(policy, team, session.name, words, now)
  const due = new Date(
    Math.max(Number(policy.bites_at ?? policy.since), Number(policy.paused_until)),
  )
  return (['those who are not ready', 'those who are ready'] as const).map((to) => {
    const own = { due: due.toISOString(), ready: to === 'those who are ready', has_any: false }
    const parameters = { ...filled, ...own }
    const part = { id: team.team_id, destination: session.email, parameters, created_at: now }
    const letter = announcementLetter(part, world.config)
    if (letter.channel !== 'mail') throw new Error('members are told by mail')
    return { to, subject: letter.subject, text: letter.text }
  })
}
