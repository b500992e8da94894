import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { readFileSync } from 'node:fs'

/**
 * Sends the requests of a file (raw HTTP/1.1, separated by a NUL byte) over so many connections, one
 * at a time on each, and prints what it measured as JSON.
 */
const [file = '', port = '0', connections = '16'] = process.argv.slice(2)
const requests = readFileSync(file, 'latin1').split('\0')
const times = new Float64Array(requests.length)
const statuses: Record<string, number> = {}
let next = 0

const started = performance.now()
await Promise.all(Array.from({ length: Number(connections) }, worker))
const seconds = (performance.now() - started) / 1000
const sorted = times.toSorted()
const at = (part: number) => sorted[Math.floor(sorted.length * part)]
console.log(
  JSON.stringify({
    requests: requests.length,
    perSecond: requests.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
  }),
)

async function worker(): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1').setNoDelay(true)
  await new Promise((resolve) => socket.once('connect', resolve))
  for (let i = next++; i < requests.length; i = next++) {
    const from = performance.now()
    const status = await exchange(socket, requests[i] ?? '')
    times[i] = performance.now() - from
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  socket.destroy()
}

function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!complete(text)) return
      socket.off('data', onData)
      socket.off('error', reject)
      resolve(text.slice(9, 12))
    }
    socket.on('data', onData)
    socket.once('error', reject)
    socket.write(request, 'latin1')
  })
}

function complete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1]
  if (length !== undefined) return text.length >= end + 4 + Number(length)
  return text.endsWith('0\r\n\r\n') || /^HTTP\/1.1 (204|303|304)/.test(text)
}
