import { createHash } from 'node:crypto'

/** How Kong keeps passwords, so that its databases and ours hold the same: salted with whom they belong to. */
export function hashPassword(password: string | Buffer, consumerId: string): string {
  return createHash('sha1').update(password).update(consumerId).digest('hex')
}
