package conn

import "testing"

func TestParseRedirect(t *testing.T) {
	tests := map[string]struct {
		want Redirect
		ok   bool
	}{
		"MOVED 3999 127.0.0.1:6381":       {Redirect{3999, Addr{Host: "127.0.0.1", Port: 6381}, false}, true},
		"ASK 3999 127.0.0.1:6381":         {Redirect{3999, Addr{Host: "127.0.0.1", Port: 6381}, true}, true},
		"MOVED 1 ::1:7001":                {Redirect{1, Addr{Host: "::1", Port: 7001}, false}, true},
		"MOVED 1 fe80::1%eth0:7001":       {Redirect{1, Addr{Host: "fe80::1%eth0", Port: 7001}, false}, true},
		"MOVED 1 :7001":                   {Redirect{1, Addr{Host: "", Port: 7001}, false}, true},
		"MOVED 1 node-1.example.com:6379": {Redirect{1, Addr{Host: "node-1.example.com", Port: 6379}, false}, true},
		"MOVED 1 [::1]:7001":              {Redirect{1, Addr{Host: "::1", Port: 7001}, false}, true},
		"MOVED 1 h":                       {},
		"MOVED 1 h:":                      {},
		"MOVED 1 h:x":                     {},
		"MOVED 1 h:0":                     {},
		"MOVED 1 h:65536":                 {},
		"MOVED x h:1":                     {},
		"MOVED 1":                         {},
		"MOVED 1 h:1 more":                {},
		"MOVED":                           {},
		"":                                {},
		"moved 1 h:1":                     {},
		"MOVEDX 1 h:1":                    {},
		"ERR MOVED 1 h:1":                 {},
		"TRYAGAIN Multiple keys request":  {},
		"CLUSTERDOWN The cluster is down": {},
	}
	for text, test := range tests {
		got, ok := parseRedirect([]byte(text))
		if ok != test.ok || got != test.want {
			t.Errorf("%q: %+v %v, want %+v %v", text, got, ok, test.want, test.ok)
		}
	}
}

// TestRedirectInherits: what a node leaves out is as with the node that answered.
func TestRedirectInherits(t *testing.T) {
	tests := []struct{ from, to, want Addr }{
		{Addr{"tcp", "a", 1}, Addr{Host: "b", Port: 2}, Addr{"tcp", "b", 2}},
		{Addr{"tcp", "a", 1}, Addr{Port: 2}, Addr{"tcp", "a", 2}},
		{Addr{"tcp6", "a", 1}, Addr{Host: "b", Port: 2}, Addr{"tcp6", "b", 2}},
		{Addr{"tcp", "a", 1}, Addr{Host: "?", Port: 2}, Addr{"tcp", "a", 2}},
		{Addr{"unix", "/s", 0}, Addr{Host: "b", Port: 2}, Addr{"tcp", "b", 2}},
		{Addr{"unix", "/s", 0}, Addr{Port: 2}, Addr{"tcp", DefaultHost, 2}},
	}
	for _, test := range tests {
		if got := (Redirect{To: test.to}).at(test.from).To; got != test.want {
			t.Errorf("%v from %v: %v, want %v", test.to, test.from, got, test.want)
		}
	}
}

func FuzzParseRedirect(f *testing.F) {
	f.Add([]byte("MOVED 3999 127.0.0.1:6381"))
	f.Add([]byte("ASK 1 ::1:1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		to, ok := parseRedirect(text)
		if ok && (to.To.Port < 1 || to.To.Port > 65535) {
			t.Errorf("%q leads to port %d", text, to.To.Port)
		}
	})
}
