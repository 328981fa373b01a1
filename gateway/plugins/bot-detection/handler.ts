import { errorAnswer } from '../../error-answer.ts'
import type { Plugin } from '../../plugin.ts'
import { compilePcre } from '../pcre.ts'
import { BOTS } from './bots.ts'

interface Config {
  allow: string[] | null
  deny: string[] | null
}

/** User agents whose verdict is remembered; there are few, and the lists are long. */
const REMEMBERED = 10_000

function createDetector({ allow, deny }: Config): (userAgent: string) => boolean {
  const allowed = (allow ?? []).map(compilePcre)
  const denied = [...(deny ?? []).map(compilePcre), ...BOTS]
  const verdicts = new Map<string, boolean>()
  return (userAgent) => {
    let isBot = verdicts.get(userAgent)
    if (isBot === undefined) {
      isBot = !allowed.some((rule) => rule.test(userAgent)) && denied.some((rule) => rule.test(userAgent))
      if (verdicts.size >= REMEMBERED) verdicts.clear()
      verdicts.set(userAgent, isBot)
    }
    return isBot
  }
}

export const handler: Plugin<Config, { isBot: (userAgent: string) => boolean }> = {
  name: 'bot-detection',
  priority: 2500,

  prepare: (config) => ({ isBot: createDetector(config) }),

  access({ isBot }, exchange) {
    const userAgents = exchange.request.headers.getAll('user-agent')
    if (userAgents.length > 1) return errorAnswer(exchange, 400, 'Only one User-Agent header allowed')
    const userAgent = userAgents[0]?.trim()
    return userAgent !== undefined && isBot(userAgent) ? errorAnswer(exchange, 403) : undefined
  },
}
