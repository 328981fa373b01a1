-- Ends a registration: its claims are free again, its record tells the end until it expires.
-- `rejected` and `forgotten` end only what is still pending; after `deleted` nothing brings it back.
-- KEYS: the record. ARGV: userID, how it ended, milliseconds that the record lives on (0: it goes too).
local record, userID, ending, life = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local known = redis.call('HGET', record, 'status') or 'pending'
if known == 'deleted' or (ending ~= 'deleted' and known ~= 'pending') then return end

for _, claim in ipairs(redis.call('HMGET', record, 'email', 'phoneNumber', 'thaiID')) do
  if claim and redis.call('GET', claim) == userID then redis.call('DEL', claim) end
end
redis.call('DEL', record)
if life > 0 then
  redis.call('HSET', record, 'status', ending)
  redis.call('PEXPIRE', record, life)
end
