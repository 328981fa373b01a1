local typedefs = require "kong.db.schema.typedefs"
local redis = require "kong.tools.redis.schema"


return {
  name = "trusted-identity",
  fields = {
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        required = true,
        fields = {
          { roles = { type = "set", elements = { type = "string" } } },
          { amr = { type = "set", elements = { type = "string" } } },
          { max_auth_age = { type = "integer", gt = 0 } },
          { gateway_token = { type = "string", required = true, referenceable = true, encrypted = true } },
          { redis = { type = "record", required = true, fields = redis.config_schema.fields } },
          { on_redis_error = { type = "string", required = true, default = "allow", one_of = { "allow", "deny" } } },
        },
      },
    },
  },
}
