package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"redan/bench/rig"
)

// The files for standard input.
const (
	setsLines = "sets.txt"
	pipeLines = "pipe.txt"
	pipeRESP  = "pipe.resp"
)

func commandsGround(s sizes) func(*lab) error {
	return func(l *lab) error {
		files, err := certificates(l.folder)
		if err != nil {
			return err
		}
		l.names["ca"] = files.CA
		if err := l.serve(rig.StartTLSServer(files)); err != nil {
			return err
		}
		if err := l.write(setsLines, s.sets, func(w io.Writer, i int) { _, _ = fmt.Fprintf(w, "SET bench:%d value-%d\n", i, i) }); err != nil {
			return err
		}
		_, err = l.server.CLI("eval", "for i = 1, ARGV[1] do redis.call('RPUSH', KEYS[1], 'element:' .. i) end", "1", "bench:list", strconv.Itoa(s.elements))
		return err
	}
}

func pipeGround(s sizes) func(*lab) error {
	return func(l *lab) error {
		if err := l.serve(rig.StartServer()); err != nil {
			return err
		}
		l.names["keys"] = strconv.Itoa(s.keys)
		if err := l.write(pipeLines, s.keys, func(w io.Writer, i int) {
			_, _ = fmt.Fprintf(w, "SET session:%07d value-of-session-%d\n", i, i)
		}); err != nil {
			return err
		}
		return l.write(pipeRESP, s.keys, func(w io.Writer, i int) {
			value := "value-of-session-" + strconv.Itoa(i)
			_, _ = fmt.Fprintf(w, "*3\r\n$3\r\nSET\r\n$15\r\nsession:%07d\r\n$%d\r\n%s\r\n", i, len(value), value)
		})
	}
}

// emptied takes away what an earlier run loaded.
func emptied(l *lab) error {
	_, err := l.server.CLI("flushall")
	return err
}

// keysThere is how many keys were loaded. All of them must be, or neither program has done its work.
func keysThere(l *lab) (string, error) {
	size, err := l.server.CLI("dbsize")
	if size = strings.TrimSpace(size); err == nil && size != l.names["keys"] {
		err = fmt.Errorf("%s keys are there, not %s", size, l.names["keys"])
	}
	return size, err
}

func keyspaceGround(s sizes) func(*lab) error {
	return func(l *lab) error {
		// Counters that stay as they are, so that both programs find the same hot keys.
		if err := l.serve(rig.StartServer("--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0")); err != nil {
			return err
		}
		return l.server.Fill(mixScript, s.keys)
	}
}

// trip is what the slow way takes.
const trip = time.Millisecond

func farGround(s sizes) func(*lab) error {
	return func(l *lab) error {
		if err := l.serve(rig.StartServer()); err != nil {
			return err
		}
		if err := l.server.Fill(mixScript, s.far); err != nil {
			return err
		}
		relay, err := rig.NewRelay(l.server.Addr(), trip)
		if err != nil {
			return err
		}
		l.relay = relay
		took, err := rig.RoundTrip(relay.Addr(), 200)
		if err != nil {
			return err
		}
		if _, l.names["port"], err = net.SplitHostPort(relay.Addr()); err != nil {
			return err
		}
		l.note = fmt.Sprintf(" 1 ms away: a PING took %.2f ms.", took.Seconds()*1000)
		return nil
	}
}

// snapshotValue is how long the values of the snapshot are, and snapshotBlock what they are cut out of.
const (
	snapshotValue = 4 << 10
	snapshotBlock = 96 << 10 // more is too much for an argument
)

func snapshotGround(s sizes) func(*lab) error {
	return func(l *lab) error {
		// A replica is served at once, from memory to the connection.
		if err := l.serve(rig.StartServer("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0")); err != nil {
			return err
		}
		block, random := make([]byte, snapshotBlock), rand.New(rand.NewPCG(1, 2))
		for i := range block {
			block[i] = byte('!' + random.IntN('~'-'!'))
		}
		keys := s.snapshot << 20 / snapshotValue
		return l.server.Fill(sliceScript, keys, string(block), strconv.Itoa(snapshotValue))
	}
}

// noDump makes ready for a snapshot: no file, and a server that is done with the last one.
func noDump(l *lab) error {
	if err := os.Remove(l.names["dump"]); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		info, err := l.server.CLI("info")
		if err != nil {
			return err
		}
		if strings.Contains(info, "rdb_bgsave_in_progress:0") && strings.Contains(info, "connected_slaves:0") {
			return nil
		}
	}
	return errors.New("the server is still busy with an earlier snapshot")
}

// wholeDump has redis' own checker read the file: it must be whole and have all keys.
func wholeDump(l *lab) (string, error) {
	out, err := exec.Command("redis-check-rdb", l.names["dump"]).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("redis-check-rdb: %w\n%s", err, out)
	}
	size, err := l.server.CLI("dbsize")
	if err != nil {
		return "", err
	}
	for _, want := range []string{"Checksum OK", "] " + strings.TrimSpace(size) + " keys read"} {
		if !strings.Contains(string(out), want) {
			return "", fmt.Errorf("redis-check-rdb does not say %q of the snapshot:\n%s", want, out)
		}
	}
	return size, nil
}
