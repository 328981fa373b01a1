local redis = require "kong.jade.redis"
local timestamp = require "kong.tools.timestamp"

local find = string.find
local fmt = string.format
local ipairs = ipairs
local unpack = unpack

-- Of calendar periods. In milliseconds: from a window's start, so much later is in the next one, and not in the one after it.
local INTO_NEXT = { month = 32 * 86400000, year = 366 * 86400000 }

local _M = {}


--- The one script, which the embedded gateway runs too.
local function read_script()
  local path = assert(package.searchpath("kong.plugins.group-quota.count", package.path))
  local file = assert(io.open(path))
  local text = assert(file:read("*a"))
  file:close()
  return text
end


local COUNT = read_script()
-- As Redis names it: known once it has been loaded there.
local digest


local function window_end(period, start)
  local into_next = INTO_NEXT[period.name]
  if into_next then
    return timestamp.get_timestamps(start + into_next)[period.name]
  end
  return start + period.length * 1000
end


--- The limits as they stand for one request. `counter` tells whose requests are counted from all others'.
function _M.limits_at(declared, counter, time)
  local starts = timestamp.get_timestamps(time)
  local limits = {}
  for at, limit in ipairs(declared) do
    local period = limit.period
    local start = starts[period.name]
    limits[at] = {
      period = period,
      limit = limit.limit,
      start = start,
      ends = window_end(period, start),
      key = fmt("%s:%.0f:%s", counter, start, period.name),
    }
  end
  return limits
end


local function run_script(red, arguments)
  local err
  if not digest then
    digest, err = red:script("LOAD", COUNT)
    if not digest then
      return nil, err
    end
  end

  local usage
  usage, err = red:evalsha(digest, unpack(arguments))
  if not usage and err and find(err, "NOSCRIPT", 1, true) == 1 then
    return red:eval(COUNT, unpack(arguments))
  end
  return usage, err
end


--- How often each limit had been used before this request, in their order; nil and an error while Redis is away.
--- The request itself is counted unless one is used up.
function _M.count_in_redis(conf, limits)
  local arguments = { #limits }
  for _, limit in ipairs(limits) do
    arguments[#arguments + 1] = limit.key
  end
  for _, limit in ipairs(limits) do
    arguments[#arguments + 1] = limit.limit
    arguments[#arguments + 1] = fmt("%.0f", limit.ends)
  end

  return redis.with(conf, function(red)
    return run_script(red, arguments)
  end)
end


--- The same in the node's own counters. What is counted beyond a limit is taken back.
function _M.count_locally(counters, limits, time)
  local usage, exceeded = {}, false
  for at, limit in ipairs(limits) do
    if exceeded then
      usage[at] = counters:get(limit.key) or 0

    else
      local count, err = counters:incr(limit.key, 1, 0, (limit.ends - time) / 1000)
      if not count then
        return nil, err
      end
      usage[at] = count - 1

      if usage[at] >= limit.limit then
        exceeded = true
        for counted = 1, at do
          counters:incr(limits[counted].key, -1)
        end
      end
    end
  end

  return usage
end


return _M
