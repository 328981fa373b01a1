import type { Middleware } from 'koa'
import { HttpError } from '../../lib/errors.ts'
import { caller } from '../../lib/http/identity.ts'
import { validator } from '../../lib/schema.ts'
import { clientOf } from '../client.ts'
import type { Dependencies } from '../dependencies.ts'
import { audit } from '../queries/audit.ts'
import { freshenSession } from '../queries/sessions.ts'
import { codeField, guardedFactor, spendSecondFactor } from '../second-factor.ts'
import { accessTokenOf } from '../session-tokens.ts'

const validate = validator<{ code: string }>({
  type: 'object',
  properties: { code: codeField },
  required: ['code'],
  additionalProperties: false,
})

type Parts = Pick<Dependencies, 'db' | 'lockOut' | 'totp' | 'signingKeys'>

/** `POST /api/v1/auth/step-up`: a code for an access token with which the gateway lets sensitive actions through, for a while. */
export function stepUp({ db, lockOut, totp, signingKeys }: Parts): Middleware {
  return async function stepsUp(ctx) {
    const { code } = validate(ctx.request.body)
    const { userID: accountID, sessionID } = caller(ctx)
    const client = clientOf(ctx)
    const session = await guardedFactor({ db, lockOut }, { accountID, client }, async (trx) => {
      if (!(await spendSecondFactor(trx, { totp, accountID, code }))) return undefined
      const fresh = await freshenSession(trx, { accountID, sessionID })
      if (!fresh) throw new HttpError(401, 'UNAUTHENTICATED', 'Sign in first')
      await audit(trx, 'session.stepped_up', { client, accountID, sessionID })
      return fresh
    })
    ctx.body = { status: 'success', data: accessTokenOf(signingKeys, session) }
  }
}
