-- Brings a cached user up to one event. Events of different topics come in any order and may come again.
-- What says the profile is compared by version; a status alone goes forward only. After `deleted` nothing comes back.
-- KEYS: the user. ARGV: status, version (0: the event says a status only), when it was stated, then field and value of each.
local user, status, version, at = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local rank = { created = 1, confirmation_sent = 2, confirmed = 3, disabled = 4 }
local known = redis.call('HGET', user, 'status')
if known == 'deleted' then return end

local newer = version > tonumber(redis.call('HGET', user, 'version') or 0)
local enabled = newer and known == 'disabled'
local forward = not known or rank[status] > rank[known] or enabled
if newer then redis.call('HSET', user, 'version', version, unpack(ARGV, 4)) end
if forward then redis.call('HSET', user, 'status', status) end
if newer or forward then
  local before = redis.call('HGET', user, 'updatedAt')
  if not before or before < at then redis.call('HSET', user, 'updatedAt', at) end
end
