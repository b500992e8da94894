import { availableParallelism } from 'node:os'
import { mintFirstOwnerLink } from './accounts/first-owner.ts'
import { createApp } from './app.ts'
import { tendCases } from './cases/tend.ts'
import { cleanUp } from './clean-up.ts'
import { limits } from './config.ts'
import type { Config } from './config.ts'
import { readKeys } from './crypto/keys.ts'
import { createPasswords } from './crypto/passwords.ts'
import { random } from './crypto/random.ts'
import { openEmbedded } from './database/embedded.ts'
import { migrate } from './database/migrate.ts'
import type { Migratable } from './database/pool.ts'
import { openPostgres } from './database/postgres.ts'
import { createDelivery } from './delivery/deliver.ts'
import { createInbox } from './delivery/inbox.ts'
import type { Inbox } from './delivery/inbox.ts'
import type { Carrier } from './delivery/port.ts'
import { smtpCarrier } from './delivery/smtp.ts'
import { twilioCarrier } from './delivery/twilio.ts'
import { webhookCarrier } from './delivery/webhook.ts'
import { fillDemo } from './demo/fill.ts'
import { serve, stopServing } from './http/serve.ts'
import { greeting } from './greeting.ts'
import { createLog } from './log.ts'
import { regularly } from './regularly.ts'
import { readSettings, SettingsRefused } from './settings.ts'
import { reportUnfinished } from './sign-in/report-unfinished.ts'
import { workForTeams } from './teams/daily.ts'
import type { World } from './world.ts'

const clock = () => new Date()

/** Everything is chosen here: the configuration, the driver, the carriers. */
async function main(): Promise<void> {
  const config = readSettings(process.env)
  const log = createLog(config.logLevel)
  const keys = readKeys(config.dataFolder, config.keys, random, config.databaseUrl === null)
  const database = await openDatabase(config)
  await migrate(database)
  const inbox = config.production ? null : createInbox(clock)
  const carriers = chooseCarriers(config, inbox)
  const delivery = createDelivery({ sql: database, clock, keys, config, log, carriers })
  const passwords = createPasswords(config, availableParallelism())
  const world: World = { sql: database, clock, random, delivery, keys, passwords, config, log }
  const demo = process.argv.includes('--demo') ? await fillDemo(world) : null
  delivery.start()
  const jobs = [
    regularly(world, 3600, cleanUp, 'cleaning up failed'),
    regularly(world, limits.unfinishedReviewSeconds, reportUnfinished, 'reporting failed'),
    regularly(world, 3600, workForTeams, 'team work failed'),
    regularly(world, 60, tendCases, 'tending cases failed'),
  ]
  const server = await serve(createApp(world, { inbox }), config.port, config.host)
  const firstOwnerLink = await mintFirstOwnerLink(world)
  console.log(greeting(config, carriers, firstOwnerLink, demo))
  onEnd(async () => {
    await stopServing(server)
    await Promise.all(jobs.map((job) => job.stop()))
    await delivery.stop()
    await database.close()
  })
}

function openDatabase(config: Config): Promise<Migratable> | Migratable {
  const { databaseUrl, databaseConnectionsMax, dataFolder } = config
  return databaseUrl
    ? openPostgres(databaseUrl, databaseConnectionsMax)
    : openEmbedded(`${dataFolder}/database`)
}

/** The real way out where one is set, the local inbox for the rest, outside production only. */
function chooseCarriers(config: Config, inbox: Inbox | null): Carrier[] {
  const { smtpUrl, mailFrom, twilio, textWebhook } = config
  const mail = smtpUrl && mailFrom ? [smtpCarrier(smtpUrl, mailFrom, config)] : []
  const texts = [
    ...(twilio ? [twilioCarrier(twilio)] : []),
    ...(textWebhook ? [webhookCarrier(textWebhook, clock)] : []),
  ]
  const spare = (channel: Carrier['channel']) =>
    inbox?.carriers.filter((carrier) => carrier.channel === channel) ?? []
  return [
    ...(mail.length > 0 ? mail : spare('mail')),
    ...(texts.length > 0 ? texts : spare('text')),
  ]
}

/** Ends once, in order, when asked to; a second signal ends at once. */
function onEnd(end: () => Promise<void>): void {
  let ending = false
  const finish = () => {
    if (ending) process.exit(1)
    ending = true
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', finish)
  process.on('SIGTERM', finish)
}

main().catch((error: unknown) => {
  const plain = error instanceof SettingsRefused || error instanceof Error
  console.error(plain ? `Twostep did not start.\n${error.message}` : error)
  process.exit(1)
})
