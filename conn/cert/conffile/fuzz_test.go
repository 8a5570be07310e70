package conffile_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// FuzzRedis: whatever stands in a redis.conf, it is read, every origin is a line of it, and no password shows.
func FuzzRedis(f *testing.F) {
	for _, seed := range []string{
		"tls-port 6380\ntls-cert-file \"a\\x41\"\n", "include redis.conf\n", "sentinel monitor m h 1 1\n", "dir /x\ninclude *.conf\n",
		"tls-auth-clients no # x\n", "tls-cert x\n", "port 'a\\'b\n", "bind 1 2 3\nuser a >p\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const password = "s3cr3t-word"
		text = "port 0\nrequirepass " + password + "\n" + text
		c, _, err := files{"redis.conf": text}.reader().Read("redis.conf")
		if err != nil || c == nil {
			return
		}
		lines := strings.Count(text, "\n") + 1
		for _, p := range c.Problems {
			if p.Origin.Line < 1 || p.Origin.Line > lines || p.Detail == "" {
				t.Errorf("problem %+v of %d lines", p, lines)
			}
		}
		for name, value := range c.Values() {
			if value.Origin.Line > lines {
				t.Errorf("%s: %+v of %d lines", name, value, lines)
			}
		}
		if shown := fmt.Sprintf("%+v %+v", c.Problems, c.Values()); strings.Contains(shown, password) && strings.Count(text, password) == 1 {
			t.Errorf("the password shows: %s", shown)
		}
	})
}

// FuzzQuote: a value in quotes is read back.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"plain", "", "a b", `q"uo\te`, "\x00\n\r\t\xff", "#x", "'"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		quoted := quoteWord(string(value))
		c, _, err := files{"redis.conf": "tls-port 1\ntls-cert-file " + quoted + "\n"}.reader().Read("redis.conf")
		if err != nil || c == nil {
			t.Fatalf("%q: %v", quoted, err)
		}
		if got := c.Value("tls-cert-file").Text; !bytes.Equal([]byte(got), value) {
			t.Errorf("%q came back from %q as %q", value, quoted, got)
		}
	})
}

// FuzzStunnel: whatever stands in a stunnel.conf, it is read, and there is a service.
func FuzzStunnel(f *testing.F) {
	for _, seed := range []string{"[a]\naccept=1\nconnect=2\n", "include = x\n", "client\n[\n]\n=\n", "verify=2\nCAfile = a\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, c, err := files{"stunnel.conf": "pid =\n" + text}.reader().Read("stunnel.conf")
		if err != nil || c == nil {
			return
		}
		if len(c.Services) == 0 {
			t.Error("no service")
		}
		for _, s := range c.Services {
			_, _ = s.Value("verify"), s.Values("checkHost")
		}
	})
}

// quoteWord returns a word as redis.conf takes it: as it is where that is plain, else in double quotes.
func quoteWord(word string) string {
	plain := word != ""
	for i := range len(word) {
		c := word[i]
		if c <= ' ' || c > '~' || c == '"' || c == '\'' || c == '\\' {
			plain = false
		}
	}
	if plain && word[0] != '#' {
		return word
	}
	const digits = "0123456789abcdef"
	quoted := []byte{'"'}
	for i := range len(word) {
		switch c := word[i]; {
		case c == '"' || c == '\\':
			quoted = append(quoted, '\\', c)
		case c < ' ' || c == 0x7f:
			quoted = append(quoted, '\\', 'x', digits[c>>4], digits[c&15])
		default:
			quoted = append(quoted, c)
		}
	}
	return string(append(quoted, '"'))
}
