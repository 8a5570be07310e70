package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// server is a redis-server of our own.
type server struct {
	cmd    *exec.Cmd
	port   string
	folder string
}

// startServer starts an empty server.
func startServer() (*server, error) {
	var failures error
	for range 5 {
		s, err := tryServer()
		if err == nil {
			return s, nil
		}
		failures = errors.Join(failures, err)
	}
	return nil, failures
}

func tryServer() (*server, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err := errors.Join(err, free.Close()); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "redan-bench")
	if err != nil {
		return nil, err
	}
	s := &server{port: port, folder: folder}
	s.cmd = exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no")
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if info, err := s.cli("info", "server"); err == nil && strings.Contains(info, fmt.Sprintf("process_id:%d\r", s.cmd.Process.Pid)) {
			return s, nil
		}
	}
	s.close()
	return nil, fmt.Errorf("redis-server did not start on port %s", port)
}

func (s *server) addr() string { return net.JoinHostPort("127.0.0.1", s.port) }

func (s *server) close() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = os.RemoveAll(s.folder)
}

// cli runs redis-cli and returns what it prints.
func (s *server) cli(args ...string) (string, error) {
	out, err := exec.Command("redis-cli", append([]string{"-p", s.port}, args...)...).Output()
	if err != nil {
		return "", fmt.Errorf("redis-cli %s: %w", strings.Join(args[:1], " "), err)
	}
	return string(out), nil
}

// fillScript makes keys as people name them, 27 bytes long on average: the length is what a key costs most.
const fillScript = `for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
	local kind = i % 4
	if kind == 0 then redis.call('SET', string.format('orders:2026:%02d:%07d', i % 12 + 1, i), i)
	elseif kind == 1 then redis.call('SET', 'session:' .. redis.sha1hex(i):sub(1, 32), i)
	elseif kind == 2 then redis.call('SET', string.format('user:%d:profile', i), i)
	else redis.call('SET', string.format('cache:page:/articles/%d/%d', i % 1000, i), i) end
end`

// fill makes the server hold so many keys and no others.
func (s *server) fill(keys int) error {
	if _, err := s.cli("flushall"); err != nil {
		return err
	}
	const step = 100_000 // a script holds everything else up
	for from := 1; from <= keys; from += step {
		if out, err := s.cli("eval", fillScript, "0", strconv.Itoa(from), strconv.Itoa(min(keys, from+step-1))); err != nil || strings.TrimSpace(out) != "" {
			return fmt.Errorf("filling the server: %s %w", out, err)
		}
	}
	if out, err := s.cli("dbsize"); err != nil || strings.TrimSpace(out) != strconv.Itoa(keys) {
		return fmt.Errorf("the server has %s keys, not %d: %w", strings.TrimSpace(out), keys, err)
	}
	return nil
}

// calls counts the commands that the server has run, by name. Those of the counting itself are left out.
func (s *server) calls() (map[string]int, error) {
	out, err := s.cli("info", "commandstats")
	if err != nil {
		return nil, err
	}
	calls := map[string]int{}
	for line := range strings.Lines(out) {
		name, rest, ok := strings.Cut(strings.TrimPrefix(line, "cmdstat_"), ":calls=")
		if !ok {
			continue
		}
		count, _, _ := strings.Cut(rest, ",")
		if calls[name], err = strconv.Atoi(count); err != nil {
			return nil, fmt.Errorf("INFO commandstats: %w", err)
		}
	}
	return calls, nil
}

// scan reads all keys as a script would, and returns how long that takes.
func (s *server) scan(keys int) (time.Duration, error) {
	start := time.Now()
	out, err := exec.Command("sh", "-c", "redis-cli -p "+s.port+" --scan | wc -l").Output()
	took := time.Since(start)
	if err != nil {
		return 0, fmt.Errorf("redis-cli --scan: %w", err)
	}
	if got := strings.TrimSpace(string(out)); got != strconv.Itoa(keys) {
		return 0, fmt.Errorf("redis-cli --scan found %s keys, not %d", got, keys)
	}
	return took, nil
}
