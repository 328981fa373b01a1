import { timingSafeEqual } from 'node:crypto'
import type { BasicAuthCredential, Consumer } from '../../entities.ts'
import { errorAnswer } from '../../error-answer.ts'
import type { Exchange } from '../../exchange.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { authenticate, authenticateAnonymous } from '../authentication.ts'
import { hashPassword } from './hash-password.ts'
import { readCredentials } from './read-credentials.ts'

interface Config {
  anonymous: string | null
  hide_credentials: boolean
  realm: string
}

interface Found {
  credential: BasicAuthCredential
  password: Buffer
}

/** The credential that the header names, if there is one; the password has not been checked. */
function find(header: string, { hide_credentials }: Config, exchange: Exchange, gateway: Gateway): Found | undefined {
  const field = exchange.request.headers.get(header)
  const given = field === undefined ? undefined : readCredentials(field)
  // What is no username and password is none to hide: Kong leaves it where it is.
  if (given === 'unpaired') return undefined
  if (hide_credentials) exchange.upstream.headers.delete(header)
  const credential = given && gateway.basicAuthCredential(given.username)
  return credential && { credential, password: given.password }
}

function isRight({ credential, password }: Found): boolean {
  const kept = Buffer.from(credential.password)
  const given = Buffer.from(hashPassword(password, credential.consumer.id))
  return kept.length === given.length && timingSafeEqual(kept, given)
}

function identify(config: Config, exchange: Exchange, gateway: Gateway): [Consumer, BasicAuthCredential] | undefined {
  const found =
    find('proxy-authorization', config, exchange, gateway) ?? find('authorization', config, exchange, gateway)
  const consumer = found && isRight(found) ? gateway.consumer(found.credential.consumer.id) : undefined
  return found && consumer && [consumer, found.credential]
}

export const handler: Plugin<Config> = {
  name: 'basic-auth',
  priority: 1100,

  access(config, exchange, gateway) {
    if (config.anonymous !== null && exchange.credential !== undefined) return undefined
    const identified = identify(config, exchange, gateway)
    if (identified === undefined) {
      if (config.anonymous === null)
        return errorAnswer(exchange, 401, 'Unauthorized', { 'WWW-Authenticate': `Basic realm="${config.realm}"` })
      authenticateAnonymous(exchange, gateway, config.anonymous)
      return undefined
    }
    const [consumer, credential] = identified
    authenticate(exchange, consumer, credential, credential.username)
    return undefined
  },
}
