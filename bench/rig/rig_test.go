package rig

import (
	"io"
	"net"
	"runtime"
	"testing"
	"time"
)

// TestRelay makes the way longer, and not one answer wait for the one before it.
func TestRelay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	arrived := make(chan error)
	go func() {
		c, err := listener.Accept()
		for err == nil {
			b := make([]byte, 1)
			if _, err = io.ReadFull(c, b); err == nil {
				_, err = c.Write(b)
			}
			arrived <- err
		}
	}()
	const trip = 100 * time.Millisecond
	r, err := NewRelay(listener.Addr().String(), trip)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	start := time.Now()
	c, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 20 {
		if _, err := c.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := <-arrived; err != nil { // or two of them would be one answer
			t.Fatal(err)
		}
	}
	if _, err := io.ReadFull(c, make([]byte, 20)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < trip || took > 10*trip {
		t.Errorf("twenty bytes there and back took %v over a round trip of %v", took, trip)
	}
	if r.Connected().Before(start) {
		t.Error("the connection was not noted")
	}
}

func TestQuantile(t *testing.T) {
	var all []time.Duration
	for i := 100; i > 0; i-- {
		all = append(all, time.Duration(i))
	}
	if Quantile(all, 0.99) != 100 || Quantile(all, 0.5) != 51 || Quantile(nil, 0.5) != 0 {
		t.Error("p99, p50, none:", Quantile(all, 0.99), Quantile(all, 0.5), Quantile(nil, 0.5))
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12_345_678: "12,345,678"} {
		if got := Grouped(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		all  []time.Duration
		want time.Duration
	}{{nil, 0}, {[]time.Duration{7}, 7}, {[]time.Duration{9, 1, 2}, 2}, {[]time.Duration{9, 1, 2, 4}, 3}} {
		if got := Median(tt.all); got != tt.want {
			t.Errorf("the median of %v is %v, want %v", tt.all, got, tt.want)
		}
	}
}

// TestRoundTrip is what a row that names a round trip rests on: no shorter than it says, and not much longer.
func TestRoundTrip(t *testing.T) {
	server, err := StartServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	const trip = 20 * time.Millisecond
	r, err := NewRelay(server.Addr(), trip)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if took, err := RoundTrip(r.Addr(), 9); err != nil || took < trip || took > 2*trip {
		t.Errorf("a PING over a round trip of %v took %v: %v", trip, took, err)
	}
}

func TestFill(t *testing.T) {
	server, err := StartServer()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, keys := range []int{100_001, 3} { // more than one step; and what was there before is gone
		if err := server.Fill("for i = ARGV[1], ARGV[2] do redis.call('SET', i, ARGV[3]) end", keys, "value"); err != nil {
			t.Error(err)
		}
	}
	if err := server.Fill("redis.call('SET', 'one', '')", 2); err == nil {
		t.Error("one key counted as two")
	}
	if err := server.Fill("redis.call('NONE')", 1); err == nil {
		t.Error("a script that failed is not seen")
	}
}

func TestMachine(t *testing.T) {
	const cpuinfo = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu hypervisor lahf_lm\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n"
	for _, tt := range []struct{ cpuinfo, release, want string }{
		{cpuinfo, "6.1.0-18-amd64", "a virtual machine with two cores, AMD EPYC, Linux 6.1.0"},
		{"model name : Xeon\nflags : fpu\n", "6.1.0", "a machine with two cores, Xeon, Linux 6.1.0"},
		{"", "", "a machine with two cores, " + runtime.GOARCH + ", " + runtime.GOOS},
	} {
		if got := machine(tt.cpuinfo, tt.release, 2); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
