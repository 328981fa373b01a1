-- Leaves nothing of a user but the fact that there is none, long enough for every late event to find it.
-- KEYS: the user. ARGV: milliseconds that the fact lives.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'status', 'deleted')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
