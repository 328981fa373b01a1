import type { Knex } from 'knex'
import type { Context } from 'koa'
import { outbox } from '../../lib/bus/outbox.ts'
import { expectedVersion, preconditionFailed } from '../../lib/http/etag.ts'
import { caller } from '../../lib/http/identity.ts'
import { confirmationRenewed, emailChanged, userUpdated } from './events.ts'
import { insertAudit, lockUser, updateUser } from './queries.ts'
import { refuseTaken } from './refuse-taken.ts'
import { adminsOnly, leadsToAccount } from './roles.ts'
import {
  awaitsConfirmation,
  type Changes,
  effective,
  refuseIllegalTransition,
  toRenewed,
  toUpdated,
  type User,
  userNotFound,
} from './user.ts'

/** Who asks for a change, by which request, and which version they have seen. */
export interface Edit {
  userID: string
  actorID: string
  requestID: string
  expected: number | undefined
  /** What leads to the member's account is not theirs to change. */
  guarded?: boolean
}

export const editOf = (ctx: Context, userID: string): Edit => ({
  userID,
  actorID: caller(ctx).userID,
  requestID: ctx.state.requestId,
  expected: expectedVersion(ctx),
})

/** The row, locked, so that the version the client has seen is still the one that gets changed. */
export async function lockExpected(trx: Knex, { userID, expected }: Edit): Promise<User> {
  const user = await lockUser(trx, userID)
  if (!user) throw userNotFound()
  if (expected !== undefined && expected !== user.version) throw preconditionFailed()
  return user
}

/** Changes a member: the row, who changed it and the event that says so, all or none. */
export async function editUser(db: Knex, edit: Edit, wished: Changes): Promise<User> {
  const { userID, actorID, requestID } = edit
  return await db
    .transaction(async (trx) => {
      const before = await lockExpected(trx, edit)
      const changes = effective(before, wished)
      const fields = Object.keys(changes)
      if (fields.length === 0) return before
      if (edit.guarded && leadsToAccount(changes)) throw adminsOnly()
      refuseIllegalTransition(before, changes.status)
      const after = await updateUser(trx, userID, changes)
      const [statusFrom, statusTo] = changes.status ? [before.status, changes.status] : []
      await insertAudit(trx, { userID, actorID, requestID, action: 'change', fields, statusFrom, statusTo })
      await outbox.add(trx, userUpdated.of(toUpdated(after)))
      if (losesAddress(before, changes)) await outbox.add(trx, emailChanged.of({ userID, formerEmail: before.email }))
      if (needsLink(after, changes)) await outbox.add(trx, confirmationRenewed.of(toRenewed(after)))
      return after
    })
    .catch(refuseTaken)
}

/** Where the address is a new one, or may have become one while the member was disabled: then no mailed link confirms it. */
const needsLink = (user: User, changes: Changes): boolean => leadsToAccount(changes) && awaitsConfirmation(user)

/** Before anybody has confirmed the membership its address may be a stranger's, to whom it says nothing. */
const losesAddress = ({ confirmed_at }: User, { email }: Changes): boolean =>
  email !== undefined && confirmed_at !== null
