package main

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"redan/bench/rig"
)

// fillScript makes keys as people name them, 27 bytes long on average: the length is what a key costs most.
const fillScript = `for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
	local kind = i % 4
	if kind == 0 then redis.call('SET', string.format('orders:2026:%02d:%07d', i % 12 + 1, i), i)
	elseif kind == 1 then redis.call('SET', 'session:' .. redis.sha1hex(i):sub(1, 32), i)
	elseif kind == 2 then redis.call('SET', string.format('user:%d:profile', i), i)
	else redis.call('SET', string.format('cache:page:/articles/%d/%d', i % 1000, i), i) end
end`

// calls counts the commands that the server has run, by name.
func calls(s *rig.Server) (map[string]int, error) {
	out, err := s.CLI("info", "commandstats")
	if err != nil {
		return nil, err
	}
	made := map[string]int{}
	for line := range strings.Lines(out) {
		name, rest, ok := strings.Cut(strings.TrimPrefix(line, "cmdstat_"), ":calls=")
		if !ok {
			continue
		}
		count, _, _ := strings.Cut(rest, ",")
		if made[name], err = strconv.Atoi(count); err != nil {
			return nil, fmt.Errorf("INFO commandstats: %w", err)
		}
	}
	return made, nil
}

// scan reads all keys as a script would, and returns how long that takes.
func scan(s *rig.Server, keys int) (time.Duration, error) {
	start := time.Now()
	out, err := exec.Command("sh", "-c", "redis-cli -p "+s.Port+" --scan | wc -l").Output()
	took := time.Since(start)
	if err != nil {
		return 0, fmt.Errorf("redis-cli --scan: %w", err)
	}
	if got := strings.TrimSpace(string(out)); got != strconv.Itoa(keys) {
		return 0, fmt.Errorf("redis-cli --scan found %s keys, not %d", got, keys)
	}
	return took, nil
}
