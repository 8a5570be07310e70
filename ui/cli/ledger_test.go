package cli

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
	"redan/ui/format"
)

// TestLedger holds when nothing more is to come on a connection that was
// subscribed to something.
func TestLedger(t *testing.T) {
	const (
		subA, subB     = "*3 $subscribe $a :1", "*3 $subscribe $b :2"
		unsubA, unsubB = "*3 $unsubscribe $a :1", "*3 $unsubscribe $b :0"
		message        = "*3 $message $a $text"
	)
	for name, test := range map[string]struct {
		begin string
		// what is sent (>), what comes (<), end of input, quit; the last step, and only that, settles it
		steps []string
	}{
		"unsubscribed, then the end":     {"subscribe a", []string{"> unsubscribe a", "< *3 $unsubscribe $a :0", "end"}},
		"the end, then unsubscribed":     {"subscribe a", []string{"> unsubscribe a", "end", "< *3 $unsubscribe $a :0"}},
		"messages in between":            {"subscribe a", []string{"< " + message, "> unsubscribe a", "end", "< " + message, "< *3 $unsubscribe $a :0"}},
		"two confirmations to come":      {"subscribe a b", []string{"> unsubscribe a b", "end", "< " + subB, "< " + unsubA, "< " + unsubB}},
		"a command behind":               {"subscribe a", []string{"> unsubscribe a", "> get k", "end", "< *3 $unsubscribe $a :0", "< $v"}},
		"a command in RESP3":             {"subscribe a", []string{"> get k", "> unsubscribe a", "end", "< >3 $message $a $x", "< $v", "< >3 $unsubscribe $a :0"}},
		"another push":                   {"subscribe a", []string{"> get k", "> unsubscribe a", "end", "< >2 $invalidate *1 $k", "< >3 $unsubscribe $a :0", "< $v"}},
		"a refused command":              {"subscribe a", []string{"> get k", "> unsubscribe a", "end", "< -ERR Can't execute 'get'", "< *3 $unsubscribe $a :0"}},
		"a refused subscription":         {"subscribe a", []string{"> subscribe x y z", "> unsubscribe a", "end", "< -NOPERM no", "< *3 $unsubscribe $a :0"}},
		"unsubscribe from everything":    {"subscribe a b", []string{"< " + subB, "> unsubscribe", "end", "< " + unsubA, "< " + unsubB}},
		"and a command":                  {"subscribe a b", []string{"< " + subB, "> unsubscribe", "> ping", "end", "< " + unsubA, "< " + unsubB, "< +PONG"}},
		"and patterns":                   {"subscribe a", []string{"> psubscribe p", "> unsubscribe", "> punsubscribe", "end", "< *3 $psubscribe $p :2", "< " + unsubA, "< *3 $punsubscribe $p :0"}},
		"from everything, refused":       {"subscribe a", []string{"> unsubscribe", "> unsubscribe a", "end", "< -NOPERM no", "< *3 $unsubscribe $a :0"}},
		"quit while subscribed":          {"subscribe a", []string{"quit"}},
		"quit waits for what is owed":    {"subscribe a", []string{"> ping", "quit", "< " + message, "< *2 $pong $"}},
		"reset":                          {"subscribe a", []string{"> reset", "end", "< +RESET"}},
		"reset and a command":            {"subscribe a", []string{"> reset", "> get k", "end", "< " + message, "< +RESET", "< $v"}},
		"an array that is no message":    {"subscribe a", []string{"> unsubscribe a", "> lrange l 0 1", "end", "< *3 $unsubscribe $a :0", "< *2 $x $y"}},
		"a text that looks like a reset": {"subscribe a", []string{"> echo RESET", "> unsubscribe a", "end", "< $RESET", "< *3 $unsubscribe $a :0"}},
		"monitor, reset":                 {"monitor", []string{"> reset", "end", "< +1.2 [0 h:1] \"get\" \"x\"", "< +RESET"}},
		"monitor, quit":                  {"monitor", []string{"< +1.2 [0 h:1] \"get\" \"x\"", "quit"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(strings.Fields(test.begin))
			for i, step := range test.steps {
				if l.settled() {
					t.Fatalf("settled before %q", step)
				}
				switch words := strings.Fields(step); words[0] {
				case ">":
					l.sending(words[1:])
				case "<":
					l.received(headOf(t, step[2:]))
				case "end":
					l.inputEnded()
				case "quit":
					l.quit()
				}
				if last := i == len(test.steps)-1; last && !l.settled() {
					t.Errorf("not settled after the last step: %+v", l.owed)
				}
			}
		})
	}
	// Without an end nothing settles it: the next line may come any time.
	l := newLedger([]string{"subscribe", "a"})
	l.sending([]string{"unsubscribe"})
	l.received(headOf(t, "*3 $unsubscribe $a :0"))
	if l.settled() {
		t.Error("settled though more may be sent")
	}
	l = newLedger([]string{"subscribe", "a"})
	l.inputEnded()
	if l.settled() {
		t.Error("the end of standard input does not end a subscription")
	}
}

// headOf prints a reply, in which words stand for values, and returns how it began.
func headOf(t *testing.T, words string) *messageHead {
	t.Helper()
	var wire strings.Builder
	rest := []string{words}
	if words[0] == '*' || words[0] == '>' {
		rest = strings.Fields(words)
	}
	for _, word := range rest {
		if word[0] == '$' {
			wire.Write(resp.AppendCommand(nil, word[1:])[len("*1\r\n"):])
		} else {
			wire.WriteString(word + "\r\n")
		}
	}
	m := &messageHead{src: resp.NewReader(strings.NewReader(wire.String()))}
	for _, mode := range []format.Mode{format.Raw, format.Standard} {
		m = &messageHead{src: resp.NewReader(strings.NewReader(wire.String()))}
		if _, err := format.New(mode).Print(bufio.NewWriter(io.Discard), m); err != nil {
			t.Fatalf("%q: %v", words, err)
		}
	}
	return m
}

// TestMessageHead sees through nested and long elements.
func TestMessageHead(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for wire, want := range map[string]messageHead{
		"+OK\r\n":                              {kind: '+', name: "OK"},
		"-ERR x\r\n":                           {kind: '-', name: "ERR x"},
		":7\r\n":                               {kind: ':'},
		"*0\r\n":                               {kind: '*'},
		"*-1\r\n":                              {kind: 'N'},
		"*3\r\n+a\r\n+b\r\n:7\r\n":             {kind: '*', name: "a", count: 7},
		"*3\r\n*2\r\n+x\r\n+y\r\n+b\r\n:7\r\n": {kind: '*', count: 7},
		"*4\r\n+a\r\n*1\r\n:9\r\n:7\r\n:8\r\n": {kind: '*', name: "a", count: 7},
		">3\r\n$11\r\nunsubscribe\r\n_\r\n:0\r\n":       {kind: '>', name: "unsubscribe"},
		"*3\r\n+a\r\n$100000\r\n" + long + "\r\n:7\r\n": {kind: '*', name: "a", count: 7},
		"$100000\r\n" + long + "\r\n":                   {kind: '$', name: long[:longestName]},
	} {
		m := &messageHead{src: resp.NewReader(strings.NewReader(wire))}
		if _, err := resp.Collect(m); err != nil {
			t.Errorf("%.40q: %v", wire, err)
		}
		if m.kind != want.kind || m.name != want.name || m.count != want.count || m.depth != 0 {
			t.Errorf("%.40q: %c %q %d, want %c %q %d", wire, m.kind, m.name, m.count, want.kind, want.name, want.count)
		}
	}
}
