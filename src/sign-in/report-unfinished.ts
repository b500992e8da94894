import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import type { Caller, World } from '../world.ts'
import { findEnded, markReviewed, reportOne } from './unfinished-store.ts'
import type { Ended } from './unfinished-store.ts'

const atOnceMax = 100

/**
 * Tells owners of right passwords that no second step followed (NTF-04, decision 14): each sign-in
 * that expired or was cancelled, unless the same source and browser got in within its ten minutes,
 * becomes an event, which Home shows, and one mail a day at most. Any number of copies may run it
 * at once. Gives how many mails it wrote.
 */
export async function reportUnfinished(world: World): Promise<number> {
  let mails = 0
  for (let found = atOnceMax; found === atOnceMax;) {
    const ended = await findEnded(world.sql, world.clock(), atOnceMax)
    const followed = ended.filter((one) => one.followed).map(({ id }) => id)
    if (followed.length > 0) await markReviewed(world.sql, followed, world.clock())
    for (const one of ended) if (!one.followed && (await report(world, one))) mails += 1
    found = ended.length
  }
  if (mails > 0) world.delivery.wake()
  return mails
}

function report(world: World, ended: Ended): Promise<boolean> {
  const { account_id: account, source, browser, created_at: passwordAt } = ended
  const now = world.clock()
  // No request ended it: the id is this review's own.
  const caller: Caller = { requestId: world.random(8).toString('hex'), source, browser }
  const details = { password_at: passwordAt.toISOString() }
  const happened = event(caller, now, 'sign-in.unfinished', { account, actor: null, details })
  const holder = { id: account, email: ended.email }
  const mail = noticeMessages(world, caller, holder, 'sign-in-unfinished', { at: passwordAt })
  return reportOne(world.sql, ended, now, JSON.stringify([happened]), JSON.stringify(mail))
}
