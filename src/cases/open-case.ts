import { linkLimits, sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import type { SpentSends } from '../delivery/sends.ts'
import type { Caller, World } from '../world.ts'
import { insertCase } from './store.ts'

/** Whom a case is for, and what the asking proves. */
export type Asked = {
  /** Null for an address without an account: the same work is done for it (REC-08). */
  readonly accountId: string | null
  readonly contact: string
  readonly passwordLost: boolean
  readonly proof: 'password' | null
  /** Somebody who asks for another person: they can't approve it (REC-03). */
  readonly askedBy: string | null
  readonly way: 'address' | 'sign-in' | 'reset' | 'support'
  /** What its limit counts: the address that was typed, or the account that is known. */
  readonly limit: { readonly label: 'case-destination' | 'case-account'; readonly key: string }
}

export type OpenedCase = { readonly id: string; readonly fresh: boolean }

type Limited = Extract<SpentSends, { ok: false }>

/**
 * Opens a case, or finds the account's open one, and mails its addresses; nothing else changes
 * (REC-01). What outsiders ask for an address uses up nothing that its owner needs who gave the
 * password. Gives null where there is nobody to open one for; `limited` when a limit kept it back.
 */
export async function openCase(
  world: World,
  who: Caller,
  asked: Asked,
): Promise<{ readonly opened: OpenedCase | null } | { readonly limited: Limited }> {
  const now = world.clock()
  const id = newId(now, world.random)
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
  const about = { account: asked.accountId, actor: asked.askedBy }
  const written = (
    kind: 'case.asked' | 'case.opened' | 'case.proven',
    details: Record<string, string>,
  ) => JSON.stringify([event(who, now, kind, { ...about, details })])
  let opened: OpenedCase | null = null
  const sendLimits = linkLimits(world, who, asked.limit.label, asked.limit.key)
  const sent = await sendWithin(world, sendLimits, async (sql) => {
    opened = await insertCase(sql, {
      id,
      accountId: asked.accountId,
      contact: asked.contact,
      passwordLost: asked.passwordLost,
      proof: asked.proof,
      askedBy: asked.askedBy,
      now,
      expiresAt: days(limits.caseLifetimeDays),
      linkExpiresAt: days(limits.caseLinkLifetimeDays),
      source: who.source,
      browser: who.browser,
      asked: written('case.asked', { way: asked.way }),
      opened: written('case.opened', { way: asked.way, case: id }),
      proven: written('case.proven', { by: asked.proof ?? '', case: id }),
    })
  })
  world.delivery.wake()
  if (sent.ok) return { opened }
  const details = { for: 'recovery-case', reason: sent.reason }
  const kind = 'code.send-refused-by-limit'
  await record(world.sql, event(who, now, kind, { ...about, details }))
  return { limited: sent }
}
