import type { Knex } from 'knex'

/** What makes somebody more than a member. */
export const ROLES = ['staff', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface RoleHolder {
  id: string
  roles: string[]
  status: string
}

/** The account and all admins, locked, so that two admins cannot take the last ones away from each other. */
export async function lockWithAdmins(
  trx: Knex.Transaction,
  id: string,
): Promise<{ account: RoleHolder | undefined; admins: string[] }> {
  const { rows } = await trx.raw<{ rows: RoleHolder[] }>(
    `select id, roles, status from accounts where id = :id or 'admin' = any(roles) order by id for update`,
    { id },
  )
  const isAdmin = ({ roles, status }: RoleHolder) => roles.includes('admin') && status === 'active'
  return {
    account: rows.find((row) => row.id === id && row.status !== 'deleted'),
    admins: rows.filter(isAdmin).map((row) => row.id),
  }
}

export async function setRoles(trx: Knex.Transaction, id: string, roles: Role[]): Promise<void> {
  await trx('accounts').where({ id }).update({ roles })
}
