import type { Entities } from '../entities.ts'
import { errorAnswer } from '../error-answer.ts'
import type { Answer, Exchange, RouteMatch } from '../exchange.ts'
import type { Gateway } from '../plugin.ts'
import type { Instance } from './instances.ts'
import { createPlans } from './plan.ts'
import { plugins, type Registry } from './registry.ts'

/** Runs the declared plugins on one request, phase by phase. */
export interface Runner {
  /** Before routing: global instances only. */
  rewrite(exchange: Exchange): void
  /** After routing. An answer ends the request; a promise comes only from a plugin that had to wait. */
  access(exchange: Exchange): Answer | undefined | Promise<Answer | undefined>
  /** On every answer, the gateway's own too; where no route matched, of global instances only. */
  headerFilter(exchange: Exchange): void
  hasBodyFilter(exchange: Exchange): boolean
  bodyFilter(exchange: Exchange, piece: Buffer, last: boolean): Buffer
  log(exchange: Exchange): void
}

export function createRunner(entities: Entities, gateway: Gateway, registry: Registry = plugins): Runner {
  const plans = createPlans(entities, registry, gateway)
  const rewriters = plans.global.slots.filter((instance) => instance?.handler.rewrite !== undefined) as Instance[]
  const planOf = (exchange: Exchange) => exchange.plan ?? plans.global

  function failed(exchange: Exchange, { handler }: Instance, phase: string, cause: unknown): void {
    gateway.log.error(`plugin ${handler.name} failed in ${phase}`, { requestId: exchange.id, cause })
  }

  /** A plugin that throws has not let the request pass: Kong answers 500, and so do we. */
  function refuse(exchange: Exchange, instance: Instance, cause: unknown): Answer {
    failed(exchange, instance, 'access', cause)
    return errorAnswer(exchange, 500)
  }

  function accessFrom(exchange: Exchange, match: RouteMatch, from: number): ReturnType<Runner['access']> {
    for (let at = from; at < planOf(exchange).slots.length; at++) {
      const instance = planOf(exchange).slots[at]
      if (instance?.handler.access === undefined) continue
      const { consumer } = exchange
      let answer: ReturnType<Runner['access']>
      try {
        answer = instance.handler.access(instance.config, exchange, gateway)
      } catch (cause) {
        return refuse(exchange, instance, cause)
      }
      if (answer instanceof Promise) return accessLater(exchange, match, at, answer)
      if (answer !== undefined) return answer
      if (exchange.consumer !== consumer) choosePlan(exchange, match, at + 1)
    }
    return undefined
  }

  async function accessLater(exchange: Exchange, match: RouteMatch, at: number, pending: Promise<Answer | undefined>) {
    try {
      const answer = await pending
      if (answer !== undefined) return answer
    } catch (cause) {
      return refuse(exchange, planOf(exchange).slots[at] as Instance, cause)
    }
    choosePlan(exchange, match, at + 1)
    return accessFrom(exchange, match, at + 1)
  }

  function choosePlan(exchange: Exchange, match: RouteMatch, from: number): void {
    exchange.plan = plans.continued(planOf(exchange), from, match, exchange.consumer?.id)
  }

  return {
    rewrite(exchange) {
      for (const { handler, config } of rewriters) handler.rewrite?.(config, exchange, gateway)
    },

    access(exchange) {
      if (exchange.match === undefined) return undefined
      exchange.plan = plans.of(exchange.match)
      return accessFrom(exchange, exchange.match, 0)
    },

    headerFilter(exchange) {
      const { answerHeaders, stickyCookie, response } = exchange
      if (answerHeaders !== undefined) response.headers.prepend(answerHeaders)
      if (stickyCookie !== undefined && response.source === 'service')
        response.headers.append('Set-Cookie', stickyCookie)
      for (const instance of planOf(exchange).headerFilters) {
        try {
          instance.handler.headerFilter?.(instance.config, exchange, gateway)
        } catch (cause) {
          failed(exchange, instance, 'headerFilter', cause)
        }
      }
    },

    hasBodyFilter: (exchange) => planOf(exchange).bodyFilters.length > 0,

    bodyFilter(exchange, piece, last) {
      let filtered = piece
      for (const { handler, config } of planOf(exchange).bodyFilters)
        filtered = handler.bodyFilter?.(config, exchange, filtered, last, gateway) ?? filtered
      return filtered
    },

    log(exchange) {
      for (const instance of planOf(exchange).logs) {
        try {
          instance.handler.log?.(instance.config, exchange, gateway)
        } catch (cause) {
          failed(exchange, instance, 'log', cause)
        }
      }
    },
  }
}
