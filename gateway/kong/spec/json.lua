-- JSON as Kong's own cjson reads it: lists are told from objects, and null is not nil.
local null = newproxy()
local array_mt = {}

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local LITERALS = { ["true"] = true, ["false"] = false, null = null }

local value_at


local function utf8(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40)
  end
  return string.char(0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end


local function string_at(text, at)
  local stop = at + 1
  while text:sub(stop, stop) ~= '"' do
    stop = stop + (text:sub(stop, stop) == "\\" and 2 or 1)
  end

  local raw = text:sub(at + 1, stop - 1)
  local plain = raw:gsub("\\u(%x%x%x%x)", function(code) return utf8(tonumber(code, 16)) end)
                   :gsub("\\([^u])", function(sign) return ESCAPES[sign] or sign end)
  return plain, stop + 1
end


local function list_at(text, at)
  local list, item = setmetatable({}, array_mt), nil
  at = text:match("^%s*()", at + 1)
  while text:sub(at, at) ~= "]" do
    item, at = value_at(text, at)
    list[#list + 1] = item
    at = text:match("^%s*,?%s*()", at)
  end
  return list, at + 1
end


local function object_at(text, at)
  local object, name = {}, nil
  at = text:match("^%s*()", at + 1)
  while text:sub(at, at) ~= "}" do
    name, at = string_at(text, at)
    object[name], at = value_at(text, text:match("^%s*:%s*()", at))
    at = text:match("^%s*,?%s*()", at)
  end
  return object, at + 1
end


function value_at(text, at)
  local sign = text:sub(at, at)
  if sign == "{" then
    return object_at(text, at)
  elseif sign == "[" then
    return list_at(text, at)
  elseif sign == '"' then
    return string_at(text, at)
  end

  local word, stop = text:match("^([%w.+-]+)()", at)
  local literal = LITERALS[word]
  if literal ~= nil then
    return literal, stop
  end
  return assert(tonumber(word), "no JSON: " .. text), stop
end


local function decode(text)
  return (value_at(text, text:match("^%s*()")))
end


local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(sign) return ("\\u%04x"):format(sign:byte()) end) .. '"'
end


local function encode(value)
  local parts = {}
  if type(value) == "string" then
    return quoted(value)
  elseif type(value) == "function" then
    return '"function"'
  elseif type(value) ~= "table" then
    return value == null and "null" or tostring(value)
  elseif getmetatable(value) == array_mt or #value > 0 then
    for at, item in ipairs(value) do
      parts[at] = encode(item)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  for name, item in pairs(value) do
    parts[#parts + 1] = quoted(name) .. ":" .. encode(item)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end


return { decode = decode, encode = encode, null = null, array_mt = array_mt }
