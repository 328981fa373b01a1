import { createServer } from 'node:http'
import { freePort } from './ports.ts'

interface Credentials {
  userID: string
  email: string
  password: string
}

type AuthAnswer = { status: number; body: object } | 'none'
export const ACCEPTED: AuthAnswer = { status: 200, body: { status: 'success' } }

/** Answers `PUT /internal/credentials` as it is told to, or not at all. */
export async function standInForAuth() {
  const received: Credentials[] = []
  const auth = { received, answer: ACCEPTED as AuthAnswer, url: `http://127.0.0.1:${await freePort()}` }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const known =
      request.method === 'PUT' && request.url === '/internal/credentials' && request.headers['x-gateway-token']
    if (!known) return response.writeHead(404).end()
    received.push(JSON.parse(String(Buffer.concat(pieces))))
    if (auth.answer === 'none') return undefined
    const { status, body } = auth.answer
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const listen = () =>
    new Promise<void>((resolve) => server.listen(Number(new URL(auth.url).port), '127.0.0.1', () => resolve()))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen()
  return Object.assign(auth, { listen, close })
}
