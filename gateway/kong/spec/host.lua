-- Plays requests through one plugin: a line of JSON in for each, a line with the outcome out. In between it asks for the
-- replies to the Redis commands that the plugin sends: `{"redis": [...]}` out, `{"reply"}` or `{"error"}` in.
-- The first line: `{"plugin"}`, whose schema is answered.
local here = arg[0]:match("^(.*)/")
package.path = here .. "/?.lua;" .. here .. "/../../?.lua"

local json = require "json"
local install = require "stand-in"


local function read()
  local line = io.read("*l")
  return line and json.decode(line)
end


local function write(message)
  io.write(json.encode(message), "\n")
  io.flush()
end


local function ask(command)
  write({ redis = command })
  local answer = read()
  if answer.error then
    return nil, answer.error
  end
  return answer.reply
end


--- As Kong runs the access phase: a plugin that throws is answered with 500.
local function access(handler, conf, request)
  local run = coroutine.create(handler.access)
  local ok, err = coroutine.resume(run, handler, conf)
  if not ok then
    request.answer = { status = 500, message = "An unexpected error occurred", headers = {}, err = tostring(err) }
  end
end


local request = {}
install(request, ask)

local plugin = "kong.plugins." .. read().plugin
local handler = require(plugin .. ".handler")
write({ schema = require(plugin .. ".schema"), priority = handler.PRIORITY })

for message in read do
  for _, name in ipairs({ "now", "headers", "shared", "consumer", "groups" }) do
    request[name] = message[name]
  end
  request.answer = { status = 200, headers = {} }
  request.logged = {}
  if message.rewrite then
    handler:rewrite(message.rewrite)
  end
  access(handler, message.access, request)
  write({ answer = request.answer, upstream = request.headers, logged = request.logged })
end
