import { jwtSecrets } from '../../auth/signing-keys/declaration.ts'
import { newSigningKey } from '../../auth/signing-keys/signing-key.ts'

const NOWHERE = 'http://127.0.0.1:9'
/** What kong.yaml asks for, where nobody is behind the gateway. */
export const declared = {
  DECK_PUBLIC_URL: NOWHERE,
  DECK_AUTH_URL: NOWHERE,
  DECK_ONBOARDER_URL: NOWHERE,
  DECK_USERS_URL: NOWHERE,
  DECK_WEB_URL: NOWHERE,
  DECK_OPERATIONS_URL: NOWHERE,
  DECK_REDIS_HOST: '127.0.0.1',
  DECK_REDIS_PORT: '9',
  DECK_REDIS_DATABASE: '0',
  DECK_REDIS_USERNAME: '',
  DECK_REDIS_PASSWORD: '',
  DECK_JWT_SECRETS: JSON.stringify(jwtSecrets([await newSigningKey(new Date())])),
}
