-- Brings a registration to a later status and makes its claims those of the user as the event knows it, for good.
-- Events of different topics come in any order: a status never moves back, and claims of an older version change nothing.
-- KEYS: the record. ARGV: userID, status, version (0: the event says nothing of claims), then field and claim of each.
local record, userID, status, version = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local rank = { pending = 0, rejected = 0, created = 1, confirmation_sent = 2, confirmed = 3 }
local known = redis.call('HGET', record, 'status') or 'pending'
if known == 'deleted' then return end

if version > tonumber(redis.call('HGET', record, 'version') or 0) then
  for i = 4, #ARGV, 2 do
    local field, claim = ARGV[i], ARGV[i + 1]
    local previous = redis.call('HGET', record, field)
    if previous and previous ~= claim and redis.call('GET', previous) == userID then redis.call('DEL', previous) end
    redis.call('SET', claim, userID)
    redis.call('HSET', record, field, claim)
  end
  local thaiID = redis.call('HGET', record, 'thaiID')
  if thaiID and redis.call('GET', thaiID) == userID then redis.call('PERSIST', thaiID) end
  redis.call('HSET', record, 'version', version)
end

if rank[status] > rank[known] then redis.call('HSET', record, 'status', status) end
redis.call('PERSIST', record)
