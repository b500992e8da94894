import { limits } from '../config.ts'
import type { Message } from '../delivery/outbox.ts'
import { kindOf } from '../methods/index.ts'
import type { Policy } from '../policy/policy.ts'
import { dueAt, readyKinds } from './due-store.ts'

/** What the mails to a team's members are filled with, besides each member's own. */
export type Announced = {
  readonly team: string
  readonly team_name: string
  readonly version: number
  readonly bites: Policy['bites']
  readonly paused: boolean
  /** Titles of the methods that count. */
  readonly methods: readonly string[]
  /** Their kinds. */
  readonly kinds: readonly string[]
  readonly by: string
  readonly words: string | null
}

/** Makes them from a policy. */
export function announced(
  policy: Policy,
  team: { readonly team_id: string; readonly name: string },
  by: string,
  words: string | null,
  now: Date,
): Announced {
  const kinds = readyKinds(policy)
  return {
    team: team.team_id,
    team_name: team.name,
    version: policy.version,
    bites: policy.bites,
    paused: policy.paused_until !== null && policy.paused_until > now,
    methods: kinds.flatMap((name) => kindOf(name)?.title ?? []),
    kinds,
    by,
    words,
  }
}

/** Of a statement that writes mails to many members, the parameters it names. */
export type MailParameters = Readonly<Record<'announced' | 'kinds' | 'now', string>>

const columns = `id, channel, template, account_id, destination, parameters, created_at,
  expires_at, next_try_at`

/**
 * The piece of a statement that mails everybody in a team: one INSERT, so that all are written or
 * none, whatever happens in its middle. Ids are made of team, account and version: the same
 * announcement is never written twice. Mails become due at the pace they should leave at, so that
 * others, such as a link to a new password, need not wait for all of them.
 * `p`: the CTE with the changed policy; nobody is mailed where it is empty.
 */
export function insertAnnouncements(given: MailParameters, p: string, only: string): string {
  return `INSERT INTO messages (${columns})
    SELECT md5(concat_ws(' ', 'announcement', p.team_id, m.account_id, p.version))::uuid, 'mail',
      'announcement', m.account_id, a.email, ${memberParameters(given)}, ${given.now},
      ${given.now}::timestamptz + interval '${limits.announcementLifetimeDays} days',
      ${given.now}::timestamptz + ${pace}
    FROM ${p} p JOIN memberships m ON m.team_id = p.team_id
      JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
    WHERE ${only}`
}

/** What differs from member to member: when it bites, whether they are ready, what they have. */
export function memberParameters({ announced: all, kinds }: Omit<MailParameters, 'now'>): string {
  return `${all}::jsonb || jsonb_build_object('due', ${dueAt}, 'ready', m.kinds && ${kinds}::text[],
    'has_any', cardinality(m.kinds) > 0)`
}

/** Whole seconds that a mail waits for its turn. */
export const pace = `make_interval(secs =>
  (row_number() OVER () / ${limits.announcementsPerSecond})::double precision)`

/** One such mail as the writer of a preview needs it. */
export type Preview = Pick<Message, 'channel' | 'template' | 'destination' | 'parameters'>
