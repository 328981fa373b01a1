import Router from '@koa/router'
import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import type { Kafka } from '../../lib/bus/kafka.ts'
import type { Log } from '../../lib/log.ts'
import { listAudit } from './actions/list-audit.ts'
import { listDeadLetters } from './actions/list-dead-letters.ts'
import { listPartners } from './actions/list-partners.ts'
import { readDeadLetter } from './actions/read-dead-letter.ts'
import { dropDeadLetter, replayDeadLetter } from './actions/settle-dead-letter.ts'
import { showBus } from './actions/show-bus.ts'
import { showGateway } from './actions/show-gateway.ts'
import { showServices } from './actions/show-services.ts'
import type { AdminApi } from './admin-api.ts'
import type { ServiceAddress } from './config.ts'
import type { DeadLetters } from './dead-letters.ts'

interface Options {
  admin: AdminApi
  db: Knex
  redis: Redis
  kafka: Kafka
  deadLetters: DeadLetters
  services: readonly ServiceAddress[]
  log: Log
}

export function routes({ admin, db, redis, kafka, deadLetters, services, log }: Options): Router {
  return new Router({ prefix: '/api/v1/operations' })
    .get('/gateway', showGateway({ admin }))
    .get('/partners', listPartners({ admin, redis }))
    .get('/services', showServices({ services }))
    .get('/bus', showBus({ kafka, services }))
    .get('/audit', listAudit({ db }))
    .get('/dead-letters', listDeadLetters({ deadLetters }))
    .get('/dead-letters/:id', readDeadLetter({ db, deadLetters }))
    .post('/dead-letters/:id/replay', replayDeadLetter({ db, deadLetters, log }))
    .delete('/dead-letters/:id', dropDeadLetter({ db, deadLetters, log }))
}
