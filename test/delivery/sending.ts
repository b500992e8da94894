/** What the tests of sending have in common: who is written to, by what, and what arrived. */
import { setTimeout as pause } from 'node:timers/promises'
import { deriveCode } from '../../src/crypto/codes.ts'
import { codeMessage } from '../../src/delivery/outbox.ts'
import type { Message } from '../../src/delivery/outbox.ts'
import type { Carrier, Letter } from '../../src/delivery/port.ts'
import { webhookCarrier } from '../../src/delivery/webhook.ts'
import type { Provider } from './provider.ts'
import type { Challenge, Trial } from './trial.ts'

export const phone = '+447700900123'
export const who = { browser: 'Firefox on Windows', source: '203.0.113.7' }
export const told = (trial: Trial) => ({ id: trial.accountId, email: 'ann@example.com' })

/** What a provider answers that takes a text. */
export const taken = { status: 200, json: { id: 'ref-1' } }

export function carrierTo({ url }: Provider, name = 'webhook'): Carrier {
  return { ...webhookCarrier({ url, secret: 'for tests only' }, () => new Date(0)), name }
}

/** The texts a provider was handed, in order. */
export function bodies({ requests }: Provider): string[] {
  return requests.map(({ body }) => String((JSON.parse(body) as { body: unknown }).body))
}

/** The ids a provider was handed, in order. */
export function ids({ requests }: Provider): string[] {
  return requests.map(({ body }) => String((JSON.parse(body) as { id: unknown }).id))
}

/** Opens a challenge and writes the message with its code; gives the code too. */
export async function writeCode(
  trial: Trial,
): Promise<{ challenge: Challenge; message: Message; code: string }> {
  const challenge = await trial.openChallenge(phone)
  const message = codeMessage(trial, challenge)
  await trial.write([message])
  const { seed, method_id: methodId, destination, purpose } = challenge
  const code = deriveCode(trial.keys, { seed, methodId, destination, purpose })
  return { challenge, message, code }
}

/** Looks once for what is due, as every process does, and waits until that is sent. */
export async function lookOnce(trial: Trial, carriers: readonly Carrier[]): Promise<void> {
  const delivery = trial.deliver(carriers)
  delivery.wake()
  await delivery.stop()
}

export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await pause(20)
}

/** The text of a mail. */
export const words = (letter: Letter | undefined) => (letter?.channel === 'mail' ? letter.text : '')
