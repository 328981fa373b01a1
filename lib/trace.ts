import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** What ties together the log lines and events that one request or event causes. */
export interface Trace {
  /** W3C Trace Context, `00-<trace id>-<parent id>-<flags>`. */
  traceparent: string
  requestId: string | undefined
}

const storage = new AsyncLocalStorage<Trace>()
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

export const currentTrace = (): Trace | undefined => storage.getStore()

/** Runs `work` under the caller's trace, or a new one where the caller sent none that is well formed. */
export function withTrace<T>(
  caller: { traceparent: string | undefined; requestId: string | undefined },
  work: () => T,
): T {
  const given = caller.traceparent && TRACEPARENT.test(caller.traceparent)
  const traceparent = given ? (caller.traceparent as string) : `00-${randomHex()}-${randomHex().slice(16)}-01`
  return storage.run({ traceparent, requestId: caller.requestId }, work)
}

/** 32 digits. UUIDs come from a pool of random bytes, which costs far less than asking for some at every request. */
const randomHex = (): string => randomUUID().replaceAll('-', '')
