import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { residentMegabytes } from '../memory.ts'
import type { Row } from '../table.ts'
import { type Part, withGateway } from './bench.ts'
import { oneRoute } from './configs.ts'
import type { RunningGateway } from './gateway-process.ts'

const BYTES = 24_000_000
const PIECE = Buffer.alloc(64_000, 'x')
const WARM_UP_REQUESTS = 200
/** Milliseconds. */
const SLOWNESS = 2
const SAMPLE_EVERY = 5
/** Megabytes. */
const LIMIT = 32

/** How much the gateway's memory grows while a large body passes to somebody who reads slowly. */
export const streaming: Part = {
  name: 'streaming',
  async run(bench) {
    const upstream = createServer(giveAndTake).listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    const { port } = upstream.address() as AddressInfo
    const config = oneRoute(`http://127.0.0.1:${port}`, '/stream')
    try {
      return await withGateway(bench, { file: 'streaming', config }, async (gateway) => {
        for (let sent = 0; sent < WARM_UP_REQUESTS; sent++)
          await fetch(`${gateway.url}/stream/none`).then((answer) => answer.text())
        return [
          await growthRow(gateway, 'to a slow client', () => download(gateway.url)),
          await growthRow(gateway, 'to a slow upstream', () => upload(gateway.url)),
        ]
      })
    } finally {
      upstream.closeAllConnections()
      upstream.close()
    }
  },
}

function* pieces() {
  for (let sent = 0; sent < BYTES; sent += PIECE.length) yield PIECE
}

/** Reads slowly, and says how much there was. */
async function swallow(body: Readable): Promise<number> {
  let read = 0
  const slow = new Writable({
    highWaterMark: PIECE.length,
    write(piece: Buffer, _encoding, done) {
      read += piece.length
      setTimeout(done, SLOWNESS)
    },
  })
  await pipeline(body, slow)
  return read
}

async function giveAndTake(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/stream/none') response.end()
  else if (request.method === 'GET') await pipeline(Readable.from(pieces()), response)
  else response.end(String(await swallow(request)))
}

async function download(url: string): Promise<number> {
  const request = httpRequest(`${url}/stream/download`).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return swallow(response)
}

async function upload(url: string): Promise<number> {
  const request = httpRequest(`${url}/stream/upload`, { method: 'PUT' })
  const answered = once(request, 'response') as Promise<[IncomingMessage]>
  await pipeline(Readable.from(pieces()), request)
  const [response] = await answered
  return Number(
    await response
      .setEncoding('utf8')
      .toArray()
      .then((texts) => texts.join('')),
  )
}

async function growthRow({ pid }: RunningGateway, direction: string, transfer: () => Promise<number>): Promise<Row> {
  const before = residentMegabytes([pid])
  let most = before
  let done = false
  const passed = transfer().finally(() => {
    done = true
  })
  while (!done) {
    most = Math.max(most, residentMegabytes([pid]))
    await delay(SAMPLE_EVERY)
  }
  if ((await passed) !== BYTES) throw new Error(`only ${await passed} bytes have arrived`)
  const growth = most - before
  return {
    what: `24,000,000 bytes streamed ${direction}: memory grows by, MB`,
    measured: growth.toFixed(1),
    baseline: before.toFixed(0),
    target: `< ${LIMIT}`,
    met: growth < LIMIT,
  }
}
