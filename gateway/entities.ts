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

export interface Upstream extends Entity {
  name: string
  [field: string]: unknown
}

export interface Target extends Entity {
  target: string
  weight: number
  upstream: Reference
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
  certificates: (Entity & Record<string, unknown>)[]
  ca_certificates: (Entity & Record<string, unknown>)[]
  snis: (Entity & Record<string, unknown>)[]
  vaults: (Entity & Record<string, unknown>)[]
}
