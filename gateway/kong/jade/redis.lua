local resty_redis = require "resty.redis"

local kong = kong
local now = ngx.now
local null = ngx.null
local fmt = string.format

local KEEPALIVE = 10000 -- milliseconds
local POOL_SIZE = 100
-- In seconds. Redis has just failed: nobody asks it again before this is over, and then one request alone, as long as its answer
-- may take.
local FAILURE_PAUSE = 0.25
local AWAY = "Redis is away"

-- By connection. Every worker has its own.
local failed_at = {}

local _M = {}


local function present(value)
  return value ~= nil and value ~= null and value ~= ""
end


--- Where the settings lead and as whom: only connections that agree in all of this may be exchanged.
function _M.pool_of(conf)
  return fmt("%s:%s;%s;%s;%s;%s;%s", conf.host, conf.port, conf.database, conf.username,
             conf.ssl, conf.ssl_verify, conf.server_name)
end


--- What a new connection needs before its first command; a pooled one has had it.
local function prepare(red, conf)
  if present(conf.password) then
    local ok, err
    if present(conf.username) then
      ok, err = red:auth(conf.username, conf.password)
    else
      ok, err = red:auth(conf.password)
    end
    if not ok then
      return nil, err
    end
  end

  if present(conf.database) and conf.database ~= 0 then
    return red:select(conf.database)
  end

  return true
end


local function connect(conf)
  local red = resty_redis:new()
  red:set_timeout(conf.timeout)

  local ok, err = red:connect(conf.host, conf.port, {
    pool = _M.pool_of(conf),
    ssl = conf.ssl == true,
    ssl_verify = conf.ssl_verify == true,
    server_name = present(conf.server_name) and conf.server_name or nil,
  })
  if not ok then
    return nil, err
  end

  local reused
  reused, err = red:get_reused_times()
  if reused == 0 then
    ok, err = prepare(red, conf)
  else
    ok = reused
  end
  if not ok then
    red:close()
    return nil, err
  end

  return red
end


local function may_ask(conf, pool)
  if failed_at[pool] then
    if now() - failed_at[pool] < FAILURE_PAUSE then
      return false
    end
    failed_at[pool] = now() + conf.timeout / 1000
  end
  return true
end


--- A connection on which something went wrong is not used again.
local function ask(conf, work)
  local red, err = connect(conf)
  if not red then
    return nil, err
  end

  local result
  result, err = work(red)
  if not result then
    red:close()
    return nil, err or "no answer"
  end

  local ok, keepalive_err = red:set_keepalive(KEEPALIVE, POOL_SIZE)
  if not ok then
    kong.log.warn("a Redis connection could not be kept: ", keepalive_err)
  end

  return result
end


--- The result of `work` on a connection, or nil and what went wrong.
function _M.with(conf, work)
  local pool = _M.pool_of(conf)
  if not may_ask(conf, pool) then
    return nil, AWAY
  end

  local result, err = ask(conf, work)
  if not result then
    failed_at[pool] = now()
    kong.log.err("Redis cannot be asked: ", err)
    return nil, err
  end

  failed_at[pool] = nil
  return result
end


return _M
