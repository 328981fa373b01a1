import type { Knex } from 'knex'
import type { Context } from 'koa'
import { hashOf } from '../opaque-token.ts'
import { deleteSingleSignOnOfOthers } from '../queries/oidc-artifacts.ts'

/** By which the provider knows a browser again, so that people need not be asked by every app. */
export const SINGLE_SIGN_ON = '__Host-jade_single_sign_on'

/** Apps get whoever signed in last in this browser, not somebody who did before and never signed out. */
export async function takeOverBrowser(ctx: Context, db: Knex, accountID: string): Promise<void> {
  const id = ctx.cookies.get(SINGLE_SIGN_ON)
  if (id) await deleteSingleSignOnOfOthers(db, { hash: hashOf(id), accountID })
}
