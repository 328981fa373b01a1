/** The gateway's entities, by Kong's names and fields, after validation: defaults filled in, ids given, references resolved to ids. */

export interface Entity {
  id: string
  tags?: string[] | null
  created_at: number
  updated_at?: number
}

export interface Reference {
  id: string
}

export interface Service extends Entity {
  name: string | null
  protocol: 'http' | 'https'
  host: string
  port: number
  path: string | null
  retries: number
  /** Milliseconds, as the two below. */
  connect_timeout: number
  write_timeout: number
  read_timeout: number
  enabled: boolean
  tls_verify: boolean | null
  tls_verify_depth: number | null
  ca_certificates: string[] | null
  client_certificate: Reference | null
}

export interface Route extends Entity {
  name: string | null
  protocols: string[]
  methods: string[] | null
  hosts: string[] | null
  paths: string[] | null
  headers: Record<string, string[]> | null
  snis: string[] | null
  https_redirect_status_code: number
  regex_priority: number
  strip_path: boolean
  path_handling: 'v0' | 'v1'
  preserve_host: boolean
  request_buffering: boolean
  response_buffering: boolean
  service: Reference | null
}

export interface Consumer extends Entity {
  username: string | null
  custom_id: string | null
}

export interface PluginEntity extends Entity {
  name: string
  instance_name: string | null
  /** Complete: every field of the plugin's schema is present, null where nothing was declared and there is no default. */
  config: Record<string, unknown>
  enabled: boolean
  protocols: string[]
  route: Reference | null
  service: Reference | null
  consumer: Reference | null
}

export interface KeyAuthCredential extends Entity {
  key: string
  /** Seconds from its creation; null, and 0, mean for ever. */
  ttl: number | null
  consumer: Reference
}

export interface JwtSecret extends Entity {
  key: string
  secret: string
  rsa_public_key: string | null
  algorithm: string
  consumer: Reference
}

export interface BasicAuthCredential extends Entity {
  username: string
  password: string
  consumer: Reference
}

export interface Acl extends Entity {
  group: string
  consumer: Reference
}

export type HashKey = 'none' | 'consumer' | 'ip' | 'header' | 'cookie' | 'path' | 'query_arg' | 'uri_capture'

export interface Upstream extends Entity {
  name: string
  algorithm: 'round-robin' | 'consistent-hashing' | 'least-connections' | 'latency'
  hash_on: HashKey
  hash_fallback: HashKey
  hash_on_header: string | null
  hash_fallback_header: string | null
  hash_on_cookie: string | null
  hash_on_cookie_path: string
  hash_on_query_arg: string | null
  hash_fallback_query_arg: string | null
  hash_on_uri_capture: string | null
  hash_fallback_uri_capture: string | null
  slots: number
  /** Whether the Host header names what SRV records lead to. */
  use_srv_name: boolean
  healthchecks: HealthChecks
  host_header: string | null
  client_certificate: Reference | null
}

/** A limit of 0 counts nothing; an interval of 0 (seconds) asks nobody. */
export interface HealthChecks {
  active: HealthRules & {
    type: 'http' | 'https' | 'tcp' | 'grpc' | 'grpcs'
    timeout: number
    concurrency: number
    http_path: string
    https_sni: string | null
    https_verify_certificate: boolean
    headers: Record<string, string[]> | null
    healthy: { interval: number }
    unhealthy: { interval: number }
  }
  passive: HealthRules
  /** The percentage of weight that must be more than available. */
  threshold: number
}

/** Which answers count for a target, which against it, and how many change its health. */
export interface HealthRules {
  healthy: { http_statuses: number[]; successes: number }
  unhealthy: { http_statuses: number[]; tcp_failures: number; timeouts: number; http_failures: number }
}

export interface Target extends Entity {
  target: string
  weight: number
  upstream: Reference
}

export interface Certificate extends Entity {
  cert: string
  key: string
  /** Another pair, of another type of key. */
  cert_alt: string | null
  key_alt: string | null
}

export interface CaCertificate extends Entity {
  cert: string
}

export interface Sni extends Entity {
  /** A host, or one with `*` as its first or last label. */
  name: string
  certificate: Reference
}

/** Everything that is declared, by the Admin API's collection names. Plain data: it is posted to every worker. */
export interface Entities {
  services: Service[]
  routes: Route[]
  consumers: Consumer[]
  plugins: PluginEntity[]
  keyauth_credentials: KeyAuthCredential[]
  jwt_secrets: JwtSecret[]
  basicauth_credentials: BasicAuthCredential[]
  acls: Acl[]
  upstreams: Upstream[]
  targets: Target[]
  certificates: Certificate[]
  ca_certificates: CaCertificate[]
  snis: Sni[]
  vaults: (Entity & Record<string, unknown>)[]
}
