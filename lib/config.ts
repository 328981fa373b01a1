import { cleanEnv, EnvMissingError, makeValidator, num, port, str, url } from 'envalid'

export { makeValidator, num, port, str, url }

/** The reason a start was refused: every variable that is missing or malformed, and what it should look like. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Base64 text of exactly 32 bytes, for AES-256 and HMAC keys. */
export const key32 = makeValidator(readKey32)

/** Several of them, separated by commas. */
export const keys32 = makeValidator((text) => text.split(',').map(readKey32))

function readKey32(text: string): Buffer {
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new Error('expected 32 bytes in base64')
  return key
}

/** `host:port`, several separated by commas. */
export const brokers = makeValidator((text) => {
  const list = text.split(',').map((item) => item.trim())
  if (!list.every((item) => /^[^\s:]+:\d+$/.test(item))) throw new Error('expected host:port[,host:port…]')
  return list
})

/** A secret of at least 32 characters. */
export const secret = makeValidator((text) => {
  if (text.length < 32) throw new Error('expected at least 32 characters')
  return text
})

/** A whole number from 1 on. */
export const count = makeValidator((text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error('expected a whole number from 1 on')
  return value
})

/** What a service reads that only serves HTTP. */
export const served = {
  HOST: str({ default: '127.0.0.1', desc: 'address to listen on' }),
  PORT: port({ desc: 'port to listen on' }),
  LOG_LEVEL: str({ choices: ['error', 'warn', 'info', 'debug'], default: 'info' }),
  GATEWAY_TOKEN: secret({ desc: 'the secret that only the gateway and the services know' }),
}

/** What every other service reads; a service adds its own. */
export const common = {
  ...served,
  KAFKA_BROKERS: brokers({ desc: 'Kafka bootstrap servers, host:port[,host:port…]' }),
  REDIS_URL: url({ desc: 'redis://[user:password@]host:port[/db]' }),
}

/** Reads and checks the variables once; the result is frozen. */
export function readConfig<Spec extends Parameters<typeof cleanEnv>[1]>(env: NodeJS.ProcessEnv, spec: Spec) {
  return cleanEnv(env, spec, {
    reporter: ({ errors }) => {
      const lines = Object.entries(errors).map(([name, error]) => {
        const about = (spec as Record<string, { desc?: string }>)[name]?.desc
        return `${name}: ${error instanceof EnvMissingError ? 'is required' : (error as Error).message}${about ? ` (${about})` : ''}`
      })
      if (lines.length > 0) throw new ConfigError(lines.join('\n'))
    },
  })
}
