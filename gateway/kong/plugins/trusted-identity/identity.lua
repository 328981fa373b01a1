local cjson = require "kong.tools.cjson"
local jwt_parser = require "kong.plugins.jwt.jwt_parser"

local find = string.find
local getmetatable = getmetatable
local ipairs = ipairs
local type = type

local EMPTY = {}


local function is_text(value)
  return type(value) == "string" and value ~= "" and not find(value, "%c")
end


local function is_optional_text(value)
  return value == nil or is_text(value)
end


local function is_optional_number(value)
  return value == nil or type(value) == "number"
end


--- A list travels joined by commas: one inside an item would make two of it.
local function is_optional_list(value)
  if value == nil then
    return true
  end

  -- Decoded JSON: an object has no such metatable, and neither has null.
  if getmetatable(value) ~= cjson.array_mt then
    return false
  end

  for _, item in ipairs(value) do
    if not is_text(item) or find(item, ",", 1, true) then
      return false
    end
  end

  return true
end


--- Who calls, as a verified token says it; nil when a claim is not what it should be: such a token identifies nobody.
return function(token)
  -- Kong's own parser, so that what is read here is what has been verified.
  local jwt = jwt_parser:new(token)
  local claims = jwt and cjson.decode_with_array_mt(jwt:base64_decode(jwt.claims_64))
  if type(claims) ~= "table"
     or not is_text(claims.sub)
     or not is_optional_text(claims.email)
     or not is_optional_list(claims.roles)
     or not is_optional_list(claims.amr)
     or not is_optional_text(claims.sid)
     or not is_optional_number(claims.auth_time)
  then
    return nil
  end

  return {
    user_id = claims.sub,
    email = claims.email,
    roles = claims.roles or EMPTY,
    amr = claims.amr or EMPTY,
    session_id = claims.sid,
    auth_time = claims.auth_time,
  }
end
