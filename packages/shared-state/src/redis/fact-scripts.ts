import { HEAD } from "./ledger-scripts.ts";

/**
 * Lua for facts and processes. `:facts` is a hash of `<end> <json>` by code and key, `:alive` the processes by when they count as gone,
 * `:settled` the generation of each of them, `:kept` values by name.
 *
 * ARGV: epoch, code and key, duration, json, channel. PUBLISH may fail where the user lacks the permission; the others then read the fact
 * when they start.
 */
export const SAY: string = `${HEAD}
local facts, name, ends = base .. ':facts', ARGV[2], now + ARGV[3]
local known = redis.call('HGET', facts, name)
if not known or tonumber(string.match(known, '^%d+')) < ends then
  redis.call('HSET', facts, name, text(ends) .. ' ' .. ARGV[4])
  if redis.call('PTTL', facts) < tonumber(ARGV[3]) then redis.call('PEXPIRE', facts, ARGV[3]) end
end
redis.pcall('PUBLISH', ARGV[5], ARGV[4])
return 1
`;

/** ARGV: epoch. Returns what is left of each fact, and its json. */
export const FACTS: string = `${HEAD}
local flat = redis.call('HGETALL', base .. ':facts')
local list = {}
for i = 1, #flat, 2 do
  local ends, json = string.match(flat[i + 1], '^(%d+) (.*)$')
  if tonumber(ends) > now then list[#list + 1] = { text(ends - now), json }
  else redis.call('HDEL', base .. ':facts', flat[i]) end
end
return list
`;

/**
 * ARGV: epoch, process, how long it counts as alive, its generation. A server has another `run_id` after a restart, and another
 * `master_replid` after it became a primary. Where the user lacks the permission for INFO, only the epoch is known.
 */
export const BEAT: string = `${HEAD}
local alive, settled = base .. ':alive', base .. ':settled'
local generation = epoch
for section, field in pairs({ server = 'run_id', replication = 'master_replid' }) do
  local info = redis.pcall('INFO', section)
  if type(info) == 'string' then generation = generation .. ' ' .. (string.match(info, field .. ':(%w+)') or '') end
end
redis.call('ZADD', alive, text(now + ARGV[3]), ARGV[2])
redis.call('HSET', settled, ARGV[2], ARGV[4] == '' and generation or ARGV[4])
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', text(now))) do
  redis.call('ZREM', alive, gone)
  redis.call('HDEL', settled, gone)
end
local count = 0
for _, of_process in ipairs(redis.call('HVALS', settled)) do
  if of_process == generation then count = count + 1 end
end
return { text(now), epoch, redis.call('ZCARD', alive), generation, count }
`;

/** ARGV: epoch, name, value. */
export const REMEMBER: string = "redis.call('HSET', KEYS[1] .. ':kept', ARGV[2], ARGV[3]) return 1";

/** Returns names and values in turn. */
export const REMEMBERED: string = "return redis.call('HGETALL', KEYS[1] .. ':kept')";

/** ARGV: epoch, name, value. */
export const KEEP: string = `${HEAD}
redis.call('HSETNX', base .. ':kept', ARGV[2], ARGV[3])
return redis.call('HGET', base .. ':kept', ARGV[2])
`;
