package viewer

import (
	"strconv"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
	"redan/ui/tui/kit"
)

// realClient starts a redis-server and returns a client of it.
func realClient(t *testing.T) (*conntest.Server, kit.Client) {
	t.Helper()
	server := conntest.Start(t)
	o := conn.Options{Host: server.Host, Port: server.Port}
	dialer, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	return server, conn.NewPool(dialer, o, false)
}

func TestEveryTypeOfARealServer(t *testing.T) {
	server, client := realClient(t)
	server.Do("SETRANGE", "long", strconv.Itoa(64<<20-1), "!")
	fields := []string{"HSET", "wide"}
	for i := range 100_000 {
		fields = append(fields, "field:"+strconv.Itoa(i), "value "+strconv.Itoa(i))
	}
	server.Do(fields...)
	server.Do("RPUSH", "list", "one", "two\x00\xff")
	server.Do("SADD", "set", "member", "\xf0\x28\x8c\x28")
	server.Do("GEOADD", "geo", "13.361389", "38.115556", "Palermo")
	server.Do("XADD", "stream", "*", "f", "v")
	server.Do("PFADD", "hll", "a")
	server.Do("SETBIT", "bits", "77", "1")
	for _, c := range []struct {
		key   string
		steps []string
		want  []string
	}{
		{"long", nil, []string{"64.0 MiB", "bytes 0 to 65,536 of 67,108,864"}},
		{"long", []string{"G"}, []string{"to 67,108,864 of", "|...............!|"}},
		{"wide", nil, []string{"100,000 fields", "value "}},
		{"list", nil, []string{`one`, "2 elements"}},
		{"set", nil, []string{`\xf0(\x8c(`, "member"}},
		{"geo", []string{"o"}, []string{"13.361389", "38.115556", "Palermo"}},
		{"stream", nil, []string{"f=v", "1 entry"}},
		{"hll", []string{"c"}, []string{"hll", "about 1 element"}},
		{"bits", []string{"b", "c"}, []string{"00000100", "1 bit set"}},
	} {
		d := newDriver(client, 100, 30, false)
		d.open(c.key, "")
		d.press(c.steps...)
		frame := d.frame()
		checkFrame(t, frame, 100, 30)
		for _, want := range c.want {
			if !strings.Contains(frame, want) {
				t.Errorf("%s %v lacks %q:\n%s", c.key, c.steps, want, frame)
			}
		}
	}
}
