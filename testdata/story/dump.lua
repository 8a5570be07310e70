-- One line for each key of the demo: name, database, type, when it expires in Unix milliseconds, and a digest of what it holds.
local function flat(parts, sorted)
  local all = {}
  for i, part in ipairs(parts) do
    all[i] = type(part) == "table" and flat(part) or part
  end
  if sorted then table.sort(all) end
  local digest = ""
  for _, part in ipairs(all) do digest = redis.sha1hex(digest .. #tostring(part) .. ":" .. part) end
  return digest
end
local read = {
  string = function(key) return {redis.call("get", key)} end,
  list = function(key) return redis.call("lrange", key, 0, -1) end,
  set = function(key) return redis.call("smembers", key), true end,
  zset = function(key) return redis.call("zrange", key, 0, -1, "withscores") end,
  stream = function(key) return redis.call("xrange", key, "-", "+") end,
  hll = function(key) return {redis.call("pfcount", key)} end, -- the demo's own word for it
  hash = function(key)
    local fields, pairs = redis.call("hgetall", key), {}
    for i = 1, #fields, 2 do pairs[#pairs + 1] = {fields[i], fields[i + 1]} end
    return pairs, true
  end,
}
local lines = {}
for _, db in ipairs({0, 1, 2}) do
  redis.call("select", db)
  for _, key in ipairs(redis.call("keys", "*")) do
    local kind = redis.call("type", key).ok
    if read[kind] then lines[#lines + 1] = table.concat({key, db, kind, redis.call("pexpiretime", key), flat(read[kind](key))}, " ") end
  end
end
return lines
