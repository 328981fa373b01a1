import type { Knex } from 'knex'
import type { Middleware } from 'koa'
import { contactFields, normaliseContact } from '../../../lib/contact.ts'
import { sendVersioned } from '../../../lib/http/etag.ts'
import { caller } from '../../../lib/http/identity.ts'
import { validator } from '../../../lib/schema.ts'
import { editOf, editUser } from '../edit.ts'
import { type Changes, toView } from '../user.ts'

/** Not the e-mail address: it is how one signs in, and a new one would have to be confirmed first. */
const validate: (body: unknown) => Changes = validator<{ name: string; phoneNumber: string }>({
  type: 'object',
  properties: { name: contactFields.name, phoneNumber: contactFields.phoneNumber },
  required: [],
  additionalProperties: false,
  minProperties: 1,
})

export function changeOwnProfile({ db }: { db: Knex }): Middleware {
  return async (ctx) => {
    const edit = editOf(ctx, caller(ctx).userID)
    const wish = validate(normaliseContact(ctx.request.body))
    const user = await editUser(db, edit, wish)
    sendVersioned(ctx, user.version, toView(user))
  }
}
