import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'

export interface Request {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface Outcome {
  status: number
  body: string
  /** Milliseconds from sending to the whole answer. */
  latency: number
  /** Milliseconds since the epoch. */
  answeredAt: number
}

export interface Load {
  outcomes: Outcome[]
  /** Seconds from the first request to the last answer. */
  seconds: number
}

/** `clients` connections, each sending its next request when the last is answered, until `total` have been sent. */
export async function closedLoop(options: {
  url: string
  clients: number
  total: number
  request: (index: number) => Request
}): Promise<Load> {
  const { url, clients, total, request } = options
  const pool = new Pool(url, { connections: clients, pipelining: 1 })
  const outcomes: Outcome[] = []
  let next = 0
  const client = async () => {
    while (next < total) outcomes.push(await send(pool, request(next++)))
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - started) / 1000
  await pool.close()
  return { outcomes, seconds }
}

/** `rate` requests a second whatever the answers do, so that a slow answer does not slow the questions. */
export async function openLoop(options: {
  url: string
  rate: number
  seconds: number
  request: (index: number) => Request
}): Promise<Load> {
  const { url, rate, seconds, request } = options
  const pool = new Pool(url, { connections: 256, pipelining: 1 })
  const sent: Promise<Outcome>[] = []
  const started = performance.now()
  while (sent.length < rate * seconds) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - started) / 1000) * rate) + 1)
    while (sent.length < due) sent.push(send(pool, request(sent.length)))
    await delay(1)
  }
  const outcomes = await Promise.all(sent)
  const took = (performance.now() - started) / 1000
  await pool.close()
  return { outcomes, seconds: took }
}

async function send(pool: Pool, request: Request): Promise<Outcome> {
  const started = performance.now()
  try {
    const answer = await pool.request(request as Parameters<Pool['request']>[0])
    const body = await answer.body.text()
    return { status: answer.statusCode, body, latency: performance.now() - started, answeredAt: Date.now() }
  } catch {
    return { status: 0, body: '', latency: performance.now() - started, answeredAt: Date.now() }
  }
}
