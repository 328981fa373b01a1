import { type AdminApi, post, send } from '../../deck/admin-api.ts'
import { Advice } from '../../lib/run-as-command.ts'
import type { JwtSecret } from './declaration.ts'

/** Whoever holds a token that auth has signed, as kong.yaml names them. */
const KEYS = '/consumers/jade-auth/jwt'

/** More than there will ever be; also the most that Kong gives at once. */
const ALL = '?size=1000'

/** Brings the running gateway to what is declared. What is missing comes first, so that no token in use is ever refused. */
export async function openGatewayTo(declared: JwtSecret[], admin: AdminApi): Promise<void> {
  const running = await readKeys(admin)
  const [known, undeclared] = [
    running.filter(({ key }) => declared.some((secret) => secret.key === key)),
    running.filter(({ key }) => !declared.some((secret) => secret.key === key)),
  ]
  if (known.length === 0 && undeclared.length > 0) {
    throw new Advice(
      `the gateway at ${admin.url} knows none of these keys, only others: check JWT_KEYS_DIR, or sync kong.yaml`,
    )
  }
  for (const secret of declared) {
    if (!known.some(({ key }) => key === secret.key)) await post(admin, KEYS, secret)
  }
  for (const { id } of undeclared) await remove(admin, id)
}

async function readKeys(admin: AdminApi): Promise<{ id: string; key: string }[]> {
  const { status, body } = await send<{ data: { id: string; key: string }[]; message?: string }>(
    admin,
    'GET',
    KEYS + ALL,
  )
  if (status === 404) throw new Advice(`the gateway at ${admin.url} has no consumer jade-auth: sync kong.yaml`)
  if (status !== 200) throw new Advice(`the gateway refused: ${body.message}`)
  return body.data
}

async function remove(admin: AdminApi, id: string): Promise<void> {
  const { status } = await send(admin, 'DELETE', `${KEYS}/${id}`)
  if (status !== 204) throw new Advice(`the gateway refused to remove a key: it answered ${status}`)
}
