import type { Knex } from 'knex'
import { LIFETIME, LIVE, type LiveSession } from './sessions.ts'

interface Rotation {
  /** The hash of the token that is given up for the next one. */
  spent: Buffer
  next: Buffer
  spentBy: string
}

/** Spends a refresh token and puts the next one in its place, in one statement; undefined where it is not good, or not any more. */
export async function rotateRefreshToken(db: Knex, rotation: Rotation): Promise<LiveSession | undefined> {
  const { rows } = await db
    .raw(
      `with spent as (
       update refresh_tokens set used_at = now(), spent_by = :spentBy
       where hash = :spent and used_at is null and expires_at > now()
       returning session_id
     ), live as (
       update sessions s set last_used_at = now(), expires_at = now() + ${LIFETIME}
       from spent, accounts a
       where s.id = spent.session_id and s.revoked_at is null and a.id = s.account_id and a.status = 'active'
       returning ${LIVE}
     ), token as (
       insert into refresh_tokens (hash, session_id, expires_at) select :next, session_id, now() + ${LIFETIME} from live
     )
     select * from live`,
      { ...rotation },
    )
    .options({ name: 'rotate refresh token' })
  return rows[0]
}

/** The session of a rotation that the same client has made a moment ago, while its outcome has not been used yet. */
export async function repeatRotation(db: Knex, rotation: Rotation): Promise<LiveSession | undefined> {
  const { rows } = await db.raw(
    `select ${LIVE} from refresh_tokens spent, refresh_tokens next, sessions s, accounts a
     where spent.hash = :spent and spent.spent_by = :spentBy and spent.used_at > now() - interval '10 seconds'
       and next.hash = :next and next.used_at is null
       and s.id = spent.session_id and s.revoked_at is null and a.id = s.account_id and a.status = 'active'`,
    { ...rotation },
  )
  return rows[0]
}

/** The session that a refresh token is or was good for. */
export const findByRefreshToken = (
  db: Knex,
  hash: Buffer,
): Promise<{ id: string; account_id: string; spent: boolean } | undefined> =>
  db('refresh_tokens')
    .join('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .where({ hash })
    .first('sessions.id', 'sessions.account_id', db.raw('used_at is not null as spent'))
