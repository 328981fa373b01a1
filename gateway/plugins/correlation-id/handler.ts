import { randomUUID } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import type { Exchange } from '../../exchange.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { answerField, likeNamedValue } from '../field-values.ts'

interface Config {
  header_name: string
  generator: 'uuid' | 'uuid#counter' | 'tracker'
  echo_downstream: boolean
}

type Generator = (exchange: Exchange) => string

function createGenerator(kind: Config['generator'], { now }: Gateway): Generator {
  const worker = randomUUID()
  let counter = 0
  switch (kind) {
    case 'uuid':
      return () => randomUUID()
    case 'uuid#counter':
      return () => `${worker}#${++counter}`
    case 'tracker':
      return ({ client }) =>
        `${client.ip}-${client.port}-${process.pid}-${threadId}-${++counter}-${(now() / 1000).toFixed(3)}`
  }
}

export const handler: Plugin<Config, Config & { generate: Generator }> = {
  name: 'correlation-id',
  priority: 100001,

  prepare: (config, gateway) => ({ ...config, generate: createGenerator(config.generator, gateway) }),

  access({ header_name, generate }, exchange) {
    const given = likeNamedValue(exchange.request.headers, header_name)
    exchange.correlationId = given || generate(exchange)
    if (!given) exchange.upstream.headers.set(header_name, exchange.correlationId)
    return undefined
  },

  headerFilter({ header_name, generate, echo_downstream }, exchange) {
    if (!echo_downstream) return
    // Where no route matched there was no access phase, and logs know of no id.
    const id = exchange.correlationId ?? (likeNamedValue(exchange.request.headers, header_name) || generate(exchange))
    exchange.response.headers.set(answerField(header_name), id)
  },
}
