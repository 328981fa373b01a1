import type { JWK } from 'oidc-provider'
import type { SigningKey } from '../signing-keys/signing-key.ts'

export type OidcKey = Pick<SigningKey, 'kid' | 'privateKey'>

/**
 * The provider's keys are those of the access tokens under names of their own: the gateway does not know these, so that no
 * ID token, which every app gets, ever passes for an access token there (RFC 8725 §2.8).
 */
export const toPrivateJwk = ({ kid, privateKey }: OidcKey): JWK => ({
  ...(privateKey.export({ format: 'jwk' }) as JWK),
  kid: `id-${kid}`,
  alg: 'ES256',
  use: 'sig',
})
