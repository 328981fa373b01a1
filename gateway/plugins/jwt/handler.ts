import type { Answer, Exchange } from '../../exchange.ts'
import type { Gateway, Plugin } from '../../plugin.ts'
import { authenticate, authenticateAnonymous } from '../authentication.ts'
import { checkClaims, type RegisteredClaim } from './check-claims.ts'
import { cookiePattern, findTokens, type Places } from './find-tokens.ts'
import { readToken, type Token } from './token.ts'
import { createVerifiedTokens, keyOf, type VerifiedTokens } from './verified-tokens.ts'

interface Config extends Omit<Places, 'cookies'> {
  cookie_names: string[]
  key_claim_name: string
  secret_is_base64: boolean
  claims_to_verify: RegisteredClaim[] | null
  anonymous: string | null
  run_on_preflight: boolean
  maximum_expiration: number
  realm: string | null
}

interface Prepared extends Config, Places {
  challenge: string
  tokens: VerifiedTokens
}

/** One a worker, for all instances: a token that one route has verified is known to the next. */
const tokensOf = new WeakMap<Gateway, VerifiedTokens>()

function prepare(config: Config, gateway: Gateway): Prepared {
  const tokens = tokensOf.get(gateway) ?? createVerifiedTokens()
  tokensOf.set(gateway, tokens)
  return {
    ...config,
    cookies: config.cookie_names.map(cookiePattern),
    tokens,
    challenge: config.realm ? `Bearer realm="${config.realm}"` : 'Bearer',
  }
}

function refuse({ challenge }: Prepared, body: object): Answer {
  return { status: 401, body, headers: { 'WWW-Authenticate': `${challenge} error="invalid_token"` } }
}

/** The value that names the credential: a claim goes before a header field. */
function issuerOf({ key_claim_name: name }: Prepared, { claims, header }: Token): unknown {
  for (const part of [claims, header])
    if (Object.hasOwn(part, name) && part[name] !== null && part[name] !== false) return part[name]
  return undefined
}

/** The answer when the request cannot be authenticated. */
function check(config: Prepared, exchange: Exchange, gateway: Gateway): Answer | undefined {
  const found = findTokens(config, exchange.request)
  if (found.size === 0)
    return { status: 401, body: { message: 'Unauthorized' }, headers: { 'WWW-Authenticate': config.challenge } }
  if (found.size > 1) return refuse(config, { message: 'Multiple tokens provided' })
  const [text] = found
  if (typeof text !== 'string') return refuse(config, { message: 'Unrecognizable token' })
  const token = config.tokens.get(text) ?? readToken(text)
  if (typeof token === 'string') return refuse(config, { message: `Bad token; ${token}` })
  return checkToken(config, exchange, gateway, text, token)
}

function checkToken(config: Prepared, exchange: Exchange, gateway: Gateway, text: string, token: Token) {
  const { key_claim_name, secret_is_base64, claims_to_verify, maximum_expiration, tokens } = config
  const key = issuerOf(config, token)
  if (key === undefined) return refuse(config, { message: `No mandatory '${key_claim_name}' in claims` })
  if (typeof key !== 'string' || key === '') return refuse(config, { message: `Invalid '${key_claim_name}' in claims` })

  const secret = gateway.jwtSecret(key)
  if (secret === undefined) return refuse(config, { message: `No credentials found for given '${key_claim_name}'` })
  if (token.algorithm !== secret.algorithm) return refuse(config, { message: 'Invalid algorithm' })
  if (!tokens.verify(text, token, secret, secret_is_base64)) {
    const hasKey = keyOf(secret, secret_is_base64) !== undefined
    return refuse(config, { message: hasKey ? 'Invalid signature' : 'Invalid key/secret' })
  }

  const now = Math.floor(gateway.now() / 1000)
  const wrong = checkClaims(token.claims, claims_to_verify ?? [], maximum_expiration, now)
  if (wrong !== undefined) return refuse(config, wrong)

  const consumer = gateway.consumer(secret.consumer.id)
  if (consumer === undefined) throw new Error(`the credential ${secret.id} has no consumer`)
  authenticate(exchange, consumer, secret, secret.key)
  exchange.claims = token.claims
  return undefined
}

export const handler: Plugin<Config, Prepared> = {
  name: 'jwt',
  priority: 1450,
  prepare,

  access(config, exchange, gateway) {
    if (!config.run_on_preflight && exchange.request.method === 'OPTIONS') return undefined
    if (config.anonymous === null) return check(config, exchange, gateway)
    if (exchange.credential === undefined && check(config, exchange, gateway) !== undefined)
      authenticateAnonymous(exchange, gateway, config.anonymous)
    return undefined
  },
}
