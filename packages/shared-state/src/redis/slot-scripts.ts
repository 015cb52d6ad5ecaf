import { PLACE_MS } from "../slots/turns.ts";

/**
 * Lua for slots. KEYS[1] is the limit: `:leases` are the leases by their end, `:turns` those who wait by when they began to, `:asked` by
 * when they last asked. All of them expire by themselves.
 */
const HEAD = `
local leases, turns, asked = KEYS[1] .. ':leases', KEYS[1] .. ':turns', KEYS[1] .. ':asked'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
end
`;

/** ARGV: limit, time to live, who asks, lease. Returns -1 if the lease is granted, else the number of those ahead. */
export const ACQUIRE: string = `${HEAD}
local limit, ttl, holder = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
redis.call('ZREMRANGEBYSCORE', leases, '-inf', text(now))
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', asked, '-inf', text(now - ${PLACE_MS}))) do
  redis.call('ZREM', turns, gone)
  redis.call('ZREM', asked, gone)
end
local place = redis.call('ZRANK', turns, holder)
local ahead = place or redis.call('ZCARD', turns)
if limit - redis.call('ZCARD', leases) > ahead then
  redis.call('ZREM', turns, holder)
  redis.call('ZREM', asked, holder)
  redis.call('ZADD', leases, text(now + ttl), ARGV[4])
  keep(leases, ttl + 1000)
  return -1
end
if not place then redis.call('ZADD', turns, text(clock[1] * 1000000 + clock[2]), holder) end
redis.call('ZADD', asked, text(now), holder)
keep(turns, ${2 * PLACE_MS})
keep(asked, ${2 * PLACE_MS})
return ahead
`;

/** ARGV: lease, time to live. */
export const RENEW: string = `${HEAD}
local last = redis.call('ZSCORE', leases, ARGV[1])
if not last or tonumber(last) <= now then return 0 end
redis.call('ZADD', leases, text(now + ARGV[2]), ARGV[1])
keep(leases, ARGV[2] + 1000)
return 1
`;

/** ARGV: lease. */
export const RELEASE: string = `${HEAD}
return redis.call('ZREM', leases, ARGV[1])
`;
