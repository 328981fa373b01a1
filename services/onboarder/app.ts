import Router from '@koa/router'
import type { Redis } from 'ioredis'
import type { Publisher } from '../../lib/bus/publisher.ts'
import { idempotent } from '../../lib/http/idempotency.ts'
import type { Log } from '../../lib/log.ts'
import { register } from './actions/register.ts'
import { showRegistration } from './actions/show-registration.ts'
import type { Ledger } from './ledger.ts'

interface Options {
  ledger: Ledger
  publisher: Publisher
  redis: Redis
  thaiIDKey: Buffer
  log: Log
}

export function routes({ redis, ...options }: Options): Router {
  const once = idempotent({ redis, service: 'onboarder', log: options.log })
  return new Router()
    .post('/api/v1/register', once, register(options))
    .get('/api/v1/register/:userID', showRegistration(options))
    .post('/partner/v1/members', once, register(options))
}
