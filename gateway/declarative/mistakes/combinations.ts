import { type Mistake, mistakeAt, NOTHING, type Path } from './mistake.ts'
import type { Pems, SoundFile } from './sound-file.ts'

/** The path that is changed (dotted), the value, where it is told (dotted; the same where empty), and part of what is told. */
type Row = [path: string, value: unknown, at: string, says: string]

/** Fields that are sound one by one and wrong together, and what the checks of single plugins refuse. */
export function combinations({ name, document }: SoundFile, pems: Pems): Mistake[] {
  const rows = name === 'certificates.yaml' ? ofCertificates(pems) : (ROWS[name] ?? [])
  return rows.map(([path, value, at, says]) =>
    mistakeAt(document, pathOf(path), value, { kind: 'combination', says, at: pathOf(at || path) }),
  )
}

const pathOf = (dotted: string): Path => dotted.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))

const ROUTE = 'services.0.routes.0'
const GRPC = 'services.0.routes.1'
const STREAM = 'services.0.routes.2'
const HASHED = 'upstreams.1'

const TRAFFIC: Row[] = [
  [`${ROUTE}.protocols`, ['tcp'], `${ROUTE}.methods`, "cannot set 'methods' when"],
  [`${ROUTE}.protocols`, ['tcp'], `${ROUTE}.paths`, "cannot set 'paths' when"],
  [`${ROUTE}.protocols`, ['grpc'], `${ROUTE}.methods`, "cannot set 'methods' when"],
  [`${ROUTE}.protocols`, ['http', 'grpc'], `${ROUTE}.protocols`, 'mutually exclusive'],
  [`${ROUTE}.protocols`, ['http', 'tcp'], `${ROUTE}.protocols`, 'mutually exclusive'],
  [`${ROUTE}.protocols`, ['http'], ROUTE, "'snis' can only be set when"],
  ...['https', 5, true, {}, [], [5], ['htp'], null].map((value): Row => [`${ROUTE}.protocols`, value, '', '']),
  [`${ROUTE}.protocols`, ['https', 'htp'], `${ROUTE}.protocols.1`, 'expected one of'],
  [`${ROUTE}.sources`, [{ ip: '10.0.0.0/8' }], '', "cannot set 'sources' when"],
  [`${ROUTE}.destinations`, [{ port: 1 }], '', "cannot set 'destinations' when"],
  [`${ROUTE}.headers`, { Host: ['a.test'] }, '', "cannot contain 'host' header"],
  [`${ROUTE}.headers`, { 'X A': ['1'] }, '', 'bad header name'],
  [`${ROUTE}.headers`, { 'X-A': '1' }, '', 'expected an array'],
  [`${ROUTE}.paths`, ['~/a(?=b)'], ROUTE, 'look-ahead'],
  [`${ROUTE}.paths`, ['~/(a)\\1'], ROUTE, 'backreferences'],
  [`${ROUTE}.service`, 'goods', '', 'value must be null'],
  [`${GRPC}.strip_path`, true, '', "cannot set 'strip_path' when"],
  [`${GRPC}.methods`, ['GET'], '', "cannot set 'methods' when"],
  [`${GRPC}.hosts`, NOTHING, GRPC, 'must set one of'],
  [`${STREAM}.paths`, ['/a'], '', "cannot set 'paths' when"],
  [`${STREAM}.hosts`, ['a.test'], '', "cannot set 'hosts' when"],
  [`${STREAM}.headers`, { 'X-A': ['1'] }, '', "cannot set 'headers' when"],
  [`${STREAM}.sources`, [{}], `${STREAM}.sources.0`, 'at least one of these fields'],
  ['services.0.protocol', 'tcp', 'services.0.path', 'value must be null'],
  ['services.0.url', 5, '', 'expected a string'],
  ['services.0.url', 'nonsense', 'services.0.host', 'required field missing'],
  ['services.0.url', 'http://a b/', 'services.0.host', 'invalid value'],
  ['services.0.url', 'http://a.test:99999', 'services.0.port', 'between'],
  ['services.0.url', 'http://a.test:http', 'services.0.port', 'expected an integer'],
  ['services.0.url', 'ftp://a.test', 'services.0.protocol', 'expected one of'],
  ['services.0.url', 'http://a.test//b', 'services.0.path', 'empty segments'],
  ...['10.0.0.1', '::1', 'a.test:80', 'a b', 'a..b'].map(
    (value): Row => ['upstreams.0.name', value, '', 'Invalid name'],
  ),
  ...['a b', 'a.test:99999', 'http://a.test', '300.1.1.1:80', '[::1'].map(
    (value): Row => ['upstreams.0.targets.0.target', value, '', 'Invalid target'],
  ),
  [`${HASHED}.hash_on_header`, NOTHING, `${HASHED}.hash_on_header`, 'required field missing'],
  [`${HASHED}.hash_on_cookie`, NOTHING, `${HASHED}.hash_on_cookie`, 'required field missing'],
  [`${HASHED}.hash_fallback`, 'header', `${HASHED}.hash_fallback_header`, 'required field missing'],
  [`${HASHED}.hash_fallback`, 'query_arg', `${HASHED}.hash_fallback_query_arg`, 'required field missing'],
  [`${HASHED}.hash_fallback`, 'uri_capture', `${HASHED}.hash_fallback_uri_capture`, 'required field missing'],
  [`${HASHED}.hash_fallback_header`, 'X-User-Id', HASHED, 'must be distinct'],
  [`${HASHED}.hash_on`, 'none', `${HASHED}.hash_fallback`, 'expected one of'],
  [`${HASHED}.hash_on`, 'query_arg', `${HASHED}.hash_on_query_arg`, 'required field missing'],
  ['services.0.plugins.1.config.message', 'closed', 'services.0.plugins.1.config', 'message cannot be used with'],
  ['services.0.plugins.1.config.body', NOTHING, 'services.0.plugins.1.config', 'content_type requires a body'],
  [`${ROUTE}.plugins.0.config.add.headers`, ['X A:1'], `${ROUTE}.plugins.0.config.add.headers.0`, 'not a valid header'],
  [`${ROUTE}.plugins.0.config.add.body`, ['b'], `${ROUTE}.plugins.0.config.add.body.0`, 'has no value'],
  [
    `${ROUTE}.plugins.0.config.replace.querystring`,
    ['a:$(1 +)'],
    `${ROUTE}.plugins.0.config.replace.querystring.0`,
    'not in supported format',
  ],
  [
    `${ROUTE}.plugins.0.config.rename.headers`,
    ['X A:X-B'],
    `${ROUTE}.plugins.0.config.rename.headers.0`,
    'not a valid header',
  ],
]

const LIMITS = 'consumers.0.plugins.0.config'

const CONSUMERS: Row[] = [
  ['consumers.0', { tags: ['nobody'] }, '', "at least one of these fields must be non-empty: 'custom_id', 'username'"],
  [
    'consumers.0.jwt_secrets.1.rsa_public_key',
    NOTHING,
    'consumers.0.jwt_secrets.1.rsa_public_key',
    'required field missing',
  ],
  ['consumers.0.jwt_secrets.1.rsa_public_key', 'no PEM', '', 'invalid key'],
  [
    'consumers.0.jwt_secrets.0.algorithm',
    'RS256',
    'consumers.0.jwt_secrets.0.rsa_public_key',
    'required field missing',
  ],
  ['consumers.0.jwt_secrets.0.algorithm', 'none', '', 'expected one of'],
  [LIMITS, { policy: 'local' }, 'consumers.0.plugins.0', 'at least one of these fields'],
  [`${LIMITS}.minute`, 1, LIMITS, 'cannot be lower than the limit for second'],
  [`${LIMITS}.redis.host`, NOTHING, `${LIMITS}.redis.host`, 'required field missing'],
  [`${LIMITS}.header_name`, NOTHING, `${LIMITS}.header_name`, 'required field missing'],
  [`${LIMITS}.limit_by`, 'path', `${LIMITS}.path`, 'required field missing'],
  [`${LIMITS}.policy`, 'cluster', '', 'expected one of'],
  [`${LIMITS}.sync_rate`, 0.001, LIMITS, 'sync_rate must be greater'],
  [`${LIMITS}.redis_port`, 'text', '', 'expected an integer'],
]

const A_TO_G: Row[] = [
  ['plugins.0.name', 'acll', '', "plugin 'acll' not enabled"],
  ...[5, true, null, '', {}, NOTHING].map((value): Row => ['plugins.0.name', value, 'plugins.0.name', '']),
  ['plugins.0.config.deny', ['bronze'], 'plugins.0', 'exactly one of these fields'],
  ['plugins.0.config.allow', NOTHING, 'plugins.0', 'at least one of these fields'],
  ['plugins.1.consumer', 'partner', '', 'value must be null'],
  ['plugins.4.config.origins', ['('], 'plugins.4.config.origins.0', 'not a valid regex'],
  ['plugins.5.config.custom_fields_by_lua', { a: 'return io.open("/etc/passwd"):read()' }, '', ''],
  ['plugins.6.config.groups', {}, '', 'length must be at least'],
  ['plugins.6.config.groups.gold', {}, 'plugins.6.config.groups', 'length must be at least'],
  ['plugins.6.config.groups.gold', { minute: 0 }, 'plugins.6.config.groups', 'greater than'],
  ['plugins.6.config.groups.gold', { second: 5, minute: 1 }, 'plugins.6.config.groups', 'cannot be lower'],
  ['plugins.6.config.redis.host', NOTHING, 'plugins.6.config.redis.host', 'required field missing'],
]

const H_TO_Z: Row[] = [
  ['plugins.0.config.headers', { Host: 'a' }, '', "cannot contain 'Host' header"],
  ['plugins.0.config.headers', { 'Content-Length': '1' }, '', "cannot contain 'Content-Length' header"],
  ['plugins.0.config.headers', { 'Content-Type': 'a' }, '', "cannot contain 'Content-Type' header"],
  [
    'plugins.0.config',
    { http_endpoint: 'http://u:SECRET@a.test', headers: { Authorization: 'x' } },
    '',
    'Authorization',
  ],
  ['plugins.1.config.allow', ['10.0.0.0/99'], 'plugins.1.config.allow.0', 'invalid ip or cidr range'],
  ['plugins.1.config.allow', NOTHING, 'plugins.1', 'at least one of these fields'],
  ['plugins.2.config.claims_to_verify', ['nbf'], 'plugins.2.config.claims_to_verify', 'expected to contain: exp'],
  ['plugins.4.config.traces_endpoint', NOTHING, 'plugins.4.config', 'at least one of these fields'],
  ['plugins.4.config.logs_endpoint', 'http://a.test/', '', 'only traces'],
]

const ROWS: Record<string, Row[]> = {
  'traffic.yaml': TRAFFIC,
  'consumers.yaml': CONSUMERS,
  'plugins-a-g.yaml': A_TO_G,
  'plugins-h-z.yaml': H_TO_Z,
}

function ofCertificates({ pair, authority }: Pems): Row[] {
  return [
    ['certificates.0.key', authority.key, 'certificates.0', 'certificate does not match key'],
    ['certificates.0.cert_alt', pair.cert, 'certificates.0', 'all or none of these fields must be set'],
    ['certificates.0.key_alt', pair.key, 'certificates.0', 'all or none of these fields must be set'],
    ['ca_certificates.0.cert', pair.cert, 'ca_certificates.0', 'does not appear to be a CA'],
    ['ca_certificates.0.cert', authority.cert + authority.cert, 'ca_certificates.0', 'only one certificate at a time'],
    ['services.0.protocol', 'http', 'services.0.client_certificate', 'value must be null'],
    ['services.0.protocol', 'http', 'services.0.tls_verify', 'value must be null'],
    ['services.0.protocol', 'http', 'services.0.ca_certificates', 'value must be null'],
    ...[5, null, NOTHING, 'aws', 'Env'].map((value): Row => ['vaults.0.name', value, 'vaults.0.name', '']),
  ]
}
