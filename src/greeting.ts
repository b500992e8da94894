import type { Config } from './config.ts'
import type { Carrier } from './delivery/port.ts'

/** People of the demo team, as the operator may sign in as them. */
export type DemoPeople = readonly { readonly email: string; readonly who: string }[]

/** What the operator reads when the program has started. */
export function greeting(
  config: Config,
  carriers: readonly Carrier[],
  firstOwnerLink: string | null,
  demo: { readonly people: DemoPeople; readonly password: string } | null,
): string {
  const way = (channel: Carrier['channel']) =>
    carriers
      .filter((one) => one.channel === channel)
      .map((one) => one.name)
      .join(', then ')
  const inbox = `the local inbox at ${config.baseUrl}/inbox`
  const where = (channel: Carrier['channel']) => way(channel).replace('inbox', inbox) || 'nowhere'
  return [
    '',
    `  ${config.productName} is running at ${config.baseUrl}`,
    '',
    `  Mails go to ${where('mail')}.`,
    `  Texts go to ${where('text')}.`,
    `  Data is in ${config.databaseUrl ? 'the PostgreSQL server given' : embedded(config)}`,
    ...(firstOwnerLink
      ? [
          '',
          '  Open this link once to make the first owner and team (good for 24 hours):',
          `  ${firstOwnerLink}`,
        ]
      : []),
    ...(demo
      ? [
          '',
          `  The demo team. Everybody’s password: ${demo.password}`,
          ...demo.people.map(({ email, who }) => `    ${email.padEnd(24)} ${who}`),
        ]
      : []),
    '',
  ].join('\n')
}

function embedded(config: Config): string {
  return `${config.dataFolder} (embedded PostgreSQL: for trials and small teams; a power cut may
  cost the last moments. For production set DATABASE_URL to a PostgreSQL server.)`
}
