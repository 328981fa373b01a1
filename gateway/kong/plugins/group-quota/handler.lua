local acl_groups = require "kong.plugins.acl.groups"
local announce = require "kong.plugins.group-quota.announce"
local counting = require "kong.plugins.group-quota.counting"
local limits_of = require "kong.plugins.group-quota.quotas"

local kong = kong
local ngx = ngx
local error = error
local floor = math.floor
local ipairs = ipairs

local FORBIDDEN = "You cannot consume this service"

local GroupQuota = {
  -- Below rate-limiting (910): what that refuses is not counted here.
  PRIORITY = 905,
  VERSION = "1.0.0",
}


local function limits_for(conf, consumer)
  if not consumer then
    return nil
  end

  local groups, err = acl_groups.get_consumer_groups(consumer.id)
  if err then
    return error(err)
  end

  return groups and limits_of(conf, groups)
end


--- Who has no quota passes unlimited, as this is not what lets people in or out; unless `require_group` makes it so.
local function without_quota(conf, consumer)
  if not conf.require_group then
    return
  end

  if not consumer then
    return kong.response.error(401)
  end
  return kong.response.error(403, FORBIDDEN)
end


local function count(conf, limits, time)
  if conf.policy == "redis" then
    return counting.count_in_redis(conf.redis, limits)
  end
  return counting.count_locally(ngx.shared.kong_rate_limiting_counters, limits, time)
end


local function is_used_up(limits, usage)
  for at, limit in ipairs(limits) do
    if usage[at] >= limit.limit then
      return true
    end
  end
  return false
end


function GroupQuota:access(conf)
  local consumer = kong.client.get_consumer()
  local declared = limits_for(conf, consumer)
  if not declared then
    return without_quota(conf, consumer)
  end

  local time = floor(ngx.now() * 1000)
  -- By consumer alone: wherever the plugin stands, a partner has one quota, not one a route.
  local limits = counting.limits_at(declared, "group-quota:" .. consumer.id, time)
  local usage, err = count(conf, limits, time)
  if not usage then
    if not conf.fault_tolerant then
      return error(err)
    end
    return
  end

  local refused = is_used_up(limits, usage)
  if not conf.hide_client_headers then
    announce(limits, usage, refused, time)
  end
  if refused then
    return kong.response.error(conf.error_code, conf.error_message)
  end
end


return GroupQuota
