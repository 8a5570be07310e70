package conn

import (
	"strings"
	"testing"

	"redan/conn/resp"
)

// TestStateAfter holds what commands and their replies make of a connection.
func TestStateAfter(t *testing.T) {
	ok := "+OK"
	tests := map[string]struct {
		steps []string // command, a tab, the reply's beginning
		want  State
	}{
		"nothing":                   {nil, State{Protocol: 2}},
		"select":                    {[]string{"SELECT 3\t+OK"}, State{Protocol: 2, DB: 3}},
		"refused select":            {[]string{"SELECT 99\t-ERR DB index is out of range"}, State{Protocol: 2}},
		"select of nonsense":        {[]string{"SELECT x\t+OK", "SELECT\t+OK", "SELECT 1 2\t+OK"}, State{Protocol: 2}},
		"multi":                     {[]string{"multi\t+OK"}, State{Protocol: 2, Multi: true}},
		"nested multi":              {[]string{"SELECT 1\t+OK", "MULTI\t+OK", "SELECT 2\t+QUEUED", "MULTI\t-ERR MULTI calls can not be nested", "DISCARD\t+OK"}, State{Protocol: 2, DB: 1}},
		"queued select, executed":   {[]string{"MULTI\t+OK", "SELECT 2\t+QUEUED", "EXEC\t*1"}, State{Protocol: 2, DB: 2}},
		"queued select, discarded":  {[]string{"MULTI\t+OK", "SELECT 2\t+QUEUED", "DISCARD\t+OK"}, State{Protocol: 2}},
		"queued select, aborted":    {[]string{"MULTI\t+OK", "SELECT 2\t+QUEUED", "EXEC\t-EXECABORT Transaction discarded because of previous errors."}, State{Protocol: 2}},
		"queued select, watched":    {[]string{"WATCH k\t+OK", "MULTI\t+OK", "SELECT 2\t+QUEUED", "EXEC\tN"}, State{Protocol: 2}},
		"watched, RESP3":            {[]string{"HELLO 3\t%7", "WATCH k\t+OK", "MULTI\t+OK", "SELECT 2\t+QUEUED", "EXEC\t_"}, State{Protocol: 3}},
		"exec without multi":        {[]string{"WATCH k\t+OK", "EXEC\t-ERR EXEC without MULTI"}, State{Protocol: 2, Watching: true}},
		"unwatch":                   {[]string{"WATCH k\t+OK", "UNWATCH\t+OK"}, State{Protocol: 2}},
		"watch in multi":            {[]string{"MULTI\t+OK", "WATCH k\t-ERR WATCH inside MULTI is not allowed"}, State{Protocol: 2, Multi: true}},
		"subscribe":                 {[]string{"SUBSCRIBE a\t*3"}, State{Protocol: 2, Subscribed: true}},
		"queued subscribe":          {[]string{"MULTI\t+OK", "SUBSCRIBE a\t+QUEUED"}, State{Protocol: 2, Multi: true}},
		"refused subscribe":         {[]string{"SUBSCRIBE a\t-NOPERM no"}, State{Protocol: 2}},
		"monitor":                   {[]string{"MONITOR\t+OK"}, State{Protocol: 2, Monitoring: true}},
		"queued monitor":            {[]string{"MULTI\t+OK", "MONITOR\t+QUEUED"}, State{Protocol: 2, Multi: true}},
		"hello":                     {[]string{"HELLO 3\t%7", "HELLO\t%7"}, State{Protocol: 3}},
		"hello back":                {[]string{"HELLO 3\t%7", "HELLO 2\t*14"}, State{Protocol: 2}},
		"refused hello":             {[]string{"HELLO 4\t-NOPROTO unsupported protocol version"}, State{Protocol: 2}},
		"reset":                     {[]string{"HELLO 3\t%7", "SELECT 3\t+OK", "AUTH pw\t+OK", "MULTI\t+OK", "RESET\t+RESET"}, State{Protocol: 2}},
		"reply off":                 {[]string{"client reply off\t"}, State{Protocol: 2, ReplyOff: true}},
		"reply off and on":          {[]string{"CLIENT REPLY OFF\t", "SELECT 4\t", "CLIENT REPLY ON\t+OK"}, State{Protocol: 2, DB: 4}},
		"reply skip":                {[]string{"CLIENT REPLY SKIP\t", "SELECT 4\t"}, State{Protocol: 2, DB: 4}},
		"queued reply off":          {[]string{"MULTI\t+OK", "CLIENT REPLY OFF\t+QUEUED"}, State{Protocol: 2, Multi: true}},
		"other commands of CLIENT":  {[]string{"CLIENT REPLY\t-ERR", "CLIENT REPLY OFF NOW\t-ERR", "CLIENT INFO\t$5"}, State{Protocol: 2}},
		"an error before a command": {[]string{"GET\t-ERR wrong number of arguments for 'get' command"}, State{Protocol: 2}},
		"a very long word":          {[]string{strings.Repeat("SELECT", 1000) + " 3\t" + ok}, State{Protocol: 2}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := State{Protocol: 2}
			for _, step := range test.steps {
				command, reply, _ := strings.Cut(step, "\t")
				args := strings.Fields(command)
				if silent := s.silent(args); silent != (reply == "") {
					t.Fatalf("%s: silent is %v", command, silent)
				}
				s.after(args, firstToken(reply))
			}
			if got := s.Visible(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func firstToken(reply string) resp.Token {
	if reply == "" {
		return resp.Token{}
	}
	return resp.Token{Kind: resp.Kind(reply[0]), Text: []byte(reply[1:])}
}

// TestReplyOnAfterSkip: the reply to CLIENT REPLY ON is never left out.
func TestReplyOnAfterSkip(t *testing.T) {
	s := State{Protocol: 2}
	skip, on := []string{"CLIENT", "REPLY", "SKIP"}, []string{"CLIENT", "REPLY", "ON"}
	if !s.silent(skip) {
		t.Error("CLIENT REPLY SKIP has no reply")
	}
	s.after(skip, resp.Token{})
	if s.silent(on) {
		t.Error("CLIENT REPLY ON has one, SKIP or not")
	}
	s.after(on, firstToken("+OK"))
	if s.silent([]string{"PING"}) {
		t.Error("and so has what follows")
	}
}

// TestCredentialsAreRemembered, but do not show.
func TestCredentialsAreRemembered(t *testing.T) {
	tests := map[string]struct {
		args           []string
		user, password string
		none           bool
	}{
		"AUTH p":                      {args: []string{"AUTH", "p"}, password: "p"},
		"AUTH u p":                    {args: []string{"auth", "u", "p"}, user: "u", password: "p"},
		"HELLO AUTH":                  {args: []string{"HELLO", "3", "AUTH", "u", "p"}, user: "u", password: "p"},
		"HELLO SETNAME AUTH":          {args: []string{"hello", "3", "setname", "me", "auth", "u", "p"}, user: "u", password: "p"},
		"HELLO without":               {args: []string{"HELLO", "3"}, none: true},
		"HELLO with half a word pair": {args: []string{"HELLO", "3", "AUTH", "u"}, none: true},
		"AUTH with too many words":    {args: []string{"AUTH", "a", "b", "c"}, none: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := State{Protocol: 2}
			s.after(test.args, firstToken("+OK"))
			if test.none {
				if s.auth != nil {
					t.Errorf("remembered %+v", s.auth)
				}
				return
			}
			if s.auth == nil || s.auth.user != test.user || s.auth.password.Reveal() != test.password {
				t.Errorf("got %+v", s.auth)
			}
			if s.Visible() != (State{Protocol: s.Protocol}) {
				t.Errorf("visible: %+v", s.Visible())
			}
		})
	}
	s := State{Protocol: 2}
	s.after([]string{"AUTH", "wrong"}, firstToken("-WRONGPASS no"))
	s.after([]string{"MULTI"}, firstToken("+OK"))
	s.after([]string{"AUTH", "p"}, firstToken("+QUEUED"))
	if s.auth != nil {
		t.Errorf("remembered what was not accepted: %+v", s.auth)
	}
}

func TestLost(t *testing.T) {
	for want, s := range map[string]State{
		"":                         {DB: 3, Protocol: 3},
		"the transaction (MULTI)":  {Multi: true},
		"the watched keys (WATCH)": {Watching: true},
		"the subscriptions":        {Subscribed: true},
		"the transaction (MULTI), the watched keys (WATCH)": {Multi: true, Watching: true},
	} {
		if got := strings.Join(s.Lost(), ", "); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}

func FuzzState(f *testing.F) {
	f.Add("MULTI\nSELECT 3\nEXEC", byte('+'), "QUEUED")
	f.Add("HELLO 3 AUTH a b\nRESET", byte('%'), "")
	f.Add("CLIENT REPLY OFF\nCLIENT REPLY SKIP", byte('-'), "EXECABORT")
	f.Fuzz(func(t *testing.T, lines string, kind byte, text string) {
		s := State{Protocol: 2}
		for line := range strings.SplitSeq(lines, "\n") {
			args := strings.Fields(line)
			_ = s.silent(args)
			s.after(args, resp.Token{Kind: resp.Kind(kind), Text: []byte(text)})
			_ = s.Lost()
		}
	})
}
