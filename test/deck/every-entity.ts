import type { KeyPair } from '../../gateway/proxy/test-certificates.ts'

const CERTIFICATE = '00000000-0000-4000-8000-0000000000c1'
const AUTHORITY = '00000000-0000-4000-8000-0000000000ca'

const limit = { policy: 'local', minute: 5 }

/** A decK file that uses every collection, and plugins on every scope. */
export const everyEntity = ({ site, authority }: { site: KeyPair; authority: KeyPair }): string =>
  JSON.stringify({
    _format_version: '3.0',
    vaults: [{ name: 'env', prefix: 'own-env', description: 'secrets', config: { prefix: 'JADE_' }, tags: ['v'] }],
    certificates: [
      {
        id: CERTIFICATE,
        cert: site.cert,
        key: site.key,
        tags: ['c'],
        snis: [{ name: 'a.test' }, { name: '*.b.test' }],
      },
    ],
    ca_certificates: [{ id: AUTHORITY, cert: authority.cert }],
    services: [secured, { name: 'balanced', host: 'up', enabled: false, plugins: [plugin('request-size-limiting')] }],
    routes: [{ name: 'alone', paths: ['/alone'], plugins: [plugin('request-termination', { status_code: 418 })] }],
    upstreams: [upstream],
    consumers: [consumer, { custom_id: 'only-this' }],
    plugins: [
      ...[plugin('prometheus'), plugin('correlation-id'), plugin('key-auth', { hide_credentials: true })],
      plugin('group-quota', { policy: 'local', groups: { gold: { minute: 5 } } }),
      plugin('trusted-identity', { gateway_token: 'a-gateway-token-of-at-least-32-characters' }),
      plugin('opentelemetry', { traces_endpoint: 'http://127.0.0.1:9', resource_attributes: { 'service.name': 'x' } }),
      plugin('http-log', { http_endpoint: 'http://127.0.0.1:9', headers: { 'x-from': 'gateway' } }),
      { ...plugin('rate-limiting', { ...limit, hour: 7 }), route: 'second', service: 'secured', consumer: 'alice' },
      { ...plugin('ip-restriction', { allow: ['127.0.0.1'] }), service: 'secured', consumer: 'alice' },
    ],
  })

function plugin(name: string, config: object = {}) {
  return { name, config }
}

const secured = {
  name: 'secured',
  url: 'https://one.test:8443/base',
  tags: ['one', 'two'],
  retries: 2,
  ca_certificates: [AUTHORITY],
  client_certificate: CERTIFICATE,
  tls_verify: true,
  plugins: [{ ...plugin('cors', { origins: ['*'], max_age: 10 }), instance_name: 'cors-of-secured' }],
  routes: [
    {
      name: 'first',
      paths: ['/first', '~/re/(?<id>\\d+)$'],
      methods: ['GET', 'POST'],
      hosts: ['a.test', '*.b.test'],
      headers: { 'x-version': ['v1', 'v2'] },
      tags: ['r'],
      plugins: [plugin('rate-limiting', limit), plugin('acl', { allow: ['gold'] }), plugin('basic-auth')],
    },
    { name: 'second', protocols: ['https'], snis: ['a.test'], https_redirect_status_code: 301 },
  ],
}

const upstream = {
  name: 'up',
  algorithm: 'consistent-hashing',
  hash_on: 'header',
  hash_on_header: 'x-user',
  healthchecks: { active: { http_path: '/health', headers: { 'x-from': ['gateway'] } }, threshold: 10 },
  targets: [
    { target: '127.0.0.1:9001', weight: 10, tags: ['t'] },
    { target: '[::1]:9002', weight: 0 },
  ],
}

const consumer = {
  username: 'alice',
  custom_id: 'a-1',
  tags: ['c'],
  keyauth_credentials: [{ key: 'key-of-alice', tags: ['k'] }],
  jwt_secrets: [{ key: 'issuer', algorithm: 'HS256', secret: 'a-secret' }],
  basicauth_credentials: [{ username: 'alice', password: 'a-password' }],
  acls: [{ group: 'gold' }, { group: 'eu' }],
  plugins: [plugin('rate-limiting', { ...limit, minute: 7 })],
}
