-- Lets an accepted registration's record and claims live until it is settled.
-- It may come late: what has been settled meanwhile, or is somebody else's by now, stays as it is.
-- KEYS: the record. ARGV: userID, milliseconds to live.
if redis.call('HGET', KEYS[1], 'status') ~= 'pending' then return end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
for _, claim in ipairs(redis.call('HMGET', KEYS[1], 'email', 'phoneNumber', 'thaiID')) do
  if claim and redis.call('GET', claim) == ARGV[1] then redis.call('PEXPIRE', claim, ARGV[2]) end
end
