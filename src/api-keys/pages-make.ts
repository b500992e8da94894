import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { secretBlock } from '../http/html/copy-block.ts'
import { definitions } from '../http/html/definitions.ts'
import { errorOf, field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { standing } from '../http/html/invalid.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateInWords, listInWords } from '../http/html/words.ts'
import type { MadeKey } from './make.ts'
import { keysAt, scopeWords } from './pages.ts'
import { scopes } from './scopes.ts'
import type { Scope } from './scopes.ts'

/** The form of a new key: its name, what it may do, and for how long. */
export function newKeyPage(view: View, team: string): Html {
  return settingsPage(view, {
    title: 'Make an API key',
    heading: 'Make an API key',
    lead: 'You see it once, on the next page. The team’s owner and you are told by mail.',
    current: 'team-keys',
    back: { href: keysAt(team), label: 'API keys' },
    focus: 'heading',
    body: card({
      body: form(view, {
        action: keysAt(team),
        submit: 'Make the key',
        secondary: linkButton({ href: keysAt(team), label: 'Cancel' }),
        body: html`${field(view, {
          name: 'name',
          label: 'Name',
          hint: 'What it is for, such as “Nightly audit”.',
          autocomplete: 'off',
          dir: 'auto',
        })}${scopeBoxes(view)}${field(view, {
          name: 'days',
          label: 'Days until it expires',
          hint: `1 to ${limits.apiKeyLifetimeDaysMax}. Afterwards it opens nothing, and you make a new one.`,
          value: String(limits.apiKeyLifetimeDays),
          autocomplete: 'off',
          inputmode: 'numeric',
        })}`,
      }),
    }),
  })
}

/** One box for each scope; together they are one field, with one sentence when none is ticked. */
function scopeBoxes(view: View): Html {
  const id = 'field-scopes'
  const stands = standing(view, { id, name: 'scopes', autocomplete: 'tick', hint: false })
  return html`<fieldset class="field group">
    <legend class="label">What may it do?</legend>
    ${errorOf(id, stands)}
    ${scopes.map((scope) => {
      const [label, hint] = scopeWords[scope]
      return checkbox(view, { name: 'scopes', value: scope, label, hint })
    })}
  </fieldset>`
}

/** The new key, once: whoever holds it can use it, so it goes where secrets are kept. */
export function madePage(view: View, key: MadeKey, team: string): Html {
  const may = listInWords(key.scopes.map((scope) => scopeWords[scope][0].toLowerCase()))
  return settingsPage(view, {
    title: 'Your new API key',
    heading: 'Your new API key',
    lead: 'Copy it now: you will not see it again.',
    current: 'team-keys',
    back: { href: keysAt(team), label: 'API keys' },
    focus: 'heading',
    body: html`${card({
      body: html`${secretBlock({ label: 'API key', secret: key.token, whole: true })}${definitions([
        { term: 'Name', value: key.name },
        { term: 'It may', value: may },
        { term: 'Expires', value: dateInWords(key.expires_at, view.now) },
      ])}`,
    })}${callout({
      tone: 'warning',
      heading: 'Treat it like a password',
      body: 'Keep it where your program keeps its secrets, never in code or in a mail. If it may have been seen, revoke it here.',
    })}${card({
      heading: 'How to use it',
      lead: 'Send it in the header of each request:',
      body: html`<pre
          class="sample"
          tabindex="0"
          translate="no"
        ><code>${sample(key.base_url, team, key.scopes)}</code></pre>
        <div class="form-end">
          ${linkButton({ href: keysAt(team), label: 'Done', look: 'primary' })}
        </div>`,
    })}`,
  })
}

/** A call that the key is good for. */
function sample(base: string, team: string, scopes: readonly Scope[]): string {
  const reads = scopes.find((scope) => scope !== 'manage-members') ?? 'manage-members'
  return `curl -H "Authorization: Bearer $API_KEY" ${base}/api/v1/teams/${team}${calls[reads]}`
}

const calls: Readonly<Record<Scope, string>> = {
  'read-members': '/members',
  'read-log': '/events',
  'manage-members': '/reminders -X POST',
}
