-- Sends the requests of a file in turn and prints what came of them as one line of JSON.
--   wrk … -s wrk.lua URL -- FILE [MEAN]
-- FILE holds requests as they travel, separated by the byte 30; MEAN is how many milliseconds each connection rests on
-- average between an answer and its next request.
local SEPARATOR = '\30'
local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1], 'rb'))
  for text in file:read('*a'):gmatch('[^' .. SEPARATOR .. ']+') do
    requests[#requests + 1] = text
  end
  file:close()
  local mean = tonumber(args[2])
  if mean then
    -- Whole milliseconds are all that wrk knows: a random rounding keeps the average.
    function delay()
      return math.floor(math.random() * 2 * mean + math.random())
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"seconds":%f,"answered":%d,"failed":%d,"p50":%f,"p95":%f,"p99":%f}\n',
    summary.duration / 1e6,
    summary.requests,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3
  ))
end
