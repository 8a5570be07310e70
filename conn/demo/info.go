package demo

import (
	"fmt"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// section is one part of INFO.
type section struct {
	name   string
	fields func() []string // "name:value"
}

func (a *answers) sections() []section {
	return []section{
		{"Server", a.serverInfo},
		{"Demo", demoInfo},
		{"Clients", func() []string { return []string{fmt.Sprintf("connected_clients:%d", a.commands.ClientsLen())} }},
		{"Memory", memoryInfo},
		{"Persistence", func() []string { return []string{"loading:0", "rdb_bgsave_in_progress:0", "aof_enabled:0"} }},
		{"Stats", a.statsInfo},
		{"Replication", func() []string { return []string{"role:master", "connected_slaves:0"} }},
		{"Cluster", func() []string { return []string{"cluster_enabled:0"} }},
		{"Keyspace", a.keyspaceInfo},
	}
}

// info answers INFO [section ...]. What the demo does not measure is left out, not
// invented.
func (a *answers) info(peer *server.Peer, args []string) bool {
	var blocks []string
	for _, s := range a.sections() {
		if wanted(s.name, args) {
			lines := append([]string{"# " + s.name}, s.fields()...)
			blocks = append(blocks, strings.Join(lines, "\r\n")+"\r\n")
		}
	}
	peer.WriteBulk(strings.Join(blocks, "\r\n"))
	return true
}

func wanted(section string, args []string) bool {
	if len(args) == 0 {
		return true
	}
	for _, arg := range args {
		switch strings.ToLower(arg) {
		case "all", "default", "everything", strings.ToLower(section):
			return true
		}
	}
	return false
}

func (a *answers) serverInfo() []string {
	now := a.now()
	up := int(now.Sub(a.started).Seconds())
	return []string{
		"redis_version:" + emulated,
		"redis_mode:standalone",
		fmt.Sprintf("os:%s %s", runtime.GOOS, runtime.GOARCH),
		fmt.Sprintf("arch_bits:%d", 32<<(^uint(0)>>63)),
		fmt.Sprintf("process_id:%d", os.Getpid()),
		"tcp_port:" + a.port,
		fmt.Sprintf("server_time_usec:%d", now.UnixMicro()),
		fmt.Sprintf("uptime_in_seconds:%d", up),
		fmt.Sprintf("uptime_in_days:%d", up/86400),
		"executable:redan demo",
		"config_file:",
	}
}

func demoInfo() []string {
	return []string{
		"demo_server:miniredis",
		"demo_note:redan's demo with sample data; nothing is kept when it ends",
	}
}

// memoryInfo counts the whole process, since that is what the data lives in.
func memoryInfo() []string {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return []string{
		fmt.Sprintf("used_memory:%d", m.HeapAlloc),
		fmt.Sprintf("used_memory_human:%.2fM", float64(m.HeapAlloc)/(1<<20)),
		"maxmemory:0",
		"maxmemory_human:0B",
		"maxmemory_policy:noeviction",
		"mem_allocator:go",
	}
}

func (a *answers) statsInfo() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return []string{
		fmt.Sprintf("total_connections_received:%d", a.lastID),
		fmt.Sprintf("total_commands_processed:%d", a.processed),
	}
}

func (a *answers) keyspaceInfo() []string {
	var lines []string
	for i := range databases {
		db := a.redis.DB(i)
		keys := db.Keys()
		expires, total := 0, time.Duration(0)
		for _, key := range keys {
			if ttl := db.TTL(key); ttl > 0 {
				expires++
				total += ttl
			}
		}
		if len(keys) > 0 {
			average := total.Milliseconds() / int64(max(1, expires))
			lines = append(lines, fmt.Sprintf("db%d:keys=%d,expires=%d,avg_ttl=%d", i, len(keys), expires, average))
		}
	}
	return lines
}

// settings are the parameters of redis-server that have a meaning here.
func (a *answers) settings() [][2]string {
	return [][2]string{
		{"appendonly", "no"},
		{"cluster-enabled", "no"},
		{"databases", strconv.Itoa(databases)},
		{"maxmemory", "0"},
		{"maxmemory-policy", "noeviction"},
		{"port", a.port},
		{"requirepass", ""},
		{"save", ""},
	}
}

// config answers CONFIG GET, and says that there is nothing to set.
func (a *answers) config(peer *server.Peer, args []string) bool {
	if len(args) < 2 || !strings.EqualFold(args[0], "GET") {
		peer.WriteError("ERR the demo server knows CONFIG GET only")
		return true
	}
	var found [][2]string
	for _, setting := range a.settings() {
		if matchesAny(setting[0], args[1:]) {
			found = append(found, setting)
		}
	}
	peer.Block(func(w *server.Writer) {
		w.WriteMapLen(len(found))
		for _, setting := range found {
			w.WriteBulk(setting[0])
			w.WriteBulk(setting[1])
		}
	})
	return true
}

// matchesAny compares by the patterns of a shell, which for names without a slash
// are those of Redis.
func matchesAny(name string, patterns []string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(strings.ToLower(pattern), name); ok && err == nil {
			return true
		}
	}
	return false
}
