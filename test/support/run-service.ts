import { randomBytes } from 'node:crypto'
import { until } from '../../dev/stack/until.ts'
import type { RunningService } from '../../lib/service.ts'
import { freePort } from './ports.ts'

export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
}

export interface ServiceUnderTest {
  url: string
  /** As the gateway would call it; with `body`, a POST of that as JSON unless `method` says otherwise. */
  call<Body>(path: string, request?: Request): Promise<Answer<Body>>
  ready(): Promise<void>
  stop(): Promise<void>
}

interface Request {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

export const GATEWAY_TOKEN = randomBytes(24).toString('hex')

export const key32 = (): string => randomBytes(32).toString('base64')

/** Runs a service in this process on a free port, with these variables beside the common ones. */
export async function runService(
  start: (env: NodeJS.ProcessEnv) => Promise<RunningService>,
  env: NodeJS.ProcessEnv,
): Promise<ServiceUnderTest> {
  const PORT = String(await freePort())
  const url = `http://127.0.0.1:${PORT}`
  const service = await start({ HOST: '127.0.0.1', PORT, LOG_LEVEL: 'error', GATEWAY_TOKEN, ...env })

  async function call<Body>(path: string, { method, body, headers }: Request = {}): Promise<Answer<Body>> {
    const response = await fetch(url + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json', 'x-gateway-token': GATEWAY_TOKEN, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text && JSON.parse(text)) as Body }
  }

  return {
    url,
    call,
    ready: () =>
      until(async () => (await call('/ready')).status === 200, { within: 15_000, what: 'the service is ready' }),
    stop: () => service.stop(),
  }
}
