import Router from '@koa/router'
import type { Middleware } from 'koa'
import { idempotent } from '../lib/http/idempotency.ts'
import { confirmTotp } from './actions/confirm-totp.ts'
import { endSession } from './actions/end-session.ts'
import { enrollTotp } from './actions/enroll-totp.ts'
import { listOwnSessions } from './actions/list-sessions.ts'
import { login } from './actions/login.ts'
import { logout } from './actions/logout.ts'
import { logoutAll } from './actions/logout-all.ts'
import { publishKeys } from './actions/publish-keys.ts'
import { refresh } from './actions/refresh.ts'
import { register } from './actions/register.ts'
import { setCredentials } from './actions/set-credentials.ts'
import { showAccount } from './actions/show-account.ts'
import { verifyMfa } from './actions/verify-mfa.ts'
import type { Dependencies } from './dependencies.ts'

export function routes(parts: Dependencies): Router {
  const once = idempotent({ redis: parts.redis, service: 'auth', log: parts.log })
  return new Router()
    .use(noStore)
    .post('/api/v1/auth/register', once, register(parts))
    .post('/api/v1/auth/login', login(parts))
    .post('/api/v1/auth/refresh', refresh(parts))
    .post('/api/v1/auth/logout', logout(parts))
    .post('/api/v1/auth/logout-all', logoutAll(parts))
    .get('/api/v1/auth/me', showAccount(parts))
    .get('/api/v1/auth/sessions', listOwnSessions(parts))
    .delete('/api/v1/auth/sessions/:id', endSession(parts))
    .post('/api/v1/auth/mfa/totp/enroll', enrollTotp(parts))
    .post('/api/v1/auth/mfa/totp/confirm', confirmTotp(parts))
    .post('/api/v1/auth/mfa/verify', verifyMfa(parts))
    .get(['/api/v1/auth/jwks', '/.well-known/jwks.json'], publishKeys(parts))
    .put('/internal/credentials', setCredentials(parts))
}

/** Tokens and secrets are in no cache (RFC 6749 §5.1). */
const noStore: Middleware = (ctx, next) => {
  ctx.set('Cache-Control', 'no-store')
  return next()
}
