package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"redan/commands"
)

// parsed shows of an invocation what a test may want to look at.
func parsed(t *testing.T, args ...string) *invocation {
	t.Helper()
	inv, err := parseArgs(args)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return inv
}

func text(p *string) string {
	if p == nil {
		return "<none>"
	}
	return *p
}

// TestParseArgs holds redis-cli's rules, and ours beyond them.
func TestParseArgs(t *testing.T) {
	show := map[string]func(*invocation) string{
		"host":    func(i *invocation) string { return i.options.Host },
		"port":    func(i *invocation) string { return i.options.Port },
		"pass":    func(i *invocation) string { return text(i.options.Password) },
		"db":      func(i *invocation) string { return i.options.DB },
		"uri":     func(i *invocation) string { return i.options.URI },
		"raw":     func(i *invocation) string { return fmt.Sprint(i.options.Raw) },
		"tls":     func(i *invocation) string { return fmt.Sprint(i.options.TLS) },
		"cacert":  func(i *invocation) string { return strings.Join(i.options.CACert, "|") },
		"-d":      func(i *invocation) string { return text(i.options.ElementDelim) },
		"-D":      func(i *invocation) string { return text(i.options.ReplyDelim) },
		"-X":      func(i *invocation) string { return text(i.options.StdinTag) },
		"command": func(i *invocation) string { return strings.Join(i.command, "|") },
		"version": func(i *invocation) string { return fmt.Sprint(i.version) },
		"help":    func(i *invocation) string { return fmt.Sprint(i.help) },
		"output":  func(i *invocation) string { return i.last("raw", "no-raw", "csv", "json", "quoted-json") },
		"verify":  func(i *invocation) string { return i.last("insecure", "tls-verify") },
	}
	tests := []struct {
		args string // words with a space between; '' is an empty word
		want string // name=value, with a space between
	}{
		{"", "command= host= pass=<none>"},
		{"ping", "command=ping"},
		{"-h example.com -p 7000 ping", "host=example.com port=7000 command=ping"},
		// The first word that is no option ends them, whatever follows.
		{"ping --raw", "command=ping|--raw raw=false"},
		{"ping -v", "command=ping|-v version=false"},
		{"-n 3 lrange k 0 -1", "db=3 command=lrange|k|0|-1"},
		{"'' --raw", "command=|--raw raw=false"},
		{"set k -h", "command=set|k|-h help=false"},
		// The value of an option is the next word, whatever it looks like.
		{"-a -n ping", "pass=-n command=ping db="},
		{"-a --help", "pass=--help help=false"},
		{"-a '' ping", "pass= command=ping"},
		{"-d , -D '' lrange l 0 1", "-d=, -D= command=lrange|l|0|1"},
		{"-X -- set k --", "-X=-- command=set|k|--"},
		{"-h -1 ping", "host=-1 command=ping"},
		{"--pass a=b=c", "pass=a=b=c"},
		// The last of repeated options counts.
		{"-n 1 -n 2", "db=2"},
		{"--raw --csv", "output=csv raw=true"},
		{"--csv --raw", "output=raw"},
		{"-a x --pass y", "pass=y"},
		{"--tls-verify full --insecure", "verify=insecure"},
		{"--insecure --tls-verify full", "verify=tls-verify"},
		{"--cacert a --cacert b", "cacert=a|b"},
		{"--cacert a,b", "cacert=a,b"},
		// -h as the last word, --help, --version.
		{"-h", "help=true"},
		{"-p 1 -h", "help=true"},
		{"--help ping", "help=true"},
		{"-v", "version=true"},
		{"--version --bogus", "version=true"},
		{"-v -p", "version=true"},
		// Ours.
		{"-- --scan", "command=--scan"},
		{"--", "command="},
		{"-p 1 -- -- x", "port=1 command=--|x"},
		{"--pass=secret --port=7 --host=h ping", "pass=secret port=7 host=h command=ping"},
		{"--pass= ping", "pass= command=ping"},
		{"--uri=redis://h/?a=b", "uri=redis://h/?a=b"},
		{"-p6379 -hlocalhost -n3 ping", "port=6379 host=localhost db=3 command=ping"},
		{"-asecret", "pass=secret"},
		{"-d\\n", `-d=\n`},
		// redli's names.
		{"--auth pw --ndb 4 --certfile ca.pem ping", "pass=pw db=4 cacert=ca.pem command=ping"},
	}
	for _, test := range tests {
		args := strings.Fields(test.args)
		for i, word := range args {
			if word == "''" {
				args[i] = ""
			}
		}
		inv := parsed(t, args...)
		for want := range strings.FieldsSeq(test.want) {
			name, value, _ := strings.Cut(want, "=")
			if got := show[name](inv); got != value {
				t.Errorf("redan %s: %s is %q, want %q", test.args, name, got, value)
			}
		}
	}
}

func TestParseArgsRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"--bogus":           "Unrecognized option or bad number of args for: '--bogus'",
		"--bogus --version": "Unrecognized option or bad number of args for: '--bogus'",
		"-p":                "Unrecognized option or bad number of args for: '-p'\n-p needs a value after it.",
		"-a x -n":           "Unrecognized option or bad number of args for: '-n'\n-n needs a value after it.",
		"-":                 "Unrecognized option or bad number of args for: '-'",
		"-cx ping":          "Unrecognized option or bad number of args for: '-cx'",
		"--tls=yes ping":    "Unrecognized option or bad number of args for: '--tls=yes'\nDid you mean --tls?",
		"--paswd x":         "Unrecognized option or bad number of args for: '--paswd'\nDid you mean --pass?",
		"--jsno":            "Unrecognized option or bad number of args for: '--jsno'\nDid you mean --json?",
		"--cacer x":         "Unrecognized option or bad number of args for: '--cacer'\nDid you mean --cacert?",
		"--hots x":          "Unrecognized option or bad number of args for: '--hots'\nDid you mean --host?",
		"--zzzzzzzzz":       "Unrecognized option or bad number of args for: '--zzzzzzzzz'\nTry redan --help for more information.",
	} {
		_, err := parseArgs(strings.Fields(args))
		if _, ok := errors.AsType[*usageError](err); !ok || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("redan %s: %v, want %q", args, err, want)
		}
	}
}

// ofRedisCLI are the options of redis-cli 8.0; a star marks those with a value.
func ofRedisCLI() []string {
	return strings.Fields(`-h* -p* -t* -s* -a* --pass* --user* --askpass -u* -r* -i* -n* -2 -3 -x -X* -d* -D* -c -e -4 -6
		--tls --sni* --cacert* --cacertdir* --cert* --key* --insecure --tls-ciphers* --tls-ciphersuites*
		--raw --no-raw --csv --json --quoted-json --quoted-input --show-pushes* --no-auth-warning
		--stat --latency --latency-history --latency-dist --intrinsic-latency* --lru-test* --pipe --pipe-timeout*
		--scan --pattern* --bigkeys --rdb* --eval* --slave --replica --hotkeys --verbose --memkeys --memkeys-samples*
		--quoted-pattern* --functions-rdb* --count* --keystats --keystats-samples* --cursor* --top* --ldb --ldb-sync-mode
		--cluster --cluster-replicas* --cluster-master-id* --cluster-from* --cluster-to* --cluster-slots* --cluster-timeout*
		--cluster-pipeline* --cluster-weight* --cluster-threshold* --cluster-yes --cluster-replace --cluster-copy
		--cluster-slave --cluster-use-empty-masters --cluster-search-multiple-owners --cluster-fix-with-unreachable-masters
		--cluster-only-masters --cluster-only-replicas --cluster-simulate --cluster-from-user* --cluster-from-pass*
		--cluster-from-askpass --mono --test_hint* --test_hint_file*`)
}

// TestKnowsEveryOptionOfRedisCLI: each is recognised, with its value if it has
// one, and the command behind it is found.
func TestKnowsEveryOptionOfRedisCLI(t *testing.T) {
	for _, option := range ofRedisCLI() {
		name, hasValue := strings.CutSuffix(option, "*")
		args := []string{name, "GET", "k"}
		if hasValue {
			args = []string{name, "1", "GET", "k"}
		}
		inv, err := parseArgs(args)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(inv.command, []string{"GET", "k"}) {
			t.Errorf("%s: the command is %q", name, inv.command)
		}
	}
}

// TestValueMayStandInTheSameWord: --option=value is --option value, -pN is -p N.
func TestValueMayStandInTheSameWord(t *testing.T) {
	var g grammar
	for _, section := range g.sections() {
		if err := section.learn(); err != nil {
			t.Fatal(err)
		}
		for written, flag := range section.index {
			if isSwitch(flag) {
				continue
			}
			for _, value := range []string{"1", "", "a=b", "-x", "--raw", "a b\nc", "${x}", "@file", "a,b"} {
				glued := []string{written + value, "PING"}
				if strings.HasPrefix(written, "--") {
					glued[0] = written + "=" + value
				} else if value == "" {
					continue // -p and nothing: the value is the next word
				}
				apart := parsed(t, written, value, "PING")
				together := parsed(t, glued...)
				a, b := shown(t, apart.options), shown(t, together.options)
				if a != b || !slices.Equal(apart.command, together.command) {
					t.Errorf("%q and %q %q differ", glued[0], written, value)
				}
				if !strings.Contains(a, shown(t, value)) {
					t.Errorf("%q %q: the value is lost", written, value)
				}
			}
		}
	}
}

// shown is all that options hold, what is behind pointers included.
func shown(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestVerbsAreNoCommands: redan's own verbs must not hide a command of Redis.
func TestVerbsAreNoCommands(t *testing.T) {
	table, err := commands.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"demo", "cert", "profile", "tunnel", "completion"} {
		if verb != "demo" && verb != "cert" && !isLaterVerb(verb) && !(&app{}).isOwnVerb(verb) {
			t.Errorf("%s is no verb", verb)
		}
		if entries := table.Help([]string{verb}); len(entries) > 0 {
			t.Errorf("%s is a command of Redis", verb)
		}
	}
}

// FuzzParseArgs: no command line panics, whatever is not understood is a
// usageError, and what is left over is the end of the command line.
func FuzzParseArgs(f *testing.F) {
	for _, seed := range []string{
		"-h\x00a\x00-p\x001\x00ping", "--pass=\x00--", "-p6379\x00-", "--cacert\x00\x00--cluster-replicas", "-v", "--json=x\x00-X\x00t",
		"--uri\x00redis://:p@h", "-\xff", "--\xff=1", "-\xc3\xa9x", "-=", "--=", "--show-pushes\x00", "-r\x00-1", "--tls-verify-name\x00a\x00--tls-verify-name=b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, "\x00")
		inv, err := parseArgs(args)
		if err != nil {
			if _, ok := errors.AsType[*usageError](err); !ok {
				t.Errorf("%q: %v (%T)", args, err, err)
			}
			return
		}
		if !inv.version && !inv.help && !slices.Equal(inv.command, args[len(args)-len(inv.command):]) {
			t.Errorf("%q: the command is %q", args, inv.command)
		}
		a := newApp(newTwin(args...).System)
		a.inv = inv
		_ = a.modeAsked()
		_ = inv.exclusive()
		_, _ = a.connectOptions(inv)
		_, _, _ = a.repetition()
		a.setOutput()
	})
}
