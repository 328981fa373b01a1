import type { Knex } from 'knex'

/** An ended session stays until its refresh tokens have expired: until then a reused one is worth knowing of. */
export async function deleteExpired(db: Knex): Promise<void> {
  const now = db.fn.now()
  await db('sessions').where('expires_at', '<', now).delete()
  await db('refresh_tokens').where('expires_at', '<', now).delete()
  await db('devices').where('expires_at', '<', now).delete()
  await db('password_resets').where('expires_at', '<', now).delete()
  await db('oidc_artifacts').where('expires_at', '<', now).delete()
  await db('mfa_tokens').where('expires_at', '<', now).delete()
  await db('revocations').where('expires_at', '<', now).delete()
  await db('attempts')
    .where('locked_until', '<', db.raw(`now() - interval '1 day'`))
    .whereRaw(`not exists (select from unnest(failed_at || judging) attempt where attempt > now() - interval '1 day')`)
    .delete()
}
