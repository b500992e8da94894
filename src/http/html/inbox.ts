import { html } from 'hono/html'
import type { Html } from './view.ts'
import { emptyState } from './empty-state.ts'
import { timeAgo } from './words.ts'

export type InboxText = { readonly to: string; readonly body: string; readonly at: Date }
export type InboxMail = InboxText & { readonly subject: string }

/**
 * The local inbox: texts as a phone shows them, mails as a mail client does, newest first. With
 * the script new ones arrive by themselves: `events` is an event stream whose every message means
 * "something came"; the page is then fetched again and this part of it replaced.
 */
export function inboxBoard(options: {
  readonly texts: readonly InboxText[]
  readonly mails: readonly InboxMail[]
  readonly events: string
  readonly now: Date
}): Html {
  return html`<div class="inbox" data-inbox="${options.events}">
    <section class="inbox-phone">
      <h2>Texts</h2>
      <div class="screen">
        ${
          options.texts.length === 0
            ? emptyState({
                icon: 'message',
                heading: 'No texts yet',
                words: 'They appear here as they are sent.',
              })
            : options.texts.map((text) => textBubble(text, options.now))
        }
      </div>
    </section>
    <section class="inbox-mail">
      <h2>Mails</h2>
      ${
        options.mails.length === 0
          ? html`<div class="mail">
              ${emptyState({ icon: 'mail', heading: 'No mails yet', words: 'They appear here as they are sent.' })}
            </div>`
          : options.mails.map((mail, index) => mailSheet(mail, options.now, index === 0))
      }
    </section>
  </div>`
}

function textBubble(text: InboxText, now: Date): Html {
  return html`<article class="bubble">
    <p class="soft">To <bdi>${text.to}</bdi> · ${timeAgo(text.at, now)}</p>
    <p class="bubble-body">${text.body}</p>
  </article>`
}

function mailSheet(mail: InboxMail, now: Date, open: boolean): Html {
  return html`<details class="mail" ${open && html` open`}>
    <summary>
      <span class="mail-subject">${mail.subject}</span
      ><span class="soft">To <bdi>${mail.to}</bdi> · ${timeAgo(mail.at, now)}</span>
    </summary>
    <div class="mail-body">${mail.body}</div>
  </details>`
}
