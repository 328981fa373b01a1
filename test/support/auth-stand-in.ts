import { createServer } from 'node:http'
import { freePort } from './ports.ts'

interface Credentials {
  userID: string
  email: string
  password: string
}

type AuthAnswer = { status: number; body: object } | 'none'
export const ACCEPTED: AuthAnswer = { status: 200, body: { status: 'success' } }
const NO_ACCOUNT: AuthAnswer = { status: 404, body: { code: 'ACCOUNT_NOT_FOUND', message: 'Account not found' } }

const ROLES = /^\/api\/v1\/auth\/accounts\/([0-9a-f-]{36})\/roles$/

/** Answers `PUT /internal/credentials` as it is told to, or not at all; and which roles an account has. */
export async function standInForAuth() {
  const received: Credentials[] = []
  const auth = {
    received,
    answer: ACCEPTED as AuthAnswer,
    roles: new Map<string, string[]>(),
    url: `http://127.0.0.1:${await freePort()}`,
  }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const { method, url = '', headers } = request
    const answer = headers['x-gateway-token'] ? answerTo(`${method} ${url}`, Buffer.concat(pieces)) : undefined
    if (!answer) return response.writeHead(404).end()
    if (answer === 'none') return undefined
    const { status, body } = answer
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  function answerTo(asked: string, body: Buffer): AuthAnswer | undefined {
    if (asked === 'PUT /internal/credentials') {
      received.push(JSON.parse(String(body)))
      return auth.answer
    }
    const [, userID] = ROLES.exec(asked.replace(/^GET /, '')) ?? []
    if (!userID) return undefined
    const roles = auth.roles.get(userID)
    return roles ? { status: 200, body: { status: 'success', data: { userID, roles } } } : NO_ACCOUNT
  }
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
