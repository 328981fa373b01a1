local lrucache = require "resty.lrucache"
local redis = require "kong.jade.redis"

local now = ngx.now
local null = ngx.null

-- In seconds. What was found is used for so long: with nginx's clock, which lags by the work in hand, under a second.
local MAX_AGE = 0.9
local REVOKED = -1

-- By connection and session: REVOKED, or when Redis was asked in vain. Every worker has its own.
local findings = assert(lrucache.new(16384))


--- Whether a session has been ended: auth writes `revoked:<sid>`. Nil and an error while Redis is away.
--- A revoked session stays so, whatever becomes of Redis.
return function(conf, session_id)
  local key = redis.pool_of(conf) .. " " .. session_id
  local finding = findings:get(key)
  if finding == REVOKED then
    return true
  end

  -- What is revoked while Redis is being asked may not be in its answer.
  local asked_at = now()
  if finding and asked_at - finding < MAX_AGE then
    return false
  end

  local found, err = redis.with(conf, function(red)
    return red:get("revoked:" .. session_id)
  end)
  if not found then
    return nil, err
  end

  findings:set(key, found == null and asked_at or REVOKED)
  return found ~= null
end
