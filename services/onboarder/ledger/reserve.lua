-- Reserves, for one registration, every value that only one member may have: all of them, or none.
-- KEYS: the registration's record, then a claim for each value.
-- ARGV: userID, milliseconds that the reservation lives, then the field of each claim.
if redis.call('EXISTS', unpack(KEYS, 2)) > 0 then return 0 end
local record = { 'status', 'pending' }
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  record[#record + 1] = ARGV[i + 1]
  record[#record + 1] = KEYS[i]
end
redis.call('HSET', KEYS[1], unpack(record))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
