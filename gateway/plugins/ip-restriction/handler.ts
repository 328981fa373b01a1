import { inRanges } from '../../address-ranges.ts'
import { errorAnswer } from '../../error-answer.ts'
import type { Plugin } from '../../plugin.ts'

interface Config {
  allow: string[] | null
  deny: string[] | null
  status: number | null
  message: string | null
}

type AddressCheck = (ip: string) => boolean

/** Undefined for an empty list, which restricts nothing. */
const listed = (ranges: string[] | null): AddressCheck | undefined => (ranges?.length ? inRanges(ranges) : undefined)

interface Prepared {
  isAllowed: AddressCheck | undefined
  isDenied: AddressCheck | undefined
  status: number
  message: string | undefined
}

export const handler: Plugin<Config, Prepared> = {
  name: 'ip-restriction',
  priority: 990,

  prepare: ({ allow, deny, status, message }) => ({
    isAllowed: listed(allow),
    isDenied: listed(deny),
    status: status ?? 403,
    message: message ?? undefined,
  }),

  access({ isAllowed, isDenied, status, message }, exchange) {
    const { ip } = exchange.client
    if (!isDenied?.(ip) && (isAllowed?.(ip) ?? true)) return undefined
    return errorAnswer(exchange, status, message ?? `IP address not allowed: ${ip}`)
  },
}
