import type { IncomingMessage } from 'node:http'
import { Refusal } from './reply.ts'

/** Enough for tens of thousands of routes. */
const most = 64 * 1024 * 1024

export async function readBody(message: IncomingMessage): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > most) throw tooLarge()
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of message as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > most) throw tooLarge()
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function tooLarge(): Refusal {
  return new Refusal(413, { message: `the body is longer than ${most} bytes` })
}
