import type { Config } from '../config.ts'
import { mailLetter } from './mail.ts'
import type { Block } from './mail-html.ts'
import type { Ready } from './messages.ts'
import type { Letter } from './port.ts'
import { dayInWords, momentInWords, plain, said } from './words.ts'

/** What a team's mails to its members say. All that people wrote is made harmless first (EML-06). */

type Part = Pick<Ready, 'id' | 'destination' | 'parameters' | 'created_at'>

/**
 * Tells a member what their team requires from when on, what to do, and what the admin says in
 * their own words; to who is ready already, a shorter one.
 */
export function announcementLetter(ready: Part, config: Config): Letter {
  const filled = fill(ready)
  const { team, when, words, isReady } = filled
  const title = filled.paused
    ? `${team}: two-step authentication is paused ${until(filled)}`
    : `${team} requires two-step authentication ${when}`
  const blocks: Block[] = isReady
    ? [
        paragraph(`You are all set: you have a method that counts, and there is nothing to do.`),
        paragraph(demandOf(filled)),
        ...words,
      ]
    : [paragraph(demandOf(filled)), ...words, ...toDo(filled, config)]
  return letter(ready, config, isReady ? `${title}. You are all set` : title, title, blocks)
}

/** Reminds a member who is not ready yet of the day. */
export function reminderLetter(ready: Part, config: Config): Letter {
  const filled = fill(ready)
  const title = `Reminder: ${filled.team} requires two-step authentication ${filled.when}`
  const blocks = [
    paragraph(demandOf(filled)),
    paragraph('You have not set up a method that counts yet.'),
    ...toDo(filled, config),
  ]
  return letter(ready, config, title, title, blocks)
}

/** Tells a team's owner what somebody changed in what the team requires (TEAM-04, NTF-03). */
export function policyChangedLetter(ready: Part, config: Config): Letter {
  const { parameters: given, created_at } = ready
  const team = said(text(given['team_name']), 60)
  const by = said(text(given['by']))
  const title = given['loosens']
    ? `${team} now asks for less two-step authentication`
    : `What ${team} requires has changed`
  const changes = texts(given['changes']).map((one) => paragraph(`• ${plain(one, 300)}`))
  const objection = given['own']
    ? 'If this was you, you need not do anything. If it was not, end all other sessions and change your password.'
    : `You get this because you own the team. If you did not expect it, look at it and talk to ${by}.`
  return letter(ready, config, title, title, [
    paragraph(`${by} changed what the team requires of its members:`),
    ...changes,
    {
      is: 'facts',
      rows: [
        ['When', momentInWords(created_at)],
        ['Browser', said(text(given['browser'])) || 'unknown'],
        ['From', said(text(given['source'])) || 'unknown'],
      ],
    },
    paragraph(objection),
    { is: 'button', label: 'Look at it', href: address(config, generalPath(given['team'])) },
  ])
}

type Filled = {
  readonly team: string
  /** "from 12 December 2026 on" */
  readonly when: string
  readonly due: Date | null
  readonly paused: boolean
  readonly isReady: boolean
  readonly hasAny: boolean
  readonly methods: readonly string[]
  readonly words: readonly Block[]
}

function fill({ parameters: given, created_at }: Part): Filled {
  const due = typeof given['due'] === 'string' ? new Date(given['due']) : null
  const ahead = due !== null && due > created_at ? due : null
  return {
    team: said(text(given['team_name']), 60) || 'Your team',
    when: ahead === null ? atOnce(given['bites']) : `from ${dayOrMoment(ahead)} on`,
    due: ahead,
    paused: given['paused'] === true && ahead !== null,
    isReady: given['ready'] === true,
    hasAny: given['has_any'] === true,
    methods: texts(given['methods']).map((one) => plain(one)),
    words: ownWords(given['by'], given['words']),
  }
}

function atOnce(bites: unknown): string {
  return bites === 'now' ? 'from now on' : 'from your next sign-in on'
}

/** Days begin at midnight UTC; who joined later has their days to the minute. */
function dayOrMoment(due: Date): string {
  return due.getTime() % 86_400_000 === 0 ? dayInWords(due) : momentInWords(due)
}

function until({ due }: Filled): string {
  return due === null ? '' : `until ${dayInWords(due)}`
}

function demandOf(filled: Filled): string {
  const { team, when, methods, paused } = filled
  if (paused) {
    return `${team} does not insist on two-step authentication before then: you can still set it up at any time.`
  }
  const listed = methods.length > 0 ? ` What counts: ${methods.join(', ')}.` : ''
  const start = `${when.charAt(0).toUpperCase()}${when.slice(1)}`
  return `${start}, a password alone no longer opens ${team}. Everybody also needs a verification code from a method of their own.${listed}`
}

function toDo({ hasAny, team }: Filled, config: Config): Block[] {
  const weak = hasAny
    ? ` You have a method already, but none that counts for ${team}: add one that does.`
    : ''
  return [
    paragraph(
      `It takes about two minutes: open your Security page, choose a method and follow the steps on the screen.${weak}`,
    ),
    { is: 'button', label: 'Set it up', href: address(config, 'settings/security') },
  ]
}

/** The admin's own words, a paragraph for each of theirs, after who wrote them. */
function ownWords(by: unknown, words: unknown): Block[] {
  if (typeof words !== 'string' || words.trim() === '') return []
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  return [
    paragraph(`${said(text(by))} writes:`),
    ...lines.slice(0, 40).map((line) => paragraph(said(line, 1000))),
  ]
}

function letter(
  { id, destination }: Part,
  config: Config,
  subject: string,
  title: string,
  blocks: readonly Block[],
): Letter {
  return mailLetter({ id, to: destination, subject, title, support: true, blocks }, config)
}

/** An address of ours, made from the configured base alone (EML-05). */
function address(config: Config, path: string): string {
  return `${config.baseUrl.replace(/\/+$/, '')}/${path}`
}

function generalPath(team: unknown): string {
  return `teams/${encodeURIComponent(text(team))}/general`
}

function paragraph(words: string): Block {
  return { is: 'paragraph', text: words }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
