local kong = kong
local floor = math.floor
local ipairs = ipairs
local max = math.max


local function capitalised(text)
  return (text:gsub("^%l", string.upper))
end


--- Seconds until a window is over, as Kong reckons them: at least one.
local function seconds_left(limit, time)
  return max(1, limit.period.length - floor((time - limit.start) / 1000))
end


--- What the client is told of its limits. The tightest window stands for all in `RateLimit-*`; of equals the longest.
return function(limits, usage, refused, time)
  local set_header = kong.response.set_header
  local tightest, least
  for at, limit in ipairs(limits) do
    local name = capitalised(limit.period.name)
    local remaining = max(0, limit.limit - usage[at] - (refused and 0 or 1))
    set_header("X-RateLimit-Limit-" .. name, limit.limit)
    set_header("X-RateLimit-Remaining-" .. name, remaining)
    if not tightest or remaining <= least then
      tightest, least = limit, remaining
    end
  end

  local reset = seconds_left(tightest, time)
  set_header("RateLimit-Limit", tightest.limit)
  set_header("RateLimit-Remaining", least)
  set_header("RateLimit-Reset", reset)
  if refused then
    set_header("Retry-After", reset)
  end
end
