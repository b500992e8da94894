import type { Config } from '../config.ts'
import { mailHtml } from './mail-html.ts'
import type { Block } from './mail-html.ts'
import type { Letter } from './port.ts'
import { plain } from './words.ts'

export type Mail = {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly title: string
  readonly blocks: readonly Block[]
  /** Whether the support contact may follow: a code's message holds no link (CODE-07). */
  readonly support: boolean
}

export type Look = Pick<Config, 'productName' | 'accentColour' | 'supportEmail' | 'supportChatUrl'>

/** The mail as a letter: product name first, then title, blocks and support contact. */
export function mailLetter(mail: Mail, config: Look): Letter {
  const product = plain(config.productName)
  const help = mail.support ? supportLine(config) : null
  const page = { ...mail, product, help, accent: config.accentColour }
  return {
    id: mail.id,
    channel: 'mail',
    to: mail.to,
    subject: plain(mail.subject, 120),
    text: mailText({ ...mail, product, help }),
    html: mailHtml(page),
  }
}

function supportLine(config: Look): string | null {
  const ways = [config.supportEmail, config.supportChatUrl].filter((way) => way !== null)
  return ways.length > 0 ? `Need help? ${ways.map((way) => plain(way, 200)).join(' or ')}` : null
}

function mailText(mail: Mail & { product: string; help: string | null }): string {
  const parts = [mail.product, mail.title, ...mail.blocks.map(blockText)]
  return `${[...parts, ...(mail.help ? [mail.help] : [])].join('\n\n')}\n`
}

function blockText(block: Block): string {
  if (block.is === 'paragraph') return block.text
  if (block.is === 'code') return block.code
  if (block.is === 'button') return `${block.label}:\n${block.href}`
  return block.rows.map(([name, value]) => `${name}: ${value}`).join('\n')
}
