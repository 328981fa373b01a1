import type { Consumer } from '../entities.ts'
import type { Exchange } from '../exchange.ts'
import type { HeaderList } from '../http1/header-list.ts'
import type { Gateway } from '../plugin.ts'
import { toBytes } from '../router/normalise.ts'

/**
 * Tells the upstream, and the plugins that follow, who calls: what a client says of itself in these headers is replaced or removed.
 * `identifier` is how the upstream sees the credential; without a credential the consumer is anonymous.
 */
export function authenticate(
  exchange: Exchange,
  consumer: Consumer,
  credential?: { id: string; key?: string },
  identifier?: string,
): void {
  exchange.consumer = consumer
  exchange.credential = credential
  const { headers } = exchange.upstream
  put(headers, 'X-Consumer-ID', consumer.id)
  put(headers, 'X-Consumer-Custom-ID', consumer.custom_id)
  put(headers, 'X-Consumer-Username', consumer.username)
  put(headers, 'X-Credential-Identifier', identifier)
  put(headers, 'X-Anonymous-Consumer', credential ? undefined : 'true')
}

function put(headers: HeaderList, name: string, value: string | null | undefined): void {
  if (value) headers.set(name, toBytes(value))
  else headers.delete(name.toLowerCase())
}

/** The consumer that a plugin's `anonymous` names. It is not checked when the file is loaded, so it may not exist. */
export function authenticateAnonymous(exchange: Exchange, gateway: Gateway, idOrName: string): void {
  const consumer = gateway.consumer(idOrName)
  if (consumer === undefined) throw new Error(`the anonymous consumer '${idOrName}' does not exist`)
  authenticate(exchange, consumer)
}
