local periods = require "kong.plugins.group-quota.periods"

local ipairs = ipairs
local min = math.min
local pairs = pairs
local setmetatable = setmetatable
local sort = table.sort
local type = type

-- By configuration, which Kong replaces as a whole when it changes.
local ranked = setmetatable({}, { __mode = "k" })


local function declared_limits(quota)
  local limits = {}
  for _, period in ipairs(periods) do
    local limit = quota[period.name]
    if type(limit) == "number" then
      limits[#limits + 1] = { period = period, limit = limit }
    end
  end
  return limits
end


--- Requests a second that a quota allows in the long run.
local function rate(limits)
  local lowest = math.huge
  for _, limit in ipairs(limits) do
    lowest = min(lowest, limit.limit / limit.period.length)
  end
  return lowest
end


local function rank(groups)
  local list = {}
  for group, quota in pairs(groups) do
    local limits = declared_limits(quota)
    list[#list + 1] = { group = group, limits = limits, rate = rate(limits) }
  end

  sort(list, function(a, b)
    return a.rate > b.rate or (a.rate == b.rate and a.group < b.group)
  end)

  return list
end


--- The limits of the most generous among a consumer's groups; nil where none of them has a quota.
return function(conf, groups)
  local list = ranked[conf]
  if not list then
    list = rank(conf.groups)
    ranked[conf] = list
  end

  for _, candidate in ipairs(list) do
    if groups[candidate.group] then
      return candidate.limits
    end
  end
end
