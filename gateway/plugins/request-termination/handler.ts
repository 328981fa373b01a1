import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { parseArguments } from '../arguments.ts'
import { echo } from './echo.ts'

interface Config {
  status_code: number
  message: string | null
  content_type: string | null
  body: string | null
  echo: boolean
  trigger: string | null
}

const MESSAGES: Record<number, string> = {
  401: 'Unauthorized',
  404: 'Not found',
  405: 'Method not allowed',
  500: 'An unexpected error occurred',
  502: 'Bad Gateway',
  503: 'Service unavailable',
}

interface Prepared extends Config {
  answer: Answer
}

function prepare(config: Config): Prepared {
  const { status_code: status, body, content_type } = config
  const message = config.message ?? MESSAGES[status]
  if (body !== null)
    return { ...config, answer: { status, body, ...(content_type && { headers: { 'Content-Type': content_type } }) } }
  return { ...config, answer: { status, ...(message !== undefined && { body: { message } }) } }
}

async function mirror({ status_code, message }: Config, exchange: Exchange, { nodeId }: Gateway): Promise<Answer> {
  return { status: status_code, body: await echo(exchange, message ?? MESSAGES[status_code], nodeId) }
}

export const handler: Plugin<Config, Prepared> = {
  name: 'request-termination',
  priority: 2,
  prepare,

  access(config, exchange, gateway) {
    const { trigger } = config
    const { headers, query } = exchange.request
    if (trigger !== null && !headers.has(trigger.toLowerCase()) && !parseArguments(query).has(trigger)) return undefined
    return config.echo ? mirror(config, exchange, gateway) : config.answer
  },
}
