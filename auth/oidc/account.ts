import type { Knex } from 'knex'
import type { FindAccount } from 'oidc-provider'
import { findProfile, type Profile } from '../queries/profiles.ts'

/** Whom the provider speaks of: open accounts alone. Which claims an app gets of these is for its scopes to say. */
export const findOidcAccount =
  (db: Knex): FindAccount =>
  async (_ctx, accountId) => {
    const profile = await findProfile(db, accountId)
    return profile && { accountId, claims: () => Promise.resolve({ sub: accountId, ...claimsOf(profile) }) }
  }

/** Nobody has an open account before the address is confirmed; phone numbers are not checked. */
const claimsOf = ({ email, name, phone_number }: Profile) => ({
  email,
  email_verified: true,
  ...(name !== null && { name }),
  ...(phone_number !== null && { phone_number, phone_number_verified: false }),
})
