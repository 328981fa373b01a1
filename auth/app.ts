import Router from '@koa/router'
import { idempotent } from '../lib/http/idempotency.ts'
import { changePassword } from './actions/change-password.ts'
import { confirmTotp } from './actions/confirm-totp.ts'
import { disableTotp } from './actions/disable-totp.ts'
import { endSession } from './actions/end-session.ts'
import { enrollTotp } from './actions/enroll-totp.ts'
import { forgetDevice } from './actions/forget-device.ts'
import { forgotPassword } from './actions/forgot-password.ts'
import { listOwnDevices } from './actions/list-devices.ts'
import { listKeys } from './actions/list-keys.ts'
import { listOwnSessions } from './actions/list-sessions.ts'
import { login } from './actions/login.ts'
import { logout } from './actions/logout.ts'
import { logoutAll } from './actions/logout-all.ts'
import { publishKeys } from './actions/publish-keys.ts'
import { readAccount } from './actions/read-account.ts'
import { readAudit } from './actions/read-audit.ts'
import { readRoles } from './actions/read-roles.ts'
import { refresh } from './actions/refresh.ts'
import { register } from './actions/register.ts'
import { renewBackupCodes } from './actions/renew-backup-codes.ts'
import { resetPassword } from './actions/reset-password.ts'
import { retireKeys } from './actions/retire-keys.ts'
import { rotateKeys } from './actions/rotate-keys.ts'
import { setCredentials } from './actions/set-credentials.ts'
import { setRoles } from './actions/set-roles.ts'
import { showAccount } from './actions/show-account.ts'
import { stepUp } from './actions/step-up.ts'
import { unlockAccount } from './actions/unlock-account.ts'
import { verifyMfa } from './actions/verify-mfa.ts'
import type { Dependencies } from './dependencies.ts'
import { changeClient } from './oidc/change-client.ts'
import { decideInteraction } from './oidc/decide-interaction.ts'
import { listAllowedApps } from './oidc/list-allowed-apps.ts'
import { listClients } from './oidc/list-clients.ts'
import { readClient } from './oidc/read-client.ts'
import { registerClient } from './oidc/register-client.ts'
import { removeClient } from './oidc/remove-client.ts'
import { renewClientSecret } from './oidc/renew-client-secret.ts'
import { showInteraction } from './oidc/show-interaction.ts'
import { withdrawGrants } from './oidc/withdraw-grants.ts'

export function routes(parts: Dependencies): Router {
  const once = idempotent({ redis: parts.redis, service: 'auth', log: parts.log })
  return new Router()
    .post('/api/v1/auth/register', once, register(parts))
    .post('/api/v1/auth/login', login(parts))
    .post('/api/v1/auth/refresh', refresh(parts))
    .post('/api/v1/auth/logout', logout(parts))
    .post('/api/v1/auth/logout-all', logoutAll(parts))
    .get('/api/v1/auth/me', showAccount(parts))
    .get('/api/v1/auth/sessions', listOwnSessions(parts))
    .delete('/api/v1/auth/sessions/:id', endSession(parts))
    .get('/api/v1/auth/devices', listOwnDevices(parts))
    .delete('/api/v1/auth/devices/:id', forgetDevice(parts))
    .post('/api/v1/auth/step-up', stepUp(parts))
    .post('/api/v1/auth/mfa/totp/enroll', enrollTotp(parts))
    .post('/api/v1/auth/mfa/totp/confirm', confirmTotp(parts))
    .post('/api/v1/auth/mfa/totp/disable', disableTotp(parts))
    .post('/api/v1/auth/mfa/backup-codes', renewBackupCodes(parts))
    .post('/api/v1/auth/mfa/verify', verifyMfa(parts))
    .post('/api/v1/auth/password/forgot', forgotPassword(parts))
    .post('/api/v1/auth/password/reset', resetPassword(parts))
    .post('/api/v1/auth/password/change', changePassword(parts))
    .get('/api/v1/auth/accounts/:userID', readAccount(parts))
    .get('/api/v1/auth/accounts/:userID/roles', readRoles(parts))
    .put('/api/v1/auth/accounts/:userID/roles', setRoles(parts))
    .post('/api/v1/auth/accounts/:userID/unlock', unlockAccount(parts))
    .get('/api/v1/auth/audit', readAudit(parts))
    .get('/api/v1/auth/keys', listKeys(parts))
    .post('/api/v1/auth/keys/rotate', once, rotateKeys(parts))
    .post('/api/v1/auth/keys/retire', retireKeys(parts))
    .get('/api/v1/auth/interaction', showInteraction(parts))
    .post('/api/v1/auth/interaction', decideInteraction(parts))
    .get('/api/v1/auth/grants', listAllowedApps(parts))
    .delete('/api/v1/auth/grants/:id', withdrawGrants(parts))
    .get('/api/v1/auth/clients', listClients(parts))
    .post('/api/v1/auth/clients', registerClient(parts))
    .get('/api/v1/auth/clients/:id', readClient(parts))
    .patch('/api/v1/auth/clients/:id', changeClient(parts))
    .post('/api/v1/auth/clients/:id/secret', renewClientSecret(parts))
    .delete('/api/v1/auth/clients/:id', removeClient(parts))
    .get(['/api/v1/auth/jwks', '/.well-known/jwks.json'], publishKeys(parts))
    .put('/internal/credentials', setCredentials(parts))
}
