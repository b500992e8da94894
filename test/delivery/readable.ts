/** Messages made ready by hand, for the tests of what they say. */
import { defaults } from '../../src/config.ts'
import type { Config } from '../../src/config.ts'
import { letterOf } from '../../src/delivery/messages.ts'
import type { Ready } from '../../src/delivery/messages.ts'
import type { Letter } from '../../src/delivery/port.ts'

export type Mail = Extract<Letter, { channel: 'mail' }>
export type Text = Extract<Letter, { channel: 'text' }>

export const code = { digits: '012345', minutes: 10 }

/** Settings of an installation with everything set. */
export function settings(changes: Partial<Config> = {}): Config {
  const baseUrl = 'https://accounts.example.com'
  const supportEmail = 'help@example.com'
  const supportChatUrl = 'https://chat.example.com/'
  return { ...defaults(), baseUrl, supportEmail, supportChatUrl, ...changes }
}

/** A mail as it would go out. */
export function mail(message: Partial<Ready>, config = settings()): Mail {
  const letter = letterOf(
    ready({ channel: 'mail', destination: 'ann@example.com', ...message }),
    config,
  )
  if (letter.channel !== 'mail') throw new Error('not a mail')
  return letter
}

/** A text as it would go out. */
export function text(message: Partial<Ready>, config = settings()): Text {
  const letter = letterOf(
    ready({ channel: 'text', destination: '+447700900123', ...message }),
    config,
  )
  if (letter.channel !== 'text') throw new Error('not a text')
  return letter
}

function ready(message: Partial<Ready>): Ready {
  return {
    id: '019ab000-0000-7000-8000-000000000001',
    channel: 'mail',
    template: 'code',
    destination: '',
    parameters: {},
    created_at: new Date('2026-11-24T14:05:59Z'),
    code: null,
    token: null,
    ...message,
  }
}
