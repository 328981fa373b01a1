import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { type Client, clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { accountNotFound, validateUserID } from '../id-parameter.ts'
import { audit } from '../queries/audit.ts'
import { lockWithAdmins, ROLES, type Role, setRoles as storeRoles } from '../queries/roles.ts'
import { endAudited } from '../sign-out.ts'

const validate = validator<{ roles: Role[] }>({
  type: 'object',
  properties: { roles: { type: 'array', items: { type: 'string', enum: ROLES }, uniqueItems: true } },
  required: ['roles'],
  additionalProperties: false,
})

interface Change {
  accountID: string
  actorID: string
  roles: Role[]
  client: Client
}

/** `PUT /api/v1/auth/accounts/:userID/roles`: an admin says what somebody may do. Sessions begun with other roles end at once. */
export function setRoles({ db, revocations }: Pick<Dependencies, 'db' | 'revocations'>): Middleware {
  return async function setsRoles(ctx) {
    const { userID } = validateUserID(ctx.params)
    const { roles } = validate(ctx.request.body)
    const { userID: actorID } = caller(ctx)
    await db.transaction((trx) => change(trx, { accountID: userID, actorID, roles, client: clientOf(ctx) }))
    await revocations.tell()
    ctx.body = { status: 'success', message: 'Roles set', data: { userID, roles } }
  }
}

async function change(trx: Knex.Transaction, { accountID, actorID, roles, client }: Change): Promise<void> {
  const { account, admins } = await lockWithAdmins(trx, accountID)
  if (!account) throw accountNotFound()
  const gained = roles.filter((role) => !account.roles.includes(role))
  if (gained.length === 0 && roles.length === account.roles.length) return
  // Before the address is confirmed anybody may have chosen the password.
  if (gained.length > 0 && account.status !== 'active') throw notActive()
  if (!roles.includes('admin') && admins.every((id) => id === accountID)) throw lastAdmin()
  await storeRoles(trx, accountID, roles)
  await audit(trx, 'roles.changed', { client, accountID, actorID, roles })
  await endAudited(trx, { accountID }, { client, actorID })
}

const notActive = () => new HttpError(409, 'ACCOUNT_NOT_ACTIVE', 'Only an active account can be given a role')

const lastAdmin = () => new HttpError(409, 'LAST_ADMIN', 'Somebody has to stay an admin')
