import type { Knex } from 'knex'
import type { Client } from '../client.ts'

const LIFETIME = `interval '30 days'`

export async function insertDevice(
  trx: Knex,
  { id, accountID, hash, client }: { id: string; accountID: string; hash: Buffer; client: Client },
): Promise<void> {
  const { device, address } = client
  const expiresAt = trx.raw(`now() + ${LIFETIME}`)
  await trx('devices').insert({ id, account_id: accountID, hash, device, address, expires_at: expiresAt })
}

/** When the account's second factor was shown on this device; undefined where it has to be shown again. */
export async function recallDevice(db: Knex, accountID: string, hash: Buffer): Promise<Date | undefined> {
  const [row] = await live(db, accountID).where({ hash }).update({ last_used_at: db.fn.now() }).returning('verified_at')
  return row?.verified_at
}

export interface DeviceRow {
  id: string
  device: string
  address: string
  verified_at: Date
  last_used_at: Date
  expires_at: Date
  current: boolean
}

const live = (db: Knex, accountID: string) =>
  db('devices').where({ account_id: accountID }).where('expires_at', '>', db.fn.now())

/** The last used first; `hash` is that of the device that asks. */
export const listDevices = (
  db: Knex,
  accountID: string,
  { limit, offset, hash }: { limit: number; offset: number; hash: Buffer | undefined },
): Promise<DeviceRow[]> =>
  live(db, accountID)
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .select('*', db.raw('hash is not distinct from ? as current', [hash ?? null]))

export async function countDevices(db: Knex, accountID: string): Promise<number> {
  const row = await live(db, accountID).count({ total: '*' }).first()
  return Number(row?.['total'])
}

/** Gives false where the account has no such device. */
export const deleteDevice = async (trx: Knex, accountID: string, id: string): Promise<boolean> =>
  (await trx('devices').where({ account_id: accountID, id }).delete()) > 0

export async function deleteDevices(trx: Knex, accountID: string): Promise<void> {
  await trx('devices').where({ account_id: accountID }).delete()
}
