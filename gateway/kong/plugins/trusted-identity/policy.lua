local concat = table.concat
local ipairs = ipairs

local FORBIDDEN = "You cannot consume this service"
local METHODS_REQUIRED = "Authentication by %s is required"
local AUTHENTICATE_AGAIN = "A more recent authentication is required"
-- RFC 9470, section 3.
local CHALLENGE = 'Bearer error="insufficient_user_authentication", error_description="'
                  .. AUTHENTICATE_AGAIN .. '", max_age="%d"'


local function contains(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then
      return true
    end
  end
  return false
end


--- Those of the wanted items that the list lacks.
local function missing(list, wanted)
  local lacking = {}
  for _, item in ipairs(wanted) do
    if not contains(list, item) then
      lacking[#lacking + 1] = item
    end
  end
  return lacking
end


local function is_recent(auth_time, max_age, now)
  return auth_time and now - auth_time <= max_age
end


local Policy = {}


--- Whether a route asks anything of its callers.
function Policy.asks(conf)
  return conf.roles and #conf.roles > 0 or conf.amr and #conf.amr > 0 or conf.max_auth_age ~= nil
end


--- What the caller lacks of what the route asks for, as status, message and headers; nil when nothing.
--- `now` is in seconds since the epoch.
function Policy.violation(conf, identity, now)
  local roles = conf.roles or {}
  if #roles > 0 and #missing(identity.roles, roles) == #roles then
    return 403, FORBIDDEN
  end

  local methods = missing(identity.amr, conf.amr or {})
  if #methods > 0 then
    return 403, METHODS_REQUIRED:format(concat(methods, ", "))
  end

  local max_age = conf.max_auth_age
  if max_age and not is_recent(identity.auth_time, max_age, now) then
    return 401, AUTHENTICATE_AGAIN, { ["WWW-Authenticate"] = CHALLENGE:format(max_age) }
  end
end


return Policy
