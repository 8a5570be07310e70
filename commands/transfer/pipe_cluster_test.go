package transfer_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"redan/commands/transfer"
	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

// clusterLoad is a load of a cluster in the making.
type clusterLoad struct {
	transfer.ClusterPipe
	told []string // errors
	sent atomic.Bool
}

var errState = errors.New("about its connection")

// newClusterLoad is a load into nodes that are reached over a network and known by a map.
func newClusterLoad(network conn.DialFunc, masters transfer.Masters, at func(node int) conn.Addr) *clusterLoad {
	l := &clusterLoad{}
	l.ClusterPipe = transfer.ClusterPipe{
		Patience: time.Minute, Now: time.Now, Masters: masters, Key: routed, Split: fields,
		OnError: func(e transfer.PipeError) { l.told = append(l.told, fmt.Sprintf("%d %.60s", e.Number, e.Text)) },
		OnSent:  func() { l.sent.Store(true) },
		Open: func(ctx context.Context, node int) (*conn.Session, error) {
			o := conn.Options{Host: at(node).Host, Port: at(node).Port}
			d, err := conn.NewDialer(o, network)
			if err != nil {
				return nil, err
			}
			return conn.Open(ctx, d, o)
		},
	}
	return l
}

// routed knows the keys of the commands in these tests.
func routed(words []string) (key string, keyed bool, err error) {
	at := 1
	switch name := strings.ToUpper(words[0]); name {
	case "MULTI", "SELECT":
		return "", false, errState
	case "PING", "INFO", "DBSIZE":
		return "", false, nil
	case "EVAL":
		at = 3
	case "OBJECT", "XREAD":
		at = 2
	}
	if at >= len(words) {
		return "", false, nil
	}
	return words[at], true, nil
}

// fields cuts a line without quotes.
func fields(line string) ([]string, error) {
	if strings.Contains(line, `"`) {
		return nil, errors.New("quotes")
	}
	return strings.Fields(line), nil
}

// ofCluster is a load into a real cluster.
func ofCluster(cluster *conntest.ClusterServers) *clusterLoad {
	return newClusterLoad(conn.System(), &truth{cluster: cluster, owners: map[string]int{}}, func(node int) conn.Addr {
		return addrOf(cluster.Nodes[node])
	})
}

func addrOf(s *conntest.Server) conn.Addr {
	return conn.Addr{Network: "tcp", Host: s.Host, Port: s.Port}
}

// truth is the map of a cluster as it was in the beginning, and what redirections say.
type truth struct {
	cluster *conntest.ClusterServers
	owners  map[string]int
}

func (m *truth) Owner(key string) (int, bool) {
	node, ok := m.owners[key]
	if !ok {
		node = slices.Index(m.cluster.Nodes, m.cluster.Node(key))
		m.owners[key] = node
	}
	return node, true
}

func (m *truth) Redirect(from int, answer string) (node int, asking, ok bool) {
	to, ok := conn.ParseRedirect([]byte(answer), addrOf(m.cluster.Nodes[from]))
	node = slices.IndexFunc(m.cluster.Nodes, func(s *conntest.Server) bool { return addrOf(s) == to.To })
	return node, to.Ask, ok && node >= 0
}

func (m *truth) Refresh(context.Context) error { return nil }

// lost is a map that is wrong for ever.
type lost struct{ transfer.Masters }

func (lost) Owner(string) (int, bool) { return 0, true }

// unknown is a map without anything on it.
type unknown struct{ transfer.Masters }

func (unknown) Owner(string) (int, bool) { return 0, false }

// rows are commands in both forms, numbered in the order of each of some lists.
func rows(dice *rand.Rand, name string, count, lists int) []byte {
	var input []byte
	for i := range count {
		words := []string{"RPUSH", name + strconv.Itoa(dice.IntN(lists)), strconv.Itoa(i)}
		if dice.IntN(2) == 0 {
			input = append(input, strings.Join(words, " ")+"\n"...)
		} else {
			input = resp.AppendCommand(input, words...)
		}
	}
	return input
}

// checkRows looks whether each list has its rows in order, and all have count together.
func checkRows(t *testing.T, where func(key string) *conntest.Server, name string, count, lists int) {
	t.Helper()
	total := 0
	for i := range lists {
		key := name + strconv.Itoa(i)
		all := strings.Fields(where(key).Do("LRANGE", key, "0", "-1"))
		total += len(all)
		last := -1
		for _, row := range all {
			n, err := strconv.Atoi(row)
			if err != nil || n <= last {
				t.Fatalf("%s: %q after %d", key, row, last)
			}
			last = n
		}
	}
	if total != count {
		t.Errorf("%d of %d rows", total, count)
	}
}

func TestClusterPipe(t *testing.T) {
	c := realCluster{conntest.Cluster(t, 3)}
	t.Run("order", c.testOrder)
	t.Run("replies", c.testReplies)
	t.Run("large values", c.testLargeValues)
	t.Run("endings", c.testEndings)
	t.Run("slots that move", c.testSlotsThatMove)
	t.Run("waiting", c.testWaiting)
	t.Run("a lost master", c.testLostMaster) // the last one
}

type realCluster struct{ *conntest.ClusterServers }

// Each command goes to its master, in the order of its key, whatever the map says.
func (cluster realCluster) testOrder(t *testing.T) {
	const count, lists = 5000, 20
	for name, know := range map[string]func(transfer.Masters) transfer.Masters{
		"a right map":  func(m transfer.Masters) transfer.Masters { return m },
		"a wrong map":  func(m transfer.Masters) transfer.Masters { return lost{m} },
		"an empty map": func(m transfer.Masters) transfer.Masters { return unknown{m} },
	} {
		t.Run(name, func(t *testing.T) {
			for _, node := range cluster.Nodes {
				node.Do("FLUSHALL")
			}
			l := ofCluster(cluster.ClusterServers)
			l.Masters = know(l.Masters)
			dice := rand.New(rand.NewPCG(1, 2))
			r := l.Run(t.Context(), &chunks{src: bytes.NewReader(rows(dice, "list:", count, lists)), dice: dice})
			if r.Ending != transfer.Complete || r.Replies != count || r.Commands != count || r.Errors != 0 || !l.sent.Load() {
				t.Errorf("%s (%v): %+v, %q", r.Ending, r.Err, r.PipeProgress, l.told[:min(len(l.told), 3)])
			}
			checkRows(t, cluster.Node, "list:", count, lists)
		})
	}
}

// Replies of all kinds are counted, and errors told in the order of the input.
func (cluster realCluster) testReplies(t *testing.T) {
	for _, node := range cluster.Nodes {
		node.Do("FLUSHALL")
		node.Do("CONFIG", "RESETSTAT")
	}
	l := ofCluster(cluster.ClusterServers)
	l.Keyless = 1
	input := []byte("\r\nSET {a} 1\n*0\r\nLPUSH {a} x\nSET {b} 2\r\n  \nLPUSH {b} x\nLPUSH {a} y\nMSET {a} 1 {b} 2\nDBSIZE\nINFO\nnosuch {a} b\n")
	input = resp.AppendCommand(input, "EVAL", "return {1,{redis.call('get',KEYS[1])},redis.error_reply('in it')}", "1", "{b}")
	input = append(input, "XREAD STREAMS {a} 0\nOBJECT ENCODING {b}\nGET\n"...)
	input = resp.AppendCommand(input, "EVAL", "return redis.error_reply(string.rep('x', 100000))", "0")
	input = append(input, "*2\r\n$3\r\nGET\r\n$3\r\n{b}\r\nSET {c} 3"...)
	r := l.Run(t.Context(), bytes.NewReader(input))
	want := []string{"2 WRONGTYPE", "4 WRONGTYPE", "5 WRONGTYPE", "6 CROSSSLOT", "9 ERR unknown command", "11 WRONGTYPE", "13 ERR wrong number", "14 ERR xxxxxx"}
	if r.Ending != transfer.Complete || r.Replies != 16 || r.Commands != 16 || len(l.told) != len(want) {
		t.Fatalf("%s (%v): %+v, %q", r.Ending, r.Err, r.PipeProgress, l.told[:min(len(l.told), 3)])
	}
	for i, text := range l.told {
		if !strings.HasPrefix(text, want[i]) {
			t.Errorf("error %d: %q, want %q", i, text, want[i])
		}
	}
	if got := cluster.Node("{c}").Do("GET", "{c}"); got != "3" {
		t.Errorf("the last line, without a line break: %q", got)
	}
	if stats := cluster.Nodes[1].Do("INFO", "commandstats"); !strings.Contains(stats, "cmdstat_dbsize:calls=1,") {
		t.Errorf("DBSIZE went to another master: %s", stats)
	}
}

// A value larger than a round is sent whole, and to another master when it is redirected.
func (cluster realCluster) testLargeValues(t *testing.T) {
	l := ofCluster(cluster.ClusterServers)
	l.Masters = lost{l.Masters}
	value := strings.Repeat("0123456789", 1<<20)
	var input []byte
	for _, key := range []string{"a", "b", "c", "d"} {
		input = resp.AppendCommand(input, "SET", key, value)
		input = resp.AppendCommand(input, "APPEND", key, "!")
	}
	r := l.Run(t.Context(), bytes.NewReader(input))
	if r.Ending != transfer.Complete || r.Errors != 0 || r.Replies != 8 {
		t.Errorf("%s (%v): %+v, %q", r.Ending, r.Err, r.PipeProgress, l.told[:min(len(l.told), 3)])
	}
	for _, key := range []string{"a", "b", "c", "d"} {
		if got := cluster.Node(key).Do("STRLEN", key); got != strconv.Itoa(len(value)+1) {
			t.Errorf("%s: %s bytes", key, got)
		}
	}
}

// What ends a load before its input ends says from where on nothing was sent, and what came before is answered.
func (cluster realCluster) testEndings(t *testing.T) {
	broken := errors.New("input/output error")
	for _, c := range []struct {
		name, input string
		fails       error
		want        transfer.Ending
		replies     int64
		command     int64 // that cannot be sent
		sent        bool
	}{
		{name: "nothing", want: transfer.Complete, sent: true},
		{name: "blank lines", input: strings.Repeat("\r\n", 1<<20), want: transfer.Complete, sent: true},
		{name: "transaction", input: "SET a 1\nSET b 1\nmulti\nSET c 1\nEXEC\n", want: transfer.Unsendable, replies: 2, command: 3},
		{name: "another database", input: "SELECT 1\n", want: transfer.Unsendable, command: 1},
		{name: "no commands", input: "SET a 1\n*1\r\nPING\r\n", want: transfer.Unsendable, replies: 1, command: 2},
		{name: "no number", input: "SET a 1\n*x\r\n", want: transfer.Unsendable, replies: 1, command: 2},
		{name: "a number without end", input: "SET a 1\n*" + strings.Repeat("1", 100), want: transfer.Unsendable, replies: 1, command: 2},
		{name: "open quotes", input: "SET a 1\nSET b \"x\nSET c 1\n", want: transfer.Unsendable, replies: 1, command: 2},
		{name: "cut", input: "SET a 1\n*2\r\n$3\r\nGET\r\n$5\r\nab", want: transfer.Truncated, replies: 1, sent: true},
		{name: "cut before a number", input: "SET a 1\n*", want: transfer.Truncated, replies: 1, sent: true},
		{name: "cut in a number", input: "SET a 1\n*2", want: transfer.Truncated, replies: 1, sent: true},
		{name: "no line break", input: "SET a 1\n*2\r\n$3\r\nGET\r\n$1\r\na", want: transfer.Complete, replies: 2, sent: true},
		{name: "half a line break", input: "SET a 1\n*2\r\n$3\r\nGET\r\n$1\r\na\r", want: transfer.Complete, replies: 2, sent: true},
		{name: "broken input", input: "SET a 1\nSET b 1\nSET", fails: broken, want: transfer.Unreadable, replies: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := ofCluster(cluster.ClusterServers)
			var input io.Reader = strings.NewReader(c.input)
			if c.fails != nil {
				input = io.MultiReader(input, failing{c.fails})
			}
			r := l.Run(t.Context(), input)
			unsendable, _ := errors.AsType[*transfer.UnsendableError](r.Err)
			if r.Ending != c.want || r.Replies != c.replies || l.sent.Load() != c.sent || (unsendable != nil) != (c.command > 0) {
				t.Fatalf("%s (%v): %+v, sent %t", r.Ending, r.Err, r.PipeProgress, l.sent.Load())
			}
			if unsendable != nil && unsendable.Command != c.command {
				t.Errorf("command %d: %v", unsendable.Command, unsendable)
			}
			if c.fails != nil && !errors.Is(r.Err, c.fails) {
				t.Errorf("%v", r.Err)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Slots move to another master while rows come: each is there once, and in order.
func (cluster realCluster) testSlotsThatMove(t *testing.T) {
	const count, lists = 40_000, 6
	l := ofCluster(cluster.ClusterServers)
	input := &until{src: bytes.NewReader(rows(rand.New(rand.NewPCG(3, 4)), "row:", count, lists)), more: make(chan struct{})}
	done := make(chan transfer.PipeReport)
	go func() { done <- l.Run(t.Context(), input) }()
	moved := map[string]*conntest.Server{}
	for i := range lists {
		key := "row:" + strconv.Itoa(i)
		from := cluster.Node(key)
		moved[key] = cluster.Nodes[(slices.Index(cluster.Nodes, from)+1)%len(cluster.Nodes)]
		moveSlot(from, moved[key], key, func() {
			before := l.Progress().Commands
			input.more <- struct{}{}
			conntest.Eventually(t, time.Minute, "what has come is answered", func() bool {
				p := l.Progress()
				return p.Commands > before && p.Replies == p.Commands
			})
		})
	}
	close(input.more)
	if r := <-done; r.Ending != transfer.Complete || r.Replies != count || r.Errors != 0 {
		t.Errorf("%s (%v): %+v, %q", r.Ending, r.Err, r.PipeProgress, l.told[:min(len(l.told), 3)])
	}
	checkRows(t, func(key string) *conntest.Server { return moved[key] }, "row:", count, lists)
}

// until gives a little of src each time that more comes, and all of the rest when that is closed.
type until struct {
	src  io.Reader
	more chan struct{}
}

func (u *until) Read(b []byte) (int, error) {
	if _, waiting := <-u.more; waiting {
		b = b[:min(len(b), 5000)]
	}
	return u.src.Read(b)
}

// moveSlot moves the slot of a key to another master; between is called at each step.
func moveSlot(from, to *conntest.Server, key string, between func()) {
	slot := from.Do("CLUSTER", "KEYSLOT", key)
	between()
	to.Do("CLUSTER", "SETSLOT", slot, "IMPORTING", from.Do("CLUSTER", "MYID"))
	between()
	from.Do("CLUSTER", "SETSLOT", slot, "MIGRATING", to.Do("CLUSTER", "MYID"))
	between()
	from.Do("MIGRATE", to.Host, strconv.Itoa(to.Port), key, "0", "5000")
	between()
	for _, node := range []*conntest.Server{to, from} {
		node.Do("CLUSTER", "SETSLOT", slot, "NODE", to.Do("CLUSTER", "MYID"))
		between()
	}
}

// A master that goes away is named; what it was sent may or may not have been run, and the others' replies count.
func (cluster realCluster) testLostMaster(t *testing.T) {
	l := ofCluster(cluster.ClusterServers)
	gone := cluster.Node("a")
	input := &until{src: &endless{text: "SET a 1\nSET b 1\n", size: 64 << 20}, more: make(chan struct{})}
	done := make(chan transfer.PipeReport)
	go func() { done <- l.Run(t.Context(), input) }()
	input.more <- struct{}{}
	conntest.Eventually(t, time.Minute, "some are answered", func() bool { return l.Progress().Replies > 0 })
	gone.Kill()
	close(input.more)
	r := <-done
	if r.Ending != transfer.Lost || r.Err == nil || !strings.Contains(r.Err.Error(), gone.Addr()) || r.Unanswered() == 0 || l.sent.Load() {
		t.Errorf("%s (%v): %+v, sent %t", r.Ending, r.Err, r.PipeProgress, l.sent.Load())
	}
	l = ofCluster(cluster.ClusterServers)
	if r = l.Run(t.Context(), strings.NewReader("SET b 1\nSET a 1\n")); r.Ending != transfer.Lost || !strings.Contains(r.Err.Error(), gone.Addr()) {
		t.Errorf("not there from the beginning: %s (%v)", r.Ending, r.Err)
	}
}

// Silence is borne for a while once the input has ended, and Ctrl-C ends it at any time.
func (cluster realCluster) testWaiting(t *testing.T) {
	cluster.Node("a").Do("CLIENT", "PAUSE", "100000", "WRITE")
	defer cluster.Node("a").Do("CLIENT", "UNPAUSE")
	l := ofCluster(cluster.ClusterServers)
	l.Patience = 200 * time.Millisecond
	if r := l.Run(t.Context(), strings.NewReader("SET b 1\nSET a 1\n")); r.Ending != transfer.Silent || r.Replies != 1 || r.Unanswered() != 1 || !l.sent.Load() {
		t.Errorf("%s (%v): %+v, sent %t", r.Ending, r.Err, r.PipeProgress, l.sent.Load())
	}
	for name, input := range map[string]io.Reader{
		"for a master": strings.NewReader("SET b 1\nSET a 1\n"),
		"for input":    waiting(t, "SET b 1\n"),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		l = ofCluster(cluster.ClusterServers)
		l.Patience = 0
		done := make(chan transfer.PipeReport)
		go func() { done <- l.Run(ctx, input) }()
		conntest.Eventually(t, time.Minute, "it is sent", func() bool { return l.Progress().Bytes > 0 })
		cancel()
		if r := <-done; r.Ending != transfer.Stopped || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("waiting %s: %s (%v)", name, r.Ending, r.Err)
		}
	}
}

// answering is a network on which every node gives the same answer to everything.
func answering(answer func(request int) string) conn.DialFunc {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			requests := bufio.NewReader(theirs)
			for i := 0; ; i++ {
				if _, err := requests.ReadString('\n'); err != nil {
					return
				}
				if _, err := io.WriteString(theirs, answer(i)); err != nil {
					return
				}
			}
		}()
		return ours, nil
	}
}

// fakeMasters are two that send everything to each other.
type fakeMasters struct{ refreshed int }

func (*fakeMasters) Owner(string) (int, bool) { return 0, true }

func (*fakeMasters) Redirect(from int, answer string) (int, bool, bool) {
	return 1 - from, strings.HasPrefix(answer, "ASK"), strings.HasSuffix(answer, ":1")
}

func (m *fakeMasters) Refresh(context.Context) error { m.refreshed++; return nil }

// What a cluster says that is not well: it is asked again for a while, and then that is the reply.
func TestClusterPipeUnwell(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(request int) string
		errors int64
		took   time.Duration
	}{
		{name: "masters that do not agree", answer: func(int) string { return "-MOVED 1 h:1\r\n" }, errors: 2},
		{name: "a redirection to nowhere", answer: func(int) string { return "-MOVED 1 h\r\n" }, errors: 2},
		{name: "it recovers", answer: func(i int) string {
			if i < 20 {
				return "-CLUSTERDOWN Hash slot not served\r\n"
			}
			return "+OK\r\n"
		}, took: time.Second},
		{name: "it does not", answer: func(int) string { return "-TRYAGAIN Multiple keys request\r\n" }, errors: 2, took: 5 * time.Second},
		{name: "it pushes", answer: func(int) string { return ">1\r\n+x\r\n|1\r\n+a\r\n+b\r\n*1\r\n-ERR in it\r\n" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				masters := &fakeMasters{}
				l := newClusterLoad(answering(c.answer), masters, func(node int) conn.Addr { return conn.Addr{Host: "h", Port: 1 + node} })
				r := l.Run(t.Context(), strings.NewReader("SET a 1\nSET b 1\n"))
				if r.Ending != transfer.Complete || r.Errors != c.errors || r.Replies != 2 || r.Elapsed.Round(100*time.Millisecond) != c.took {
					t.Errorf("%s (%v): %+v after %v, %q", r.Ending, r.Err, r.PipeProgress, r.Elapsed, l.told)
				}
			})
		})
	}
}
