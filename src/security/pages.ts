import { html } from 'hono/html'
import { isWarning } from '../audit/groups.ts'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import type { IconName } from '../http/html/icon.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { statusLine } from '../http/html/status-line.ts'
import type { Html, View } from '../http/html/view.ts'
import { listInWords, timeAgo } from '../http/html/words.ts'
import { methodsCard } from '../methods/pages-list.ts'
import { otherNumberCallout } from '../methods/pages-number.ts'
import { recoveryCard } from '../recovery/pages.ts'
import { comingCallout } from '../requirement/pages-coming.ts'
import { sessionsCard } from '../sessions/pages.ts'
import { spareCallout } from '../sessions/pages-spare.ts'
import { devicesCard } from '../trusted-devices/pages.ts'
import type { Activity, Overview } from './look.ts'

const setUp = '/settings/security/set-up'
const newCodes = '/settings/security/recovery-codes/new'

/** Everything of a person's own two-step verification on one page (A2, ENR-08). */
export function securityPage(view: View, overview: Overview): Html {
  const { recovery, new_number: number, spare } = overview
  return settingsPage(view, {
    title: 'Security',
    heading: 'Security',
    lead: 'Two-step verification: your password, then a code that only you can get.',
    current: 'security',
    body: html`${spare && spareCallout(view, spare)}${comingCallout(overview.coming, view.now)}${status(overview)}${reminder(overview)}${number && otherNumberCallout(number)}${methodsCard(view, overview)}${recovery && recoveryCard(view, recovery)}${devicesCard(view, overview.devices)}${sessionsCard(view, overview.sessions)}${activityCard(view, overview.activity)}`,
  })
}

function status({ on, methods, coming }: Overview): Html {
  if (!on) {
    return statusLine({
      on,
      sentence: 'Two-step verification is off',
      detail: 'Whoever learns your password can sign in as you.',
      action:
        coming === null
          ? linkButton({ href: setUp, label: 'Set it up', look: 'primary' })
          : undefined,
    })
  }
  const titles = [...new Set(methods.map(({ title }) => title))]
  return statusLine({
    on,
    sentence: `On, with ${listInWords(titles)}`,
    detail: 'Signing in asks for a verification code, except on trusted devices.',
  })
}

/** Stands there as long as one lost method could lock the person out (ENR-08). */
function reminder({ methods, recovery }: Overview): Html | null {
  const saved = recovery !== null && recovery.saved_at !== null && recovery.codes_left > 0
  const [only, ...more] = methods
  if (only === undefined || (more.length > 0 && saved)) return null
  const second = linkButton({ href: setUp, label: 'Add a second method' })
  if (saved) {
    return callout({
      tone: 'info',
      heading: 'One method is good, two are safer',
      body: html`If <bdi>${only.name}</bdi> is lost, only your recovery codes are left.`,
      actions: second,
    })
  }
  return callout({
    tone: 'warning',
    heading: more.length > 0 ? 'Your recovery codes are not saved' : 'Don’t lock yourself out',
    body: 'You have not said that you saved your recovery codes. If your methods are lost, nothing else gets you in.',
    actions: html`${linkButton({ href: newCodes, label: 'Make new codes and save them', look: 'primary' })}${more.length === 0 && second}`,
  })
}

function activityCard(view: View, activity: readonly Activity[]): Html {
  return card({
    id: 'activity',
    heading: 'Recent security activity',
    lead: html`If something here was not you, end all other sessions and change your password. We
    keep this for ${limits.eventsRetentionDays} days.`,
    body: list(
      activity.map((one) => happened(view, one)),
      emptyState({
        icon: 'clock',
        heading: 'Nothing yet',
        words: 'What happens to your account is listed here.',
      }),
    ),
  })
}

function happened(view: View, { at, kind, sentence, method, browser, source }: Activity): Item {
  return {
    icon: drawingOf(kind),
    title: method === null ? sentence : `${sentence}: ${method}`,
    details: [html`${timeAgo(at, view.now)} · ${browser} · <bdi>${source}</bdi>`],
  }
}

/** The picture of an event: who should look at it finds it by its sign. */
export function drawingOf(kind: string): IconName {
  return isWarning(kind) ? 'warning' : (drawings[kind.split('.')[0] ?? ''] ?? 'check')
}

const drawings: Readonly<Record<string, IconName>> = {
  account: 'user',
  'api-key': 'key',
  code: 'message',
  device: 'device',
  invitation: 'message',
  log: 'download',
  member: 'users',
  method: 'shield',
  policy: 'shield',
  recovery: 'key',
  session: 'logout',
  team: 'users',
}
