import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import type { Caller, World } from '../world.ts'
import { maskDestination } from './mask.ts'
import type { Letter } from './port.ts'
import type { NoticeEvent } from './notice-events.ts'

/** Everything we send, by name. */
export type Template =
  | 'code'
  | 'sign-up'
  | 'sign-up-existing'
  | 'verify-email'
  | 'reset-password'
  | 'change-email'
  | 'notify-email'
  | 'invitation'
  | 'recovery-case'
  | 'recover-account'
  | 'notice'
  | 'announcement'
  | 'reminder'
  | 'policy-changed'

/** A row of `messages` as its writer makes it. It names its code or link and never holds it (CODE-05). */
export type Message = {
  readonly id: string
  readonly channel: Letter['channel']
  readonly template: Template
  readonly account_id: string | null
  readonly destination: string
  readonly parameters: Readonly<Record<string, string | number>>
  readonly challenge_id: string | null
  readonly link_id: string | null
  readonly created_at: Date
  readonly expires_at: Date
}

type Maker = Pick<World, 'clock' | 'random'>

const noticeLifetimeDays = 7
const mergeMinutes = 60

const columns = `id, channel, template, account_id, destination, parameters, challenge_id, link_id,
  created_at, expires_at`

const shape = `id uuid, channel text, template text, account_id uuid, destination text,
  parameters jsonb, challenge_id uuid, link_id uuid, created_at timestamptz, expires_at timestamptz`

/**
 * The piece of a statement that writes its messages with the change they tell of (NTF-05): inserts
 * the JSON array of `Message` in `parameter` ("$7") if the CTE `after` gave a row. A message that
 * names `mergeMinutes` is left out when its like went to the same account within them. A mailed
 * notice goes to the account's further addresses too, under an id that follows from its own (NTF-02).
 */
export function insertMessages(parameter: string, after: string): string {
  return `INSERT INTO messages (${columns}, next_try_at)
    SELECT coalesce(also.id, m.id), channel, template, account_id,
      coalesce(also.email, destination), parameters, challenge_id, link_id, created_at,
      expires_at, created_at
    FROM jsonb_to_recordset(${parameter}::jsonb) AS m(${shape})
    CROSS JOIN LATERAL (SELECT NULL::uuid AS id, NULL::text AS email
      UNION ALL SELECT md5(m.id::text || n.id::text)::uuid, n.email FROM notification_addresses n
      WHERE m.template = 'notice' AND m.channel = 'mail' AND n.account_id = m.account_id
        AND n.verified_at IS NOT NULL AND n.email <> m.destination) also
    WHERE EXISTS (SELECT FROM ${after}) AND (m.parameters ->> 'mergeMinutes' IS NULL OR NOT EXISTS (
      SELECT FROM messages alike WHERE alike.account_id = m.account_id
        AND alike.template = m.template
        AND alike.parameters ->> 'event' IS NOT DISTINCT FROM m.parameters ->> 'event'
        AND alike.created_at > m.created_at
          - make_interval(mins => (m.parameters ->> 'mergeMinutes')::integer)))`
}

/**
 * The piece of the same statement that makes the "this was not me" links of its notices, from the
 * same `parameter`. A notice whose link was not made goes out without one.
 */
export function insertNotMeLinks(parameter: string, after: string): string {
  return `INSERT INTO links (id, purpose, account_id, created_at, expires_at)
    SELECT link_id, 'not-me', account_id, created_at,
      created_at + make_interval(days => ${limits.notMeLinkLifetimeDays})
    FROM jsonb_to_recordset(${parameter}::jsonb) AS m(${shape})
    WHERE template = 'notice' AND link_id IS NOT NULL AND EXISTS (SELECT FROM ${after})`
}

/** Both pieces, as the CTEs `told` and `linked` of a statement whose messages are notices. */
export function tell(parameter: string, after: string): string {
  return `told AS (${insertMessages(parameter, after)}),
    linked AS (${insertNotMeLinks(parameter, after)})`
}

/** A challenge whose code is to go out. */
export type CodeFor = {
  readonly id: string
  readonly purpose: string
  readonly account_id: string
  readonly channel: Letter['channel']
  readonly destination: string
  readonly expires_at: Date
  /** What is confirmed, as words after "to": "turn off text messages". Null: said by purpose. */
  readonly action: string | null
}

/** The message with the challenge's present code; void as soon as that goes elsewhere. */
export function codeMessage(world: Maker, challenge: CodeFor): Message {
  const { purpose, action, expires_at } = challenge
  const message = blank(world, challenge.channel, 'code', challenge.destination)
  const end = message.created_at.getTime() + limits.codeLifetimeSeconds * 1000
  return {
    ...message,
    account_id: challenge.account_id,
    parameters: action === null ? { purpose } : { purpose, action },
    challenge_id: challenge.id,
    expires_at: new Date(Math.min(end, expires_at.getTime())),
  }
}

/** The mail with a single-use link, or the one that says there is an account already (no link). */
export function linkMessage(
  world: Maker,
  mail: Pick<Message, 'account_id' | 'destination' | 'link_id' | 'expires_at'> & {
    readonly template: Exclude<Template, 'code' | 'notice'>
  },
): Message {
  const parameters = mail.template === 'sign-up-existing' ? { mergeMinutes } : {}
  return { ...blank(world, 'mail', mail.template, mail.destination), ...mail, parameters }
}

/** What the mail of an invitation says: who invites to which team, as what, until when. */
export type InvitationMail = {
  readonly email: string
  readonly linkId: string
  readonly expiresAt: Date
  readonly team: string
  readonly by: string
  readonly role: string
}

/** The mail with an invitation's link. It names no account: it is the same for everybody. */
export function invitationMessage(world: Maker, invitation: InvitationMail): Message {
  const { email, linkId, expiresAt, team, by, role } = invitation
  return {
    ...blank(world, 'mail', 'invitation', email),
    link_id: linkId,
    expires_at: expiresAt,
    parameters: { team, by, role, until: expiresAt.getTime() },
  }
}

/** Who is told: always by mail, and by text where a number loses its part. */
export type Told = { readonly id: string; readonly email: string; readonly phone?: string | null }

/** What a notice may name besides: the method's title or name, the new number, codes left. */
export type NoticeDetails = {
  readonly method?: string
  readonly number?: string
  /** An address of the account, which is masked. */
  readonly address?: string
  readonly left?: number
  /** What a recovery code was used for. */
  readonly use?: 'sign-in' | 'step-up' | 'reset'
  /** How many recovery codes were made with it. */
  readonly codes?: number
  /** When it happened, where that was some time before the notice. */
  readonly at?: Date
  /** The team it happened in, and who did it. */
  readonly team?: string
  readonly by?: string
  /** Whom it was about, where somebody else is told. */
  readonly member?: string
  /** Why it was done, in the words of who did it; and until when it holds. */
  readonly reason?: string
  readonly until?: string
  /** The role that somebody has by it. */
  readonly role?: string
  /** The name of an API key. */
  readonly key?: string
}

/** The notices of one event, one for each way to the person. */
export function noticeMessages(
  world: Maker,
  caller: Pick<Caller, 'browser' | 'source'>,
  told: Told,
  event: NoticeEvent,
  details: NoticeDetails = {},
): Message[] {
  const { number, address, at, ...others } = details
  const parameters = {
    event,
    browser: caller.browser,
    source: caller.source,
    ...others,
    ...(at && { at: at.toISOString() }),
    ...(number !== undefined && { number: maskDestination(number) }),
    ...(address !== undefined && { address: maskDestination(address) }),
    ...(event === 'second-step-failed' && { mergeMinutes }),
  }
  const mail = blank(world, 'mail', 'notice', told.email)
  const byMail = { ...mail, link_id: newId(mail.created_at, world.random) }
  const byText = told.phone ? [blank(world, 'text', 'notice', told.phone)] : []
  return [byMail, ...byText].map((message) => ({ ...message, account_id: told.id, parameters }))
}

function blank(
  world: Maker,
  channel: Message['channel'],
  template: Template,
  destination: string,
): Message {
  const now = world.clock()
  return {
    id: newId(now, world.random),
    channel,
    template,
    account_id: null,
    destination,
    parameters: {},
    challenge_id: null,
    link_id: null,
    created_at: now,
    expires_at: new Date(now.getTime() + noticeLifetimeDays * 86_400_000),
  }
}
