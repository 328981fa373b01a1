import type { Socket } from 'node:net'
import { expect } from 'chai'
import { connectTo, OK, onRequest, startUpstream, talk } from '../../gateway/proxy/rehearsal.ts'
import { exchange } from '../conformance/exchange.ts'
import { startGateway } from '../conformance/gateway-process.ts'

/**
 * A gateway process of its own before two upstreams. What stands behind /admin, and behind any path of inner.test, wants a key;
 * /open does not, nor do the routes that have a pattern in them. How single heads and bodies are read is tested in gateway/http1,
 * slowness in gateway/proxy.
 */
export interface Siege {
  /** The heads that came through. */
  toOpen: string[]
  toSecret: string[]
  /** What the open upstream does with a request; 200 unless the test says otherwise. */
  answer: (socket: Socket, head: string) => void
  /** Sends this and gives all that comes back until the connection ends. */
  say(message: string): Promise<string>
  connect(): Socket
  /** Of the gateway's process, in bytes. */
  memory(): Promise<number>
}

/** For the tests of a `describe`, whose hooks this adds: one gateway for all of them. */
export function besieged(): Siege {
  const siege = {} as Siege
  let stop: (() => Promise<void>) | undefined
  before(async () => {
    stop = await start(siege)
  })
  after(() => stop?.())
  beforeEach(() => void Object.assign(siege, { toOpen: [], toSecret: [], answer: ok }))
  return siege
}

async function start(siege: Siege): Promise<() => Promise<void>> {
  const open = await startUpstream((socket) =>
    onRequest(socket, (head) => {
      siege.toOpen.push(head)
      siege.answer(socket, head)
    }),
  )
  const secret = await startUpstream((socket) =>
    onRequest(socket, (head) => {
      siege.toSecret.push(head)
      socket.write(OK)
    }),
  )
  const gateway = await startGateway()
  siege.say = (message) => talk(gateway.proxy.port, message)
  siege.connect = () => connectTo(gateway.proxy.port)
  siege.memory = async () => {
    const { body } = await exchange(gateway.admin, { path: '/status?unit=b' })
    return JSON.parse(body).memory.process_rss
  }
  const declared = await exchange(gateway.admin, {
    method: 'POST',
    path: '/config',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(config(open.port, secret.port)),
  })
  expect(declared.status).to.equal(201)
  return async () => {
    await gateway.stop()
    await Promise.all([open.stop(), secret.stop()])
  }
}

/** What an engine that goes back reads in twice as many ways for each further letter. */
const REPETITIVE = '(a+)+$'

const ok = (socket: Socket) => void socket.write(OK)

function config(open: number, secret: number) {
  const keyed = [{ name: 'key-auth' }]
  const watched = [
    { name: 'bot-detection', config: { deny: [REPETITIVE] } },
    { name: 'cors', config: { origins: [REPETITIVE] } },
  ]
  const patterns = [
    { name: 'repetitive-path', paths: [`~/${REPETITIVE}`] },
    { name: 'repetitive-header', paths: ['/asked'], headers: { 'x-asked': [`~*${REPETITIVE}`] } },
    { name: 'watched', paths: ['/watched'], plugins: watched },
  ]
  const url = (port: number) => `http://127.0.0.1:${port}`
  const protectedRoutes = [
    { name: 'admin', paths: ['/admin'], plugins: keyed },
    { name: 'inner', hosts: ['inner.test'], plugins: keyed },
  ]
  return {
    _format_version: '3.0',
    services: [
      { name: 'open', url: url(open), retries: 0, routes: [{ name: 'open', paths: ['/open'] }, ...patterns] },
      { name: 'secret', url: url(secret), routes: protectedRoutes },
    ],
  }
}

export function request(target: string, host = 'a.test', ...fields: string[]): string {
  const more = fields.map((field) => `${field}\r\n`).join('')
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`
}

/** Of all answers in what came back. */
export const statuses = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
