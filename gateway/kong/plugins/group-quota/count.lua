-- Runs in Redis. Counts one request in every window, or in none where one of them is used up: refused requests cost nothing.
-- KEYS: the windows' counters; ARGV: for each its limit, and when it ends (milliseconds since the epoch).
-- Gives how often each window had been used before.
local usage, exceeded = {}, false
for i, key in ipairs(KEYS) do
  usage[i] = tonumber(redis.call('GET', key) or 0)
  exceeded = exceeded or usage[i] >= tonumber(ARGV[2 * i - 1])
end
if not exceeded then
  for i, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIREAT', key, ARGV[2 * i])
  end
end
return usage
