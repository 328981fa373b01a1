import type { Knex } from 'knex'
import type { KeyRing } from './key-ring.ts'
import { replaceSealed, sealedUnder } from './queries/second-factor.ts'

const BATCH = 100

/** Seals under the current key whatever is sealed under an old one, which is needed no more after that. */
export async function resealSecrets({ db, keys }: { db: Knex; keys: KeyRing }): Promise<void> {
  for (let batch = await oldOnes(); batch.length > 0; batch = await oldOnes()) {
    for (const { account_id: accountID, ...old } of batch) {
      await replaceSealed(db, { accountID, old, sealed: keys.seal(keys.open(old, accountID), accountID) })
    }
  }

  function oldOnes() {
    return sealedUnder(db, keys.oldIDs, BATCH)
  }
}
