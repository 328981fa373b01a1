import type { Knex } from 'knex'
import type { RegistrationRequest } from '../onboarder/events.ts'
import type { KeptThaiID } from './thai-ids.ts'
import { type Changes, isUserID, type User } from './user.ts'

const PROFILE = ['id', 'name', 'email', 'phone_number', 'status']
export const COLUMNS = [...PROFILE, 'version', 'confirmed_at', 'created_at', 'updated_at']

export type Registration = Omit<RegistrationRequest, 'thaiID'> & { thaiID?: KeptThaiID }

/** One statement for all; in their order, so that the first of two that clash is kept. Gives the ids of those that are in. */
export async function insertUsers(trx: Knex, users: Registration[]): Promise<Set<string>> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `insert into users (id, name, email, phone_number, thai_id_sealed, thai_id_hash, status)
     select *, 'created' from unnest(:ids::uuid[], :names::text[], :emails::text[], :phoneNumbers::text[], :sealed::text[], :hashes::text[])
     on conflict do nothing returning id`,
    {
      ids: users.map(({ userID }) => userID),
      names: users.map(({ name }) => name),
      emails: users.map(({ email }) => email),
      phoneNumbers: users.map(({ phoneNumber }) => phoneNumber),
      sealed: users.map(({ thaiID }) => thaiID?.sealed ?? null),
      hashes: users.map(({ thaiID }) => thaiID?.hash ?? null),
    },
  )
  return new Set(rows.map(({ id }) => id))
}

export interface Taken {
  id: string
  email: string | null
  phone_number: string | null
  thai_id_hash: string | null
}

/** The rows that hold an id or a unique value of these. */
export const findTaken = (trx: Knex, users: Registration[]): Promise<Taken[]> =>
  trx('users')
    .select<Taken[]>('id', 'email', 'phone_number', 'thai_id_hash')
    .whereRaw('id = any(?::uuid[])', [users.map(({ userID }) => userID)])
    .orWhereRaw('email = any(?::text[])', [users.map(({ email }) => email)])
    .orWhereRaw('phone_number = any(?::text[])', [users.map(({ phoneNumber }) => phoneNumber)])
    .orWhereRaw('thai_id_hash = any(?::text[])', [users.flatMap(({ thaiID }) => thaiID?.hash ?? [])])

/** Fails where a unique value is taken. */
export async function insertUser(trx: Knex, { userID, name, email, phoneNumber, thaiID }: Registration): Promise<User> {
  const [user] = await trx('users')
    .insert({
      ...{ id: userID, name, email, phone_number: phoneNumber, status: 'created' },
      ...{ thai_id_sealed: thaiID?.sealed, thai_id_hash: thaiID?.hash },
    })
    .returning<User[]>(COLUMNS)
  return user as User
}

/** An id that is no UUID, from a token or a header, is nobody's. */
const living = (db: Knex, userID: string) =>
  db('users')
    .where('id', isUserID(userID) ? userID : null)
    .whereNot('status', 'deleted')

export const findUser = (db: Knex, userID: string): Promise<User | undefined> => living(db, userID).first<User>(COLUMNS)

/** As `findUser`; the row stays as it is until the transaction ends. */
export const lockUser = (trx: Knex, userID: string): Promise<User | undefined> =>
  living(trx, userID).forUpdate().first<User>(COLUMNS)

const next = (trx: Knex) => ({ version: trx.raw('version + 1'), updated_at: trx.fn.now() })

export async function updateUser(trx: Knex, userID: string, { phoneNumber, ...changes }: Changes): Promise<User> {
  const [user] = await living(trx, userID)
    .update({
      ...{ ...changes, phone_number: phoneNumber },
      // The new address has had one link: the one that this change has mailed.
      ...(changes.email !== undefined && { confirmations_renewed_at: trx.raw('array[now()]') }),
      ...next(trx),
    })
    .returning<User[]>(COLUMNS)
  return user as User
}

/** Keeps the id, and nothing that leads to the person. */
export const anonymiseUser = (trx: Knex, userID: string): Promise<number> =>
  living(trx, userID).update({
    name: null,
    email: null,
    phone_number: null,
    thai_id_sealed: null,
    thai_id_hash: null,
    status: 'deleted',
    ...next(trx),
  })

export const confirmUser = (trx: Knex, userID: string): Promise<number> =>
  living(trx, userID).update({ status: 'confirmed', confirmed_at: trx.fn.now(), ...next(trx) })

/** Nobody's mailbox is flooded with links. */
const MOST_RENEWALS = 3
const RECENT_RENEWALS = `array(
  select renewed_at from unnest(confirmations_renewed_at) renewed_at where renewed_at > now() - interval '30 minutes')`

/** Counts another link to the member who waits for confirmation at this address; undefined where nobody does, or has enough of them. */
export async function renewConfirmation(trx: Knex, email: string): Promise<User | undefined> {
  const [user] = await trx('users')
    .where({ email })
    .whereIn('status', ['created', 'confirmation_sent'])
    .whereRaw(`cardinality(${RECENT_RENEWALS}) < ${MOST_RENEWALS}`)
    .update({ confirmations_renewed_at: trx.raw(`${RECENT_RENEWALS} || now()`) })
    .returning<User[]>(COLUMNS)
  return user
}

/** Forward only: whoever has confirmed already stays so. */
export const markConfirmationSent = (trx: Knex, userIDs: string[]): Promise<number> =>
  trx('users')
    .whereRaw('id = any(?::uuid[])', [userIDs])
    .where('status', 'created')
    .update({ status: 'confirmation_sent', ...next(trx) })

export interface AuditEntry {
  userID: string
  actorID: string
  action: 'create' | 'change' | 'delete'
  fields: string[]
  statusFrom?: string
  statusTo?: string
  requestID: string
}

export const insertAudit = (trx: Knex, entry: AuditEntry) =>
  trx('audit').insert({
    user_id: entry.userID,
    actor_id: entry.actorID,
    action: entry.action,
    fields: entry.fields,
    status_from: entry.statusFrom,
    status_to: entry.statusTo,
    request_id: entry.requestID,
  })

export type AuditRecord = Omit<AuditEntry, 'userID'> & { at: Date }

export const listAudit = (
  db: Knex,
  userID: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<AuditRecord[]> =>
  db('audit')
    .select<AuditRecord[]>({
      ...{ actorID: 'actor_id', action: 'action', fields: 'fields', requestID: 'request_id', at: 'at' },
      ...{ statusFrom: 'status_from', statusTo: 'status_to' },
    })
    .where('user_id', userID)
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)

export const countAudit = async (db: Knex, userID: string): Promise<number> =>
  Number((await db('audit').where('user_id', userID).count<{ count: string }[]>())[0]?.count)
