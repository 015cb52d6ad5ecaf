import { KEEP_ENDED_WINDOW_MS, KEEP_EXPIRED_MS, KEEP_JOURNALED_MS, KEEP_SETTLED_MS } from "../contract/retention.ts";
import { KEPT_WRITE_OFFS } from "../contract/state-engine.ts";

/**
 * Lua for the ledger. All keys begin with KEYS[1], whose hash tag puts them into one slot.
 *
 * - `:epoch` the id of the stored state
 * - `:w:<key>` a window: spent, presumed, held, end; rs and rp, what was handed in
 * - `:r:<id>` a hash of amounts by key while it is held or presumed; after that the text `settled`, or `<spent> <presumed>` while a
 *   settlement waits for its reservation
 * - `:leases` the ids that are held, by the end of their lease
 *
 * Sums are changed by HINCRBY, which is exact to 64 bits, and returned as the text that is stored: numbers of Lua are doubles, and print
 * as 1e+15.
 */
export const HEAD: string = `
local base = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local epoch = redis.call('GET', base .. ':epoch')
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', base .. ':epoch', epoch)
end
`;

const WINDOWS = `
local function key_of(key) return base .. ':w:' .. key end
local function add(key, field, amount)
  if amount ~= 0 then redis.call('HINCRBY', key_of(key), field, text(amount)) end
end
local function sums(key)
  local row = redis.call('HMGET', key_of(key), 'spent', 'presumed', 'held', 'end')
  return { row[1] or '0', row[2] or '0', row[3] or '0', row[4] or '' }
end
local function open(key, last, ends_in)
  if redis.call('EXISTS', key_of(key)) == 1 then return end
  if last == '' and ends_in ~= '' then last = text(now + ends_in) end
  redis.call('HSET', key_of(key), 'spent', '0', 'presumed', '0', 'held', '0', 'end', last)
  if last ~= '' then redis.call('PEXPIREAT', key_of(key), text(last + ${KEEP_ENDED_WINDOW_MS})) end
end
local function presume(key, amount)
  local presumed = tonumber(sums(key)[2])
  add(key, 'presumed', -math.min(presumed, amount))
end
local function parts(id)
  local flat = redis.call('HGETALL', base .. ':r:' .. id)
  local list = {}
  for i = 1, #flat, 2 do
    if redis.call('EXISTS', key_of(flat[i])) == 1 then list[#list + 1] = { flat[i], tonumber(flat[i + 1]) } end
  end
  return list
end
local function expire()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', base .. ':leases', '-inf', text(now), 'LIMIT', 0, 1000)) do
    for _, part in ipairs(parts(id)) do
      add(part[1], 'held', -part[2])
      add(part[1], 'presumed', part[2])
    end
    redis.call('ZREM', base .. ':leases', id)
    redis.call('PEXPIRE', base .. ':r:' .. id, ${KEEP_EXPIRED_MS})
  end
end
local function reply(keys)
  local windows = {}
  for i, key in ipairs(keys) do windows[i] = { key, sums(key) } end
  return { text(now), epoch, windows }
end
`;

/** ARGV: epoch, known epoch, id, lease, then for each scope: key, limit, amount, start, end, ends in. */
export const RESERVE: string = `${HEAD}${WINDOWS}
local function answer(kind, more, i) return { text(now), epoch, kind, more or {}, i or 0 } end
if ARGV[2] ~= '' and ARGV[2] ~= epoch then return answer('other-epoch') end
expire()
local id, lease = ARGV[3], ARGV[4]
local scopes, keys = {}, {}
for i = 5, #ARGV, 6 do
  local start, last = ARGV[i + 3], ARGV[i + 4]
  if start ~= '' and (now < tonumber(start) or now >= tonumber(last)) then return answer('other-window') end
  scopes[#scopes + 1] = { key = ARGV[i], limit = tonumber(ARGV[i + 1]), amount = ARGV[i + 2], last = last, ends_in = ARGV[i + 5] }
  keys[#keys + 1] = ARGV[i]
end
local row = base .. ':r:' .. id
local kind = redis.call('TYPE', row).ok
if kind ~= 'none' then
  local spent, presumed = nil, nil
  if kind == 'string' then spent, presumed = string.match(redis.call('GET', row), '^(%d+) (%d+)$') end
  if spent then
    for _, scope in ipairs(scopes) do
      open(scope.key, scope.last, scope.ends_in)
      add(scope.key, 'spent', tonumber(spent))
      add(scope.key, 'presumed', tonumber(presumed))
    end
    redis.call('SET', row, 'settled', 'PX', ${KEEP_SETTLED_MS})
  end
  return answer('held', reply(keys)[3])
end
for i, scope in ipairs(scopes) do
  local found = sums(scope.key)
  if found[1] + found[2] + found[3] + scope.amount > scope.limit then
    if found[4] == '' and redis.call('EXISTS', key_of(scope.key)) == 0 then
      found[4] = scope.last ~= '' and scope.last or (scope.ends_in ~= '' and text(now + scope.ends_in) or '')
    end
    return answer('refused', { { scope.key, found } }, i)
  end
end
for _, scope in ipairs(scopes) do
  open(scope.key, scope.last, scope.ends_in)
  add(scope.key, 'held', tonumber(scope.amount))
  redis.call('HSET', row, scope.key, scope.amount)
end
redis.call('ZADD', base .. ':leases', text(now + lease), id)
return answer('held', reply(keys)[3])
`;

/** ARGV: epoch, id, then either `all`, spent, presumed; or `by`, and for each scope: key, spent, presumed, end, ends in. */
export const SETTLE: string = `${HEAD}${WINDOWS}
expire()
local id, by = ARGV[2], ARGV[3] == 'by'
local row = base .. ':r:' .. id
local kind = redis.call('TYPE', row).ok
if kind == 'string' then return reply({}) end
local keys = {}
if kind == 'none' then
  local waiting = by and 'settled' or (ARGV[4] .. ' ' .. ARGV[5])
  redis.call('SET', row, waiting, 'PX', by and ${KEEP_JOURNALED_MS} or ${KEEP_SETTLED_MS})
  if not by then return reply({}) end
  for i = 4, #ARGV, 5 do
    open(ARGV[i], ARGV[i + 3], ARGV[i + 4])
    add(ARGV[i], 'spent', tonumber(ARGV[i + 1]))
    add(ARGV[i], 'presumed', tonumber(ARGV[i + 2]))
    keys[#keys + 1] = ARGV[i]
  end
  return reply(keys)
end
local results = {}
if by then
  for i = 4, #ARGV, 5 do results[ARGV[i]] = { tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]) } end
end
local held = redis.call('ZREM', base .. ':leases', id) == 1
for _, part in ipairs(parts(id)) do
  local key, amount = part[1], part[2]
  if held then add(key, 'held', -amount) else presume(key, amount) end
  local result = results[key] or (not by and { tonumber(ARGV[4]), tonumber(ARGV[5]) }) or { 0, 0 }
  add(key, 'spent', result[1])
  add(key, 'presumed', result[2])
  keys[#keys + 1] = key
end
redis.call('SET', row, 'settled', 'PX', ${KEEP_SETTLED_MS})
return reply(keys)
`;

/** ARGV: epoch, then keys. */
export const SUMS: string = `${HEAD}${WINDOWS}
expire()
local keys = {}
for i = 2, #ARGV do keys[#keys + 1] = ARGV[i] end
return reply(keys)
`;

/** ARGV: epoch, cursor, pattern, number. A page of keys: one round of SCAN, since a script keeps all others waiting. */
export const KEYS: string = `
local found = redis.call('SCAN', ARGV[2], 'MATCH', ARGV[3], 'COUNT', ARGV[4])
local keys = {}
for i, key in ipairs(found[2]) do keys[i] = string.sub(key, #KEYS[1] + 4) end
return { found[1], keys }
`;

/** ARGV: epoch, key, amount, who and why as JSON. The list has texts of time, amount, key and that JSON, separated by tabs. */
export const WRITE_OFF: string = `${HEAD}${WINDOWS}
expire()
local amount = math.min(tonumber(ARGV[3]), tonumber(sums(ARGV[2])[2]))
if amount > 0 then
  presume(ARGV[2], amount)
  redis.call('LPUSH', base .. ':write-offs', table.concat({ text(now), text(amount), ARGV[2], ARGV[4] }, '\\t'))
  redis.call('LTRIM', base .. ':write-offs', 0, ${KEPT_WRITE_OFFS - 1})
end
return reply({ ARGV[2] })
`;

/** ARGV: epoch, limit. */
export const WRITE_OFFS: string = "return redis.call('LRANGE', KEYS[1] .. ':write-offs', 0, ARGV[2] - 1)";

/** ARGV: epoch, then for each scope: key, spent, presumed, end, ends in. */
export const RESTORE: string = `${HEAD}${WINDOWS}
local keys = {}
for i = 2, #ARGV, 5 do
  local key = ARGV[i]
  open(key, ARGV[i + 3], ARGV[i + 4])
  for j, field in ipairs({ 'spent', 'presumed' }) do
    local seen, mark = ARGV[i + j], 'r' .. string.sub(field, 1, 1)
    local before = tonumber(redis.call('HGET', key_of(key), mark) or '0')
    if tonumber(seen) > before then
      add(key, field, tonumber(seen) - before)
      redis.call('HSET', key_of(key), mark, seen)
    end
  end
  keys[#keys + 1] = key
end
return reply(keys)
`;
