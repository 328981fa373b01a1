import type { Middleware } from 'koa'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'

/** `signing` is the key that signed when the caller looked. */
const validate = validator<{ signing?: string | null }>({
  type: 'object',
  properties: { signing: { type: 'string', maxLength: 100, nullable: true } },
  additionalProperties: false,
})

/** `POST /api/v1/auth/keys/rotate`: an admin has tokens signed with the key that waits, or a rotation that broke off finished. */
export function rotateKeys({ keyManagement }: Pick<Dependencies, 'keyManagement'>): Middleware {
  return async function rotatesKeys(ctx) {
    const { signing } = validate(ctx.request.body ?? {})
    const by = { actorID: caller(ctx).userID, client: clientOf(ctx) }
    await keyManagement.rotate({ from: signing ?? undefined, by })
    ctx.body = { status: 'success', message: 'Keys rotated', data: await keyManagement.list() }
  }
}
