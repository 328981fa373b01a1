local identity_of = require "kong.plugins.trusted-identity.identity"
local policy = require "kong.plugins.trusted-identity.policy"
local is_revoked = require "kong.plugins.trusted-identity.revocations"

local kong = kong
local ngx = ngx
local concat = table.concat
local error = error
local gmatch = string.gmatch
local lower = string.lower
local match = string.match
local pairs = pairs
local type = type

local TAKES_IDENTITY_AWAY = "Connection names identity headers"
local UNAUTHORIZED = "Unauthorized"
local SESSIONS_UNKNOWN = "Sessions cannot be checked"
local NO_GATEWAY_TOKEN = "gateway_token is empty: its vault reference leads nowhere"
local CHALLENGE = 'Bearer error="invalid_token"'

-- Upstreams may fold underscores into dashes, so both spellings are the same header.
local NAME = "^x[-_](%a+)[-_]"
-- Kinds of headers that only this plugin writes; authentication plugins write the other kinds.
local OWN = { user = true, session = true, gateway = true }
local IDENTITY = { user = true, session = true, gateway = true,
                   consumer = true, credential = true, authenticated = true, anonymous = true }
-- The PDK lists a thousand headers at most, and one more would slip through.
local ALL_HEADERS = 0

local TrustedIdentity = {
  -- Below acl (950), and above rate-limiting (910), which can then count by X-User-Id.
  PRIORITY = 940,
  VERSION = "1.0.0",
}


local function remove(kinds)
  for name in pairs(ngx.req.get_headers(ALL_HEADERS)) do
    if kinds[match(name, NAME)] then
      kong.service.request.clear_header(name)
    end
  end
end


--- Kong drops what Connection names (RFC 9110 7.6.1) only when its plugins have written them: the upstream would take the
--- caller for nobody in particular.
local function takes_identity_away()
  local connection = ngx.req.get_headers(ALL_HEADERS).connection or ""
  if type(connection) == "table" then
    connection = concat(connection, ",")
  end

  for name in gmatch(lower(connection), "[^%s,]+") do
    if IDENTITY[match(name, NAME)] then
      return true
    end
  end

  return false
end


local function unauthorized()
  return kong.response.error(401, UNAUTHORIZED, { ["WWW-Authenticate"] = CHALLENGE })
end


--- Logging plugins would write it down: of the headers that are secrets Kong knows but its own.
local function tell_gateway_token(gateway_token)
  kong.service.request.set_header("X-Gateway-Token", gateway_token)
  kong.log.set_serialize_value("request.headers.x-gateway-token", "REDACTED")
end


local function tell_upstream(identity)
  local set_header = kong.service.request.set_header
  set_header("X-User-Id", identity.user_id)
  if identity.email then
    set_header("X-User-Email", identity.email)
  end
  set_header("X-User-Roles", concat(identity.roles, ","))
  set_header("X-User-Amr", concat(identity.amr, ","))
  if identity.session_id then
    set_header("X-Session-Id", identity.session_id)
  end
end


local function check_session(conf, identity)
  if not identity.session_id or not conf.redis.host then
    return
  end

  local revoked, err = is_revoked(conf.redis, identity.session_id)
  if revoked then
    return unauthorized()
  end

  if err and conf.on_redis_error == "deny" then
    return kong.response.error(503, SESSIONS_UNKNOWN)
  end
end


--- Runs for the global instance only, and before every authentication plugin.
function TrustedIdentity:rewrite()
  remove(IDENTITY)
end


function TrustedIdentity:access(conf)
  if takes_identity_away() then
    return kong.response.error(400, TAKES_IDENTITY_AWAY)
  end

  -- Where this instance stands without a global one, nothing has been stripped yet.
  remove(OWN)

  -- Kong puts an empty text for a reference that it cannot resolve.
  if not conf.gateway_token or conf.gateway_token == "" then
    return error(NO_GATEWAY_TOKEN)
  end
  tell_gateway_token(conf.gateway_token)

  local token = kong.ctx.shared.authenticated_jwt_token
  if not token then
    if policy.asks(conf) then
      return unauthorized()
    end
    return
  end

  local identity = identity_of(token)
  if not identity then
    return unauthorized()
  end

  tell_upstream(identity)

  local status, message, headers = policy.violation(conf, identity, ngx.now())
  if status then
    return kong.response.error(status, message, headers)
  end

  return check_session(conf, identity)
end


return TrustedIdentity
