import { antiForgeryToken } from '../crypto/tokens.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Assets } from './assets.ts'
import type { View } from './html/view.ts'
import { noticeOf } from './notices.ts'
import type { Fields } from './read-input.ts'
import type { Asker } from './route.ts'

export type Drawing = {
  readonly world: World
  readonly assets: Assets
  readonly url: URL
  readonly asker: Asker
  readonly bound: string
  readonly nonce: string
  readonly refusal: Refusal | null
  readonly fields: Fields
}

/** Everything a page is drawn from; what was typed goes back into it, secrets never. */
export function viewOf(drawing: Drawing): View {
  const { world, asker, url } = drawing
  const { config } = world
  const teams = (asker.session?.teams ?? []).map(({ team_id: id, name, role }) => ({
    id,
    name,
    role,
  }))
  const shown = asker.team?.team_id ?? asker.session?.team_id
  return {
    productName: config.productName,
    logoUrl: config.logoUrl,
    supportEmail: config.supportEmail,
    supportChatUrl: config.supportChatUrl,
    signUpOpen: config.signUpOpen,
    inbox: !config.production,
    path: url.pathname,
    antiForgery: antiForgeryToken(world.keys, drawing.bound),
    nonce: drawing.nonce,
    account: asker.session && { name: asker.session.name, email: asker.session.email },
    teams,
    team: teams.find(({ id }) => id === shown) ?? teams[0] ?? null,
    restricted: asker.restricted,
    support: asker.session?.support ?? false,
    refusal: drawing.refusal,
    values: typedBefore(drawing.fields),
    now: world.clock(),
    assets: drawing.assets.urls,
    idleSeconds: asker.session && config.sessionIdleHours * 3600,
    notice: noticeOf(url.searchParams.get('notice')),
  }
}

const secret = /password|code|anti_forgery|token/

function typedBefore(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      // Boxes of one name that were ticked.
      const typed = Array.isArray(value) ? value.join(' ') : value
      return typeof typed === 'string' && !secret.test(name) ? [[name, typed]] : []
    }),
  )
}
