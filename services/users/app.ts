import Router from '@koa/router'
import type { Redis } from 'ioredis'
import type { Knex } from 'knex'
import { idempotent } from '../../lib/http/idempotency.ts'
import type { Log } from '../../lib/log.ts'
import { changeOwnProfile } from './actions/change-own-profile.ts'
import { changeUser } from './actions/change-user.ts'
import { confirm } from './actions/confirm.ts'
import { countRegistrations } from './actions/count-registrations.ts'
import { createUser } from './actions/create-user.ts'
import { deleteUser } from './actions/delete-user.ts'
import { findUsers } from './actions/find-users.ts'
import { readHistory } from './actions/read-history.ts'
import { readMembership } from './actions/read-membership.ts'
import { readOwnProfile } from './actions/read-own-profile.ts'
import { readUser } from './actions/read-user.ts'
import { requestConfirmation } from './actions/request-confirmation.ts'
import { watchRegistrations } from './actions/watch-registrations.ts'
import type { SetCredentials } from './credentials.ts'
import type { LiveCount } from './live-count.ts'
import { createMemberCounts } from './member-counts.ts'
import type { ReadRoles } from './roles.ts'
import { readChanges, readReplacement } from './staff-input.ts'
import type { ThaiIDs } from './thai-ids.ts'

interface Options {
  db: Knex
  redis: Redis
  log: Log
  live: LiveCount
  thaiIDs: ThaiIDs
  confirmationKey: Buffer
  setCredentials: SetCredentials
  readRoles: ReadRoles
}

export function routes(options: Options): Router {
  const { db, redis, log, live, thaiIDs, confirmationKey, setCredentials, readRoles } = options
  const once = idempotent({ redis, service: 'users', log })
  return new Router()
    .post('/api/v1/register/confirm', confirm({ db, confirmationKey, setCredentials }))
    .post('/api/v1/register/resend', requestConfirmation({ db }))
    .get('/api/v1/users/me', readOwnProfile({ db }))
    .patch('/api/v1/users/me', changeOwnProfile({ db }))
    .get('/api/v1/users', findUsers({ db, countMembers: createMemberCounts({ db }) }))
    .post('/api/v1/users', once, createUser({ db, thaiIDs }))
    .get('/api/v1/users/registrations', countRegistrations({ db }))
    .get('/api/v1/users/registrations/live', watchRegistrations({ live }))
    .get('/api/v1/users/:userID', readUser({ db }))
    .get('/api/v1/users/:userID/history', readHistory({ db }))
    .put('/api/v1/users/:userID', changeUser({ db, readRoles, read: readReplacement }))
    .patch('/api/v1/users/:userID', changeUser({ db, readRoles, read: readChanges }))
    .delete('/api/v1/users/:userID', deleteUser({ db }))
    .get('/partner/v1/members/:userID', readMembership({ db, redis, log }))
}
