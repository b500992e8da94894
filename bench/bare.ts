import { createServer } from 'node:http'
import { Pool } from 'pg'

/**
 * What this machine can do at the most: a bare HTTP server with one prepared UPDATE a request and
 * nothing else. The yardstick for the others, in the same run.
 */
const [url = '', port = '0'] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 12 })
await pool.query('CREATE TABLE bare (id integer PRIMARY KEY, count integer NOT NULL)')
await pool.query('INSERT INTO bare SELECT n, 0 FROM generate_series(1, 5000) n')
let roundTrips = 0
let next = 0
const text = 'UPDATE bare SET count = count + 1 WHERE id = $1 AND count < 1000000 RETURNING count'
createServer((_request, response) => {
  roundTrips++
  void pool.query({ name: 'bare', text, values: [(next++ % 5000) + 1] }).then(({ rows }) => {
    const body = JSON.stringify(rows[0])
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('message', () => process.send?.({ roundTrips, cpu: process.cpuUsage() }))
