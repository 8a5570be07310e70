package main

// mixScript makes keys of every type as applications have them: strings mostly, some of them large; short hashes, lists, sets and sorted
// sets, and a few long ones; streams. Some keys are used far more than others.
const mixScript = `for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
	local kind, size, key = i % 20, 3 + i % 13, nil
	if i % 5003 == 0 then size = 2000 end
	if kind < 5 then
		key = 'session:' .. redis.sha1hex(i):sub(1, 32)
		redis.call('SET', key, string.rep('s', 40 + i % 200), 'EX', 86400 + i % 3600)
	elseif kind < 9 then
		key = string.format('cache:page:/articles/%d/%d', i % 1000, i)
		redis.call('SET', key, string.rep('<p>', size * 20))
	elseif kind < 14 then
		key = string.format('counter:2026:%02d:%07d', i % 12 + 1, i)
		redis.call('SET', key, i)
	elseif kind < 17 then
		key = string.format('user:%d:profile', i)
		local fields = {}
		for n = 1, math.min(size, 200) do fields[2 * n - 1], fields[2 * n] = 'field' .. n, 'value' .. n * i end
		redis.call('HSET', key, unpack(fields))
	else
		local items = {}
		if kind == 17 then
			key = string.format('queue:%d', i)
			for n = 1, size do items[n] = 'job-' .. n end
			redis.call('RPUSH', key, unpack(items))
		elseif kind == 18 then
			key = string.format('tags:%d', i)
			for n = 1, size do items[n] = 'tag-' .. n * 7 end
			redis.call('SADD', key, unpack(items))
		elseif i % 100 ~= 99 then
			key = string.format('ranking:%d', i)
			for n = 1, size do items[2 * n - 1], items[2 * n] = n * 11, 'player-' .. n end
			redis.call('ZADD', key, unpack(items))
		else
			key = string.format('events:%d', i)
			for n = 1, math.min(size, 50) do redis.call('XADD', key, n .. '-1', 'event', 'e' .. n) end
		end
	end
	if kind < 14 and i % 997 == 0 then
		for n = 1, i % 1000 do redis.call('GET', key) end
	end
end`

// sliceScript makes values that do not compress, all of them parts of one long text.
const sliceScript = `local block, size = ARGV[3], tonumber(ARGV[4])
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
	local from = i * 7919 % (#block - size)
	redis.call('SET', string.format('document:%08d', i), block:sub(from + 1, from + size))
end`
