-- Runs in Redis. Counts a request in every window, or in none where one of them is used up: refused requests cost nothing.
-- KEYS: the windows' counters; ARGV: for each its limit, and when it ends (milliseconds since the epoch); then, where several
-- requests come at once, how many: as many of them are counted as fit into every window.
-- Gives how often each window had been used before.
local usage, counted = {}, tonumber(ARGV[2 * #KEYS + 1] or 1)
for i, key in ipairs(KEYS) do
  usage[i] = tonumber(redis.call('GET', key) or 0)
  counted = math.min(counted, math.ceil(ARGV[2 * i - 1] - usage[i]))
end
if counted > 0 then
  for i, key in ipairs(KEYS) do
    redis.call('INCRBY', key, counted)
    redis.call('PEXPIREAT', key, ARGV[2 * i])
  end
end
return usage
