package guard_test

import (
	"slices"
	"strings"
	"testing"

	"redan/commands"
	"redan/commands/guard"
)

func table(t testing.TB) *commands.Table {
	t.Helper()
	embedded, err := commands.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return embedded
}

// decisions is what read-only (r) and production (p) do with a command: + allows, ? asks, - refuses.
const decisions = `
r+ p+  GET k
r+ p+  get k
r+ p+  MGET a b c
r+ p+  HGETALL h
r+ p+  SCAN 0
r+ p+  PING
r+ p+  INFO
r+ p+  TIME
r+ p+  ROLE
r+ p+  LASTSAVE
r+ p+  SELECT 1
r+ p+  AUTH u p
r+ p+  HELLO 3
r+ p+  MULTI
r+ p+  EXEC
r+ p+  WATCH k
r+ p+  SUBSCRIBE c
r+ p+  PUBSUB CHANNELS
r+ p+  PFCOUNT k
r+ p+  OBJECT ENCODING k
r+ p+  MEMORY USAGE k
r+ p+  XINFO STREAM s
r+ p+  CLIENT LIST
r+ p+  CLIENT ID
r+ p+  CONFIG GET maxmemory
r+ p+  SLOWLOG GET 10
r+ p+  LATENCY DOCTOR
r+ p+  CLUSTER NODES
r+ p+  ACL WHOAMI
r+ p+  ACL LIST
r+ p+  COMMAND DOCS get
r+ p+  SORT_RO l
r+ p+  EVAL_RO s 0
r+ p+  FCALL_RO f 0
r+ p+  FUNCTION LIST
r+ p+  SCRIPT EXISTS sha
r+ p?  MONITOR
r+ p?  KEYS *
r- p+  SET k v
r- p+  EXPIRE k 10
r- p+  LPUSH l v
r- p+  GETEX k
r- p+  SORT l
r- p+  SORT l STORE d
r+ p+  ACL LOG
r+ p+  ACL LOG 10
r- p?  ACL LOG RESET
r- p+  XREADGROUP GROUP g c STREAMS s >
r- p+  BLPOP l 0
r- p+  PUBLISH c m
r- p+  EVAL s 0
r- p+  EVALSHA sha 0
r- p+  FCALL f 0
r- p+  SCRIPT LOAD s
r- p?  SCRIPT FLUSH
r- p?  FUNCTION FLUSH
r- p?  DEL k
r- p?  UNLINK a b
r- p+  GETDEL k
r- p?  FLUSHALL
r- p?  FLUSHDB ASYNC
r- p?  SWAPDB 0 1
r- p?  RESTORE k 0 v
r- p?  MIGRATE h 1 k 0 1
r- p?  CONFIG SET maxmemory 1
r- p?  CONFIG RESETSTAT
r- p?  ACL SETUSER u
r- p?  CLIENT KILL ID 1
r- p?  CLIENT PAUSE 1000
r- p?  DEBUG SLEEP 1
r- p?  SHUTDOWN
r- p?  REPLICAOF NO ONE
r- p?  CLUSTER FAILOVER
r- p?  SAVE
r- p?  BGSAVE
r- p?  MODULE LOAD m
r- p?  LATENCY RESET
r- p?  ACL FROBNICATE
r- p?  FROBNICATE k
r- p?  JSON.SET k $ 1
r- p?  MSET a 1 b 1 c 1 d 1 e 1 f 1 g 1 h 1 i 1 j 1 k 1
r- p+  MSET a 1 b 1
`

func TestDecisions(t *testing.T) {
	known := table(t)
	signs := map[byte]guard.Decision{'+': guard.Allow, '?': guard.Confirm, '-': guard.Refuse}
	for line := range strings.Lines(strings.TrimSpace(decisions)) {
		fields := strings.Fields(line)
		words := fields[2:]
		for want, policy := range map[string]guard.Policy{fields[0]: {ReadOnly: true}, fields[1]: {Production: true}} {
			verdict := policy.Judge(known, words)
			if verdict.Decision != signs[want[1]] {
				t.Errorf("%q with %+v: %+v, want %s", words, policy, verdict, want)
			}
			if (verdict.Reason == "") != (verdict.Decision == guard.Allow) {
				t.Errorf("%q: a reason belongs to what is not allowed: %+v", words, verdict)
			}
		}
		both := guard.Policy{ReadOnly: true, Production: true}.Judge(known, words)
		if fields[0] == "r-" && both.Decision != guard.Refuse {
			t.Errorf("%q: production softens read-only: %+v", words, both)
		}
	}
}

// TestNothingKnown holds that without a table, as on a server that refuses COMMAND, nothing passes read-only.
func TestNothingKnown(t *testing.T) {
	if v := (guard.Policy{ReadOnly: true}).Judge(&commands.Table{}, []string{"GET", "k"}); v.Decision != guard.Refuse {
		t.Error(v)
	}
	if v := (guard.Policy{}).Judge(&commands.Table{}, []string{"FLUSHALL"}); v.Decision != guard.Allow {
		t.Error(v)
	}
	if v := (guard.Policy{ReadOnly: true, Production: true}).Judge(table(t), nil); v.Decision != guard.Allow {
		t.Error(v)
	}
}

func TestInstead(t *testing.T) {
	known := table(t)
	for line, want := range map[string]string{
		"KEYS a*": "SCAN 0 MATCH a* COUNT 1000", "DEL k": "", "FLUSHALL": "",
	} {
		if v := (guard.Policy{Production: true}).Judge(known, strings.Fields(line)); v.Instead != want {
			t.Errorf("%s: %+v", line, v)
		}
	}
	for line, want := range map[string]string{"EVAL s 0": "EVAL_RO", "fcall f 0": "FCALL_RO", "SORT l": "SORT_RO", "SET k v": ""} {
		if v := (guard.Policy{ReadOnly: true}).Judge(known, strings.Fields(line)); v.Instead != want {
			t.Errorf("%s: %+v", line, v)
		}
	}
}

func TestExceptions(t *testing.T) {
	known := table(t)
	for _, test := range []struct {
		exception, line string
		want            guard.Decision
	}{
		{"DEL", "DEL k", guard.Allow},
		{"del", "del k", guard.Allow},
		{"DEL", "UNLINK k", guard.Confirm},
		{"config set", "CONFIG SET a b", guard.Allow},
		{"CONFIG", "CONFIG SET a b", guard.Allow},
		{"CONFIG SET", "CONFIG REWRITE", guard.Confirm},
		{"@admin", "CONFIG SET a b", guard.Allow},
		{"@ADMIN", "FLUSHALL", guard.Confirm},
		{"JSON.DEL", "json.del k", guard.Allow},
		{"", "DEL k", guard.Confirm},
	} {
		p := guard.Policy{Production: true, Exceptions: []string{test.exception}}
		if v := p.Judge(known, strings.Fields(test.line)); v.Decision != test.want {
			t.Errorf("%q with %q: %+v", test.line, test.exception, v)
		}
		p.ReadOnly = true
		if v := p.Judge(known, strings.Fields(test.line)); v.Decision != guard.Refuse {
			t.Errorf("%q: an exception softens read-only: %+v", test.line, v)
		}
	}
}

func TestCheckException(t *testing.T) {
	known := table(t)
	for exception, good := range map[string]bool{
		"DEL": true, "config set": true, "CONFIG": true, "@write": true, "FT.DROPINDEX": true, "@wrote": false, "DEL k": false, "a b c": false,
	} {
		if err := guard.CheckException(known, exception); (err == nil) != good {
			t.Errorf("%q: %v", exception, err)
		}
	}
}

func TestMeasure(t *testing.T) {
	known := table(t)
	for line, want := range map[string]string{
		"HGETALL h": "HLEN h", "hkeys h": "HLEN h", "SMEMBERS s": "SCARD s", "LRANGE l 0 -1": "LLEN l", "LRANGE l 0 10": "",
		"LRANGE l -10 -1": "", "LRANGE l 0 100000": "LLEN l", "ZRANGE z 0 -1 WITHSCORES": "ZCARD z", "ZRANGE z (1 5 BYSCORE": "ZCARD z",
		"XRANGE s - +": "XLEN s", "XRANGE s - + COUNT 10": "", "GET k": "", "HGET h f": "", "SRANDMEMBER s": "", "HRANDFIELD h": "",
		"SET k v": "", "HGETALL": "", "": "", "FROBNICATE k": "",
	} {
		question, ok := guard.Measure(known, strings.Fields(line))
		if got := strings.Join(question, " "); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// TestEveryCommandReadOnly goes through the whole table: what the server flags as a write or as an administrator's is never taken for
// reading, but for the sub-commands that only tell something.
func TestEveryCommandReadOnly(t *testing.T) {
	known := table(t)
	var telling []string
	for _, cmd := range known.Commands() {
		words := append(strings.Fields(cmd.Name), "a", "b", "c")
		if guard.ClassOf(known, words) != guard.Reads {
			continue
		}
		if cmd.Writes() {
			t.Errorf("%s writes and passes", cmd.Name)
		}
		if cmd.HasFlag("admin") {
			telling = append(telling, cmd.Name)
		}
	}
	want := strings.Split(admins, ",")
	if !slices.Equal(telling, want) {
		t.Errorf("administrators' commands that pass as reading:\n%s\nwant\n%s", strings.Join(telling, ","), admins)
	}
}

// admins are the commands flagged "admin" that tell something and change nothing.
const admins = "ACL DRYRUN,ACL GETUSER,ACL LIST,ACL USERS,CLIENT LIST,CLUSTER COUNT-FAILURE-REPORTS,CLUSTER REPLICAS,CLUSTER SLAVES," +
	"CONFIG GET,LATENCY DOCTOR,LATENCY GRAPH,LATENCY HISTOGRAM,LATENCY HISTORY,LATENCY LATEST,MODULE LIST,MONITOR,SLOWLOG GET,SLOWLOG LEN"
