local typedefs = require "kong.db.schema.typedefs"
local redis = require "kong.tools.redis.schema"
local periods = require "kong.plugins.group-quota.periods"

local DESCENDING = "The limit for %s(%.1f) cannot be lower than the limit for %s(%.1f)"


--- A longer period may not allow less than a shorter one: the shorter limit could never be used.
local function not_descending(quota)
  for at, lower in ipairs(periods) do
    for above = at + 1, #periods do
      local upper = periods[above]
      local least, limit = quota[lower.name], quota[upper.name]
      if type(least) == "number" and type(limit) == "number" and limit < least then
        return nil, DESCENDING:format(upper.name, limit, lower.name, least)
      end
    end
  end

  return true
end


--- How many requests a consumer of the group may make in each period. A map and not a record: decK fills in the fields that
--- are left out of a record, but not of records within a map, and would find a difference for ever.
local function quota()
  local names = {}
  for at, period in ipairs(periods) do
    names[at] = period.name
  end

  return {
    type = "map",
    required = true,
    keys = { type = "string", one_of = names },
    values = { type = "integer", gt = 0 },
    len_min = 1,
    custom_validator = not_descending,
  }
end


return {
  name = "group-quota",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        required = true,
        fields = {
          { groups = { type = "map", required = true, len_min = 1, keys = { type = "string" }, values = quota() } },
          -- Whether a request that no quota applies to is refused: one without a consumer, or whose consumer is in none of the groups.
          { require_group = { type = "boolean", required = true, default = false } },
          { policy = { type = "string", required = true, default = "redis", one_of = { "local", "redis" } } },
          { fault_tolerant = { type = "boolean", required = true, default = true } },
          { redis = { type = "record", required = true, fields = redis.config_schema.fields } },
          { hide_client_headers = { type = "boolean", required = true, default = false } },
          { error_code = { type = "integer", required = true, default = 429, between = { 400, 599 } } },
          { error_message = { type = "string", required = true, default = "API rate limit exceeded" } },
        },
      },
    },
  },
  entity_checks = {
    { conditional = {
        if_field = "config.policy",
        if_match = { eq = "redis" },
        then_field = "config.redis.host",
        then_match = { required = true },
    } },
  },
}
