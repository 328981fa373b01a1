import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { freePort } from './ports.ts'

/** A request at which whoever sent it is to wait for ever: before it has arrived, or when it is done but the answer is still out. */
export interface Stall {
  method: string
  /** The how manieth of that method. */
  count: number
  when: 'before' | 'after'
}

/** Passes requests on to `target`, up to the stall. */
export async function stallingRelay(target: string, stall: Stall) {
  const url = `http://127.0.0.1:${await freePort()}`
  let seen = 0
  let reached: () => void = () => undefined
  const stalled = new Promise<void>((resolve) => {
    reached = resolve
  })
  const server = createServer(async (request, response) => {
    const isIt = request.method === stall.method && ++seen === stall.count
    if (isIt && stall.when === 'before') return reached()
    await passOn(request, response, target, isIt ? reached : undefined)
  })
  await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', () => resolve()))
  return {
    url,
    stalled,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function passOn(request: IncomingMessage, response: ServerResponse, target: string, instead?: () => void) {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const answer = await fetch(new URL(request.url ?? '/', target), {
    method: request.method ?? 'GET',
    headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
    ...(pieces.length > 0 && { body: Buffer.concat(pieces) }),
  })
  const body = Buffer.from(await answer.arrayBuffer())
  if (instead) return instead()
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
}
