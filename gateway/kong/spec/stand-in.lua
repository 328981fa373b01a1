-- What the two plugins use of Kong and OpenResty, as far as it is documented. `request` is the one being played;
-- `ask` runs a Redis command and gives its reply, or nil and an error.
local json = require "json"

local preload = package.preload


local function stand_in(name, module)
  preload[name] = function() return module end
end


--- nginx would drop a header without a value: the PDK sends a space in its place.
local function set_header(headers, name, value)
  headers[name:lower()] = { value == "" and " " or tostring(value) }
end


local function dictionary(now)
  local entries = {}

  local function live(key)
    local entry = entries[key]
    return entry and entry.ends > now() and entry or nil
  end

  return {
    get = function(_, key)
      local entry = live(key)
      return entry and entry.value
    end,
    incr = function(_, key, by, init, ttl)
      local entry = live(key)
      if not entry then
        if not init then
          return nil, "not found"
        end
        entry = { value = init, ends = now() + ttl }
        entries[key] = entry
      end
      entry.value = entry.value + by
      return entry.value
    end,
  }
end


local function redis_client(ask)
  local methods = {
    set_timeout = function(_, timeout) assert(type(timeout) == "number") end,
    connect = function(_, host, port, options)
      assert(type(host) == "string" and type(port) == "number" and options.pool)
      local pong, err = ask({ "ping" })
      if not pong then
        return nil, err
      end
      return 1
    end,
    get_reused_times = function() return 0 end,
    set_keepalive = function() return 1 end,
    close = function() return 1 end,
  }

  return setmetatable({}, {
    __index = function(_, name)
      return methods[name] or function(_, ...)
        return ask({ name, ... })
      end
    end,
  })
end


--- When each period began that the time is in: all in milliseconds since the epoch.
local function get_timestamps(time)
  local date = os.date("!*t", math.floor(time / 1000))
  local day = time - time % 86400000
  return {
    second = time - time % 1000,
    minute = time - time % 60000,
    hour = time - time % 3600000,
    day = day,
    month = day - (date.day - 1) * 86400000,
    year = day - (date.yday - 1) * 86400000,
  }
end


return function(request, ask)
  local function now()
    return request.now / 1000
  end

  _G.ngx = {
    null = json.null,
    now = now,
    req = {
      get_headers = function(max)
        assert(max == 0, "a limit would hide headers")
        local headers = {}
        for name, values in pairs(request.headers) do
          headers[name] = #values == 1 and values[1] or values
        end
        return headers
      end,
    },
    shared = { kong_rate_limiting_counters = dictionary(now) },
  }

  _G.kong = {
    ctx = { shared = setmetatable({}, { __index = function(_, name) return request.shared[name] end }) },
    log = {
      err = function() end,
      warn = function() end,
      set_serialize_value = function(field, value) request.logged[field] = value end,
    },
    client = { get_consumer = function() return request.consumer end },
    service = {
      request = {
        clear_header = function(name) request.headers[name:lower()] = nil end,
        set_header = function(name, value) set_header(request.headers, name, value) end,
      },
    },
    response = {
      set_header = function(name, value) set_header(request.answer.headers, name, value) end,
      -- In the access phase nothing behind it runs.
      error = function(status, message, headers)
        request.answer.status = status
        request.answer.message = message
        for name, value in pairs(headers or {}) do
          set_header(request.answer.headers, name, value)
        end
        coroutine.yield()
      end,
    },
  }

  stand_in("kong.tools.cjson", { decode_with_array_mt = json.decode, array_mt = json.array_mt })
  stand_in("kong.tools.timestamp", { get_timestamps = get_timestamps })
  stand_in("kong.tools.redis.schema", { config_schema = { fields = "redis" } })
  stand_in("kong.db.schema.typedefs", { protocols_http = "protocols_http" })
  stand_in("resty.redis", { new = function() return redis_client(ask) end })
  stand_in("resty.lrucache", {
    new = function()
      local entries = {}
      return {
        get = function(_, key) return entries[key] end,
        set = function(_, key, value) entries[key] = value end,
      }
    end,
  })
  -- A token stands here as its claims alone: the parser's work has been done when a plugin of ours runs.
  stand_in("kong.plugins.jwt.jwt_parser", {
    new = function(_, token)
      return { claims_64 = token, base64_decode = function(_, text) return text end }
    end,
  })
  stand_in("kong.plugins.acl.groups", {
    get_consumer_groups = function()
      local groups = request.groups
      for _, group in ipairs(groups) do
        groups[group] = group
      end
      return #groups > 0 and groups or nil
    end,
  })
end
