import type { Knex } from 'knex'
import { outbox } from '../lib/bus/outbox.ts'
import { type Noted, securityNoted } from './events.ts'
import type { Account } from './queries/accounts.ts'

/** Has a mail tell the owner of an account what has just been done to it. */
export const tellOwner = (
  trx: Knex.Transaction,
  { id: userID, email }: Pick<Account, 'id' | 'email'>,
  noted: Noted,
): Promise<void> => outbox.add(trx, securityNoted.of({ userID, email, noted }))
