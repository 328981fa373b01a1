import { createHmac, randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Consumer, PluginEntity } from '../../entities.ts'
import { entitiesOf, onService, type Rehearsal, rehearse } from '../../plugins/rehearsal.ts'
import { type LuaPlugin, type LuaRequest, startLua } from './lua-plugin.ts'

export interface Sent {
  headers?: Record<string, string[]>
  /** Of a verified token. */
  claims?: object
  /** The consumer that has sent its key. */
  partner?: string
}

/** What the client and the upstream see of a plugin. */
export interface Seen {
  status: number
  message: string | undefined
  headers: Record<string, string[]>
  upstream: Record<string, string[]>
}

/** The instances of one plugin that a request meets. */
export interface Scene {
  global?: object
  own?: object
  partners?: Record<string, string[]>
  now: () => number
  /** Where the Lua form's commands go. */
  redis?: () => Redis
}

/** A plugin in both forms, set up alike. */
export interface BothForms {
  lua: { send(sent: Sent): Promise<Seen>; plugin: LuaPlugin }
  typescript: { send(sent: Sent): Promise<Seen> }
  close(): Promise<void>
}

/** Of an answer, what our plugins write. */
const ANSWER_HEADER = /^(x-)?ratelimit-|^retry-after$|^www-authenticate$/

/** Of what the upstream gets, what authentication plugins write: the Lua form is played without them. */
const AUTHENTICATION_HEADER = /^x-(consumer-(id|custom-id|username)|credential-identifier|anonymous-consumer)$/

const noRedis = (): Redis => {
  throw new Error('no Redis in this scene')
}

export async function bothForms(name: string, scene: Scene): Promise<BothForms> {
  const plugin = await startLua(name, scene.redis ?? noRedis)
  const document = declare(name, scene)
  const rehearsal = rehearse(document, { now: scene.now })
  const { plugins, consumers } = entitiesOf(document)
  const instances = plugins.filter((entity) => entity.name === name)
  return {
    lua: { plugin, send: (sent) => playLua(plugin, scene, instances, consumers, sent) },
    typescript: { send: (sent) => playTypeScript(rehearsal, sent) },
    async close() {
      rehearsal.close()
      await plugin.close()
    },
  }
}

/** Tokens and keys are both taken, and nobody needs one. */
function declare(name: string, { global, own, partners = {} }: Scene): object {
  const anonymous = { username: 'nobody' }
  const consumers = Object.entries(partners).map(([username, groups]) => ({
    id: randomUUID(),
    username,
    keyauth_credentials: [{ key: username }],
    acls: groups.map((group) => ({ group })),
  }))
  const issuer = { username: 'issuer', jwt_secrets: [{ key: 'k', secret: 's' }] }
  const auth = ['jwt', 'key-auth'].map((plugin) => ({ name: plugin, config: { anonymous: anonymous.username } }))
  return onService([...auth, ...(own ? [{ name, config: own }] : [])], {
    consumers: [anonymous, issuer, ...consumers],
    plugins: global ? [{ name, config: global }] : [],
  })
}

async function playTypeScript(rehearsal: Rehearsal, { headers = {}, claims, partner }: Sent): Promise<Seen> {
  const token = claims && { authorization: `Bearer ${sign(claims)}` }
  const played = await rehearsal.send({ headers: { ...headers, ...token, ...(partner && { apikey: partner }) } })
  const upstream = played.exchange.upstream.headers
  const seen = (list: typeof upstream) =>
    Object.fromEntries(list.keys.map((key) => [key, list.getAll(key).map(asText)]))
  const { message } = (played.json ?? {}) as { message?: string }
  return comparable(played.status, message, seen(played.headers), seen(upstream))
}

async function playLua(
  plugin: LuaPlugin,
  { now, partners = {} }: Scene,
  instances: PluginEntity[],
  consumers: Consumer[],
  { headers = {}, claims, partner }: Sent,
): Promise<Seen> {
  const global = instances.find(({ service }) => service === null)
  const applying = instances.find(({ service }) => service !== null) ?? global
  const consumer = consumers.find(({ username }) => username === (partner ?? (claims ? 'issuer' : 'nobody')))
  const request: LuaRequest = {
    now: now(),
    headers: Object.fromEntries(Object.entries(headers).map(([key, values]) => [key.toLowerCase(), values])),
    shared: claims ? { authenticated_jwt_token: JSON.stringify(claims) } : {},
    ...(consumer && { consumer: { id: consumer.id } }),
    groups: partners[partner ?? ''] ?? [],
    ...(global && { rewrite: withoutNulls(global.config) }),
    access: withoutNulls(applying?.config ?? {}),
  }
  const { answer, upstream } = await plugin.play(request)
  return comparable(answer.status, answer.message, answer.headers, upstream)
}

/** Header values are kept a character a byte. */
const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** As Kong hands a config to a plugin. */
const withoutNulls = (config: object): object =>
  JSON.parse(JSON.stringify(config, (_key, value) => (value === null ? undefined : value)))

/** Only the headers that are this plugin's matter; where there is no value, Kong sends a space. */
function comparable(
  status: number,
  message: string | undefined,
  headers: Record<string, string[]>,
  upstream: Record<string, string[]>,
): Seen {
  const answer = Object.entries(headers).filter(([key]) => ANSWER_HEADER.test(key))
  const own = Object.entries(upstream)
    .filter(([key]) => /^x[-_]/.test(key) && !AUTHENTICATION_HEADER.test(key))
    .map(([key, values]) => [key, values.map((value) => value.trim())])
  return {
    status,
    message,
    headers: Object.fromEntries(answer),
    upstream: status === 200 ? Object.fromEntries(own) : {},
  }
}

function sign(claims: object): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ alg: 'HS256', iss: 'k' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', 's').update(signed).digest('base64url')}`
}
