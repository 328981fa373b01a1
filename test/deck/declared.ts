import { generateKeyPairSync } from 'node:crypto'

const NOWHERE = 'http://127.0.0.1:9'
const { publicKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** What kong.yaml asks for, where nobody is behind the gateway. */
export const declared = {
  DECK_PUBLIC_URL: NOWHERE,
  DECK_AUTH_URL: NOWHERE,
  DECK_ONBOARDER_URL: NOWHERE,
  DECK_USERS_URL: NOWHERE,
  DECK_REDIS_HOST: '127.0.0.1',
  DECK_REDIS_PORT: '9',
  DECK_REDIS_DATABASE: '0',
  DECK_REDIS_USERNAME: '',
  DECK_REDIS_PASSWORD: '',
  DECK_JWT_KID: 'none',
  DECK_JWT_PUBLIC_KEY: publicKey.replaceAll('\n', '\\n'),
}
