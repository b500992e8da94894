import type { Config } from '../config.ts'
import { linkAddress } from './links.ts'
import { mailLetter } from './mail.ts'
import type { Ready } from './messages.ts'
import type { Letter } from './port.ts'
import { momentInWords, plain, said } from './words.ts'

/**
 * The mail of an invitation (TEAM-10): who invites to which team, what will happen, until when. What
 * people typed stands in it as words alone (EML-06).
 */
export function invitationLetter(ready: Ready, config: Config): Letter {
  const { token, parameters } = ready
  if (ready.channel !== 'mail' || token === null) throw new Error('a link goes out by mail, whole')
  const { team, by, role, until } = parameters
  const [teamName, inviter] = [said(String(team)), said(String(by))]
  const product = plain(config.productName)
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `Invitation to the team ${said(String(team), 50)} on ${product}`,
      title: 'You are invited to a team',
      support: true,
      blocks: [
        {
          is: 'paragraph',
          text: `${inviter} would like you to join the team ${teamName} on ${product}.`,
        },
        {
          is: 'facts',
          rows: [
            ['Team', teamName],
            ['Invited by', inviter],
            ['Your role', said(String(role))],
            ['Good until', momentInWords(new Date(Number(until)))],
          ],
        },
        {
          is: 'button',
          label: 'See the invitation',
          href: linkAddress(config.baseUrl, 'invitation', token),
        },
        { is: 'paragraph', text: whatHappens },
        {
          is: 'paragraph',
          text: 'If you do not know what this is about, do nothing: nobody joins without saying yes.',
        },
      ],
    },
    config,
  )
}

const whatHappens =
  'There you choose a name and a password; if you have an account with this address, you sign in as usual. If the team requires two-step authentication, we then help you set it up. The invitation works once, and for this address alone.'
