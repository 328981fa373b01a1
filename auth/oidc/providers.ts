import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { SigningKeys } from '../signing-keys/signing-keys.ts'
import { createProvider, type ProviderParts } from './provider.ts'

export interface Providers {
  /** The one with the keys of now; throws Unavailable where these cannot be known. */
  current(): Provider
  /** Has it answer a request. */
  answer(req: IncomingMessage, res: ServerResponse): Promise<void>
}

/** A provider takes its keys once, so that a rotation makes a new one. Requests in flight are finished by the former. */
export function createProviders({ signingKeys, ...parts }: ProviderParts & { signingKeys: SigningKeys }): Providers {
  let built: { kids: string; provider: Provider; answer: ReturnType<Provider['callback']> } | undefined

  function latest() {
    const { kid } = signingKeys.current()
    const keys = signingKeys.all()
    const kids = [kid, ...keys.map((key) => key.kid)].join()
    if (built?.kids !== kids) {
      const provider = createProvider(parts, keys)
      built = { kids, provider, answer: provider.callback() }
    }
    return built
  }

  return { current: () => latest().provider, answer: (req, res) => latest().answer(req, res) }
}
