import type { KeyAuthCredential } from '../../entities.ts'
import { errorAnswer } from '../../error-answer.ts'
import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { authenticate, authenticateAnonymous } from '../authentication.ts'
import type { ParsedBody } from '../request-body.ts'
import { type FoundKey, findKey, hideKey, type Places, readKeyBody } from './find-key.ts'

interface Config extends Places {
  anonymous: string | null
  run_on_preflight: boolean
  realm: string | null
}

function validCredential(gateway: Gateway, key: string): KeyAuthCredential | undefined {
  const credential = gateway.keyAuthCredential(key)
  if (!credential?.ttl) return credential
  return gateway.now() < (credential.created_at + credential.ttl) * 1000 ? credential : undefined
}

function check(config: Config, exchange: Exchange, gateway: Gateway, found: FoundKey): Answer | undefined {
  const challenge = { 'WWW-Authenticate': config.realm ? `Key realm="${config.realm}"` : 'Key' }
  if (found === 'duplicate') return errorAnswer(exchange, 401, 'Duplicate API key found', challenge)
  if (!found?.key) return errorAnswer(exchange, 401, 'No API key found in request', challenge)
  const credential = validCredential(gateway, found.key)
  const consumer = credential && gateway.consumer(credential.consumer.id)
  if (credential === undefined || consumer === undefined) return errorAnswer(exchange, 401, 'Unauthorized', challenge)
  authenticate(exchange, consumer, credential, credential.id)
  return undefined
}

function settle(config: Config, exchange: Exchange, gateway: Gateway, found: FoundKey): Answer | undefined {
  const refusal = check(config, exchange, gateway, found)
  if (refusal === undefined || config.anonymous === null) return refusal
  authenticateAnonymous(exchange, gateway, config.anonymous)
  return undefined
}

async function settleWithBody(config: Config, exchange: Exchange, gateway: Gateway): Promise<Answer | undefined> {
  const body: ParsedBody | undefined = await readKeyBody(config, exchange)
  const found = findKey(config, exchange, body)
  if (config.hide_credentials && typeof found === 'object') hideKey(exchange, found.name, body)
  return settle(config, exchange, gateway, found)
}

export const handler: Plugin<Config> = {
  name: 'key-auth',
  priority: 1250,

  access(config, exchange, gateway) {
    if (!config.run_on_preflight && exchange.request.method === 'OPTIONS') return undefined
    if (config.anonymous !== null && exchange.credential !== undefined) return undefined
    if (config.key_in_body || config.hide_credentials) return settleWithBody(config, exchange, gateway)
    return settle(config, exchange, gateway, findKey(config, exchange))
  },
}
