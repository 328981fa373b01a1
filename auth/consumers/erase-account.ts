import type { Knex } from 'knex'
import { on } from '../../lib/bus/consumer.ts'
import { userDeleted } from '../../services/users/events.ts'
import { erase } from '../queries/accounts.ts'
import { eraseArtifacts } from '../queries/oidc-grants.ts'
import { deletePasswordResets } from '../queries/password-resets.ts'
import { deleteProfile } from '../queries/profiles.ts'
import { eraseSecondFactor } from '../queries/second-factor.ts'
import { deleteSessions } from '../queries/sessions.ts'
import { endAudited } from '../sign-out.ts'

/** Nothing that signs in a deleted user remains, nor where the user was signed in. */
export const eraseAccount = on(userDeleted, async (events, trx: Knex.Transaction) => {
  for (const { data } of events) {
    await erase(trx, data.userID)
    await endAudited(trx, { accountID: data.userID })
    await deleteSessions(trx, data.userID)
    await eraseSecondFactor(trx, data.userID)
    await deletePasswordResets(trx, data.userID)
    await eraseArtifacts(trx, data.userID)
    await deleteProfile(trx, data.userID)
  }
  return []
})
