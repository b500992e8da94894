import { createApp } from '../src/app.ts'
import { defaults } from '../src/config.ts'
import { readKeys } from '../src/crypto/keys.ts'
import { random } from '../src/crypto/random.ts'
import { openPostgres } from '../src/database/postgres.ts'
import { createDelivery } from '../src/delivery/deliver.ts'
import { createInbox } from '../src/delivery/inbox.ts'
import { serve } from '../src/http/serve.ts'
import type { World } from '../src/world.ts'

/**
 * One process of the program as it runs, but for two things: the password's hash is left out
 * (`verify` says right at once), and 127.0.0.1 counts as a proxy, so that the load comes from many
 * addresses. Answers over its parent's channel with the round trips and CPU time it has used.
 */
const [url = '', folder = '', port = '0'] = process.argv.slice(2)
let roundTrips = 0
const clock = () => new Date()
const sql = openPostgres(url, 12, { onQuery: () => roundTrips++ })
const config = {
  ...defaults(),
  port: Number(port),
  baseUrl: `http://127.0.0.1:${port}`,
  trustedProxies: ['127.0.0.1'],
}
const keys = readKeys(folder, null, random)
const log = { info() {}, warn: console.warn, error: console.error }
const { carriers } = createInbox(clock)
const delivery = createDelivery({ sql, clock, keys, config, log, carriers })
const passwords: World['passwords'] = {
  hash: async () => 'busy',
  verify: async () => 'right',
  needsRehash: () => false,
  hashWithSalt: async () => 'busy',
}
const world: World = { sql, clock, random, delivery, keys, passwords, config, log }
await serve(createApp(world, { inbox: null }), config.port, '127.0.0.1')
process.on('message', () => process.send?.({ roundTrips, cpu: process.cpuUsage() }))
process.send?.('ready')
