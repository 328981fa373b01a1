import type { Middleware } from 'koa'
import type { DeadLetter } from '../../../lib/bus/dead-letters.ts'
import { paging } from '../../../lib/http/paging.ts'
import { type DeadLetters, idOf } from '../dead-letters.ts'

/** `GET /api/v1/operations/dead-letters?topic=`: what lies there and why, the oldest first. The data is personal: it is asked for one by one. */
export function listDeadLetters({ deadLetters }: { deadLetters: DeadLetters }): Middleware {
  return async function listsDeadLetters(ctx) {
    const { page, limit, offset } = paging(ctx)
    const [topic] = [ctx.query['topic']].flat()
    const letters = await deadLetters.list(topic || undefined)
    const data = letters.slice(offset, offset + limit).map(present)
    ctx.body = { status: 'success', data, meta: { page, limit, total: letters.length } }
  }
}

export const present = (letter: DeadLetter) => {
  const { id: eventID, origin: topic, group, parkedAt, attempts, reason, message } = letter
  return { id: idOf(letter), eventID, topic, group, parkedAt, attempts, reason, bytes: message.value?.length ?? 0 }
}
