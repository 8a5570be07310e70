package exchange_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/profiles"
	"redan/profiles/exchange"
)

// TestWholeFilesAreRefused holds that a file that cannot be read at all is an error that says what was expected.
func TestWholeFilesAreRefused(t *testing.T) {
	bomb := func(size int) string {
		var b bytes.Buffer
		archive := zip.NewWriter(&b)
		member, _ := archive.Create("connections.yaml")
		_, _ = member.Write(make([]byte, size))
		_ = archive.Close()
		return b.String()
	}
	var other bytes.Buffer
	archive := zip.NewWriter(&other)
	_, _ = archive.Create("readme.txt")
	_ = archive.Close()
	for _, tt := range []struct {
		format exchange.Format
		text   string
		kind   error
		want   string
	}{
		{"", "", exchange.ErrUnknownFormat, "x is none of the files that can be imported; say which with --from if it is one of: redisinsight, ardm, "},
		{"", "just words\n", exchange.ErrUnknownFormat, "none of the files"},
		{"", `{"a": 1}`, exchange.ErrUnknownFormat, "none of the files"},
		{"", `[1, 2]`, exchange.ErrUnknownFormat, "none of the files"},
		{"", strings.Repeat(" ", 5<<20), exchange.ErrTooLarge, "x is too large: at most 4 MiB are read"},
		{"", "[\n  {\"host\": \"h\",\n  }\n]", exchange.ErrMalformed, "this is no JSON at line 3, column 3"},
		{exchange.RedisInsight, "{}", exchange.ErrMalformed, "it is to be a list of databases"},
		{exchange.RedisInsight, `["`, exchange.ErrMalformed, "ends too early"},
		{exchange.RedisInsight, `[] []`, exchange.ErrMalformed, "more behind the end of the JSON, at line 1, column 4"},
		{exchange.RedisInsight, strings.Repeat("[", 20000), exchange.ErrMalformed, "no JSON"},
		{exchange.RedisInsight, `[]`, exchange.ErrEmpty, "has no server in it"},
		{exchange.AnotherRDM, "%%%", exchange.ErrMalformed, "it is to be base64 of a JSON list"},
		{exchange.AnotherRDM, encoded("[{]"), exchange.ErrMalformed, "no JSON"},
		{exchange.AnotherRDM, encoded("{}"), exchange.ErrMalformed, "list of connections"},
		{exchange.TinyRDM, "a: [", exchange.ErrMalformed, "this is no YAML"},
		{exchange.TinyRDM, "a: 1", exchange.ErrMalformed, "it is to be a YAML list of connections"},
		{exchange.TinyRDM, "- &a {name: x}\n- *a\n", exchange.ErrMalformed, "line 2 has an alias"},
		{exchange.TinyRDM, strings.Repeat("- ", 100) + "x", exchange.ErrMalformed, "it is nested too deep"},
		{exchange.TinyRDM, "PK\x03\x04 and no more", exchange.ErrMalformed, "the zip is damaged"},
		{exchange.TinyRDM, bomb(32 << 20), exchange.ErrMalformed, "connections.yaml in the zip is larger than 4 MiB"},
		{exchange.TinyRDM, other.String(), exchange.ErrMalformed, "there is no connections.yaml in the zip"},
		{exchange.RESPApp, `{"host": "h"}`, exchange.ErrMalformed, "it is to be a list of connections"},
		{exchange.IRedis, "[main]\n", exchange.ErrMalformed, "it has no section [alias_dsn]"},
		{exchange.IRedis, "[alias_dsn]\n", exchange.ErrEmpty, "x, read as an iredisrc with [alias_dsn], has no server in it"},
		{exchange.URIs, "# nothing", exchange.ErrEmpty, "no server"},
		{exchange.Env, "A=1", exchange.ErrEmpty, "no server"},
		{exchange.IBM, `{"connection": {"postgres": {"composed": []}}}`, exchange.ErrMalformed, "it has no connection.rediss"},
		{exchange.Stunnel, strings.Repeat("[a]\n", 80000), exchange.ErrTooLarge, "at most 256 KiB of a stunnel.conf are read"},
		{exchange.Stunnel, "hello", exchange.ErrMalformed, "it is to have services"},
		{exchange.TOML, "a = = 1", exchange.ErrMalformed, "this is no TOML at line 1, column 5"},
		{exchange.TOML, "version = 2\n[profiles.a]\nhost = 'h'", exchange.ErrMalformed, "of another version than 1, of a newer redan perhaps"},
		{exchange.JSON, `{"profiles": []}`, exchange.ErrMalformed, `it is to be { "profiles"`},
		{exchange.Shell, "redan -h h", exchange.ErrUnknownFormat, "shell is none"},
	} {
		var err error
		if tt.format == "" {
			_, err = exchange.Read("x", []byte(tt.text))
		} else {
			_, err = exchange.ReadAs(tt.format, "x", []byte(tt.text))
		}
		if !errors.Is(err, tt.kind) || !strings.Contains(fmt.Sprint(err), tt.want) {
			t.Errorf("%s %.40q: %v, want %s", tt.format, tt.text, err, tt.want)
		}
	}
}

// TestManyServers holds that a file with more servers than anybody has is read as far as the bound.
func TestManyServers(t *testing.T) {
	for _, text := range []string{
		`{"profiles": {` + many(2101) + "}}",
		"[" + strings.Repeat(`{"host": "h", "name": "x"},`, 2100) + `{"host": "h"}]`,
		strings.Repeat("redis://h\n", 2101),
	} {
		result, err := exchange.Read("x", []byte(text))
		if err != nil || len(result.Entries) != 2000 || len(result.Notes) != 1 || result.Notes[0] != "of 2101 servers, the first 2000 are read" {
			t.Errorf("%d entries, %q, %v", len(result.Entries), result.Notes, err)
		}
		taken := map[string]bool{}
		for _, e := range result.Entries {
			if name := strings.ToLower(e.Name); taken[name] {
				t.Fatalf("%s twice", name)
			} else {
				taken[name] = true
			}
		}
	}
}

// many is the profiles of a JSON bundle.
func many(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`"p%d": {"host": "h"}`, i)
	}
	return strings.Join(parts, ",")
}

// TestHostileFilesTakeNoTime holds that a file made to be slow to read, or to fill the memory, is not.
func TestHostileFilesTakeNoTime(t *testing.T) {
	fill := func(before, text, after string) string {
		return before + strings.Repeat(text, (1<<18-len(before)-len(after))/len(text)) + after
	}
	for format, texts := range map[exchange.Format][]string{
		exchange.RedisInsight: {fill("[", "0,", "0]"), fill("[", `{"name":"x"},`, "0]"), fill("", "[", ""), fill(`[{"a":"`, "x", `"}]`)},
		exchange.AnotherRDM:   {fill("", "AAAA", "")},
		exchange.TinyRDM:      {fill("", "- a\n", ""), fill("", "[", ""), fill("", "- ", ""), fill("- {", "a: b, ", "}"), fill("? ", "- ", "")},
		exchange.RESPApp:      {fill("", `[{"connections":`, "")},
		exchange.IRedis:       {fill("[alias_dsn]\n", "a\n", ""), fill("[alias_dsn]\n", "a=redis://\n", "")},
		exchange.URIs:         {fill("", "\n", "a"), fill("", "a\n", ""), fill("", "redis://\n", ""), fill("redis://", "h,", ""), fill("redis://h?", "a&", "")},
		exchange.Env:          {fill("", "A='\n", ""), fill("", "A=\"\\\n", ""), fill("", "A_URL=redis://\n", ""), fill("", "A=\n", "")},
		exchange.IBM:          {fill("", `{"a":`, ""), fill(`{"`, "a.", `":1}`), fill("[", `{"redis":{"hosts":[]}},`, "0]")},
		exchange.Stunnel:      {fill("", "[a]\n", ""), fill("connect=1\n", "a=b\n", ""), fill("", "[a]\nclient=yes\nconnect=1\n", "")},
		exchange.TOML:         {fill("", "[[a]]\n", ""), fill("", "[a]\n", ""), fill("a=", "[", ""), fill("a='", "x", "'"), fill("", "a.", "b=1")},
		exchange.JSON:         {fill(`{"profiles":{"a":`, `{"a":`, ""), fill(`{"profiles":{"a":[`, "1,", "1]}}")},
	} {
		for _, text := range texts {
			start := time.Now()
			result, err := exchange.ReadAs(format, "x", []byte(text))
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("%s %.30q took %s", format, text, took)
			}
			if len(result.Entries) > 2000 || len(result.Notes) > 60 || len(fmt.Sprint(err)) > 500 {
				t.Errorf("%s %.30q: %d entries, %d notes, %.100v", format, text, len(result.Entries), len(result.Notes), err)
			}
		}
	}
}

// TestSecretsAreNowhereElse puts random secrets into the files of all tools, then spoils these files in many ways, and looks for the secrets
// in everything that comes out.
func TestSecretsAreNowhereElse(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := folder + "/" + name
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key := "-----BEGIN PRIVATE KEY-----\n" + encoded(rand.Text()+rand.Text()) + "\n-----END PRIVATE KEY-----\n"
	s := target{
		label: "x", host: "h.example.com", port: 1, user: "ann", password: rand.Text(), tls: true,
		ca: file("ca.pem", certificate), cert: file("c.pem", certificate), key: file("k.pem", key),
	}
	secrets := []string{s.password, key}
	for _, tool := range tools() {
		plain := tool.make(t, []target{s, s, s, s})
		for cut := 0; cut < len(plain); cut += max(1, len(plain)/20) {
			for _, spoilt := range []string{plain[:cut], plain[cut:], plain[:cut] + "\x00\"'[" + plain[cut:], plain[:cut] + plain[min(len(plain), cut+7):]} {
				for _, format := range exchange.Readable() {
					result, err := exchange.ReadAs(format, "x", []byte(spoilt))
					leaks(t, string(format), result, err, secrets)
				}
			}
		}
	}
}

// leaks fails when a secret is in what people see of a result: errors, notes, and all that Go prints.
func leaks(t *testing.T, what string, result exchange.Result, err error, secrets []string) {
	t.Helper()
	text := fmt.Sprint(err, result.Notes)
	for _, e := range result.Entries {
		text += fmt.Sprint(e.Notes, e.Secrets)
	}
	for _, secret := range secrets {
		if holds(text, secret) {
			t.Fatalf("%s: a secret shows: %s", what, text)
		}
	}
}

func TestNames(t *testing.T) {
	for label, want := range map[string]string{
		"orders": "orders", "Orders (EU) / prod": "Orders-EU-prod", "..a..": "a", "-x-": "x", "con": "redis-con", "生产": "h", "生产 db1": "db1", "": "h", "\x1b[31mred": "31mred",
		strings.Repeat("a", 80): strings.Repeat("a", 64), strings.Repeat("a", 63) + "-b": strings.Repeat("a", 63), "a\u202eb": "ab", "COM1.x": "redis-COM1.x",
	} {
		result, err := exchange.ReadAs(exchange.RedisInsight, "x", []byte(`[{"host": "h", "name": `+quoted(label)+`}]`))
		if err != nil || len(result.Entries) != 1 {
			t.Fatalf("%q: %v %q", label, err, result.Notes)
		}
		e := result.Entries[0]
		if e.Name != want || profiles.CheckName(e.Name) != nil || strings.ContainsAny(e.Label, "\x1b\u202e") {
			t.Errorf("%q: %q (%q), want %q", label, e.Name, e.Label, want)
		}
	}
}

func TestFormats(t *testing.T) {
	for _, f := range slices.Concat(exchange.Readable(), exchange.Writable()) {
		if got, err := exchange.ParseFormat(strings.ToUpper(string(f)), []exchange.Format{f}); got != f || err != nil {
			t.Errorf("%s: %s %v", f, got, err)
		}
		if strings.Contains(f.Title(), "no format") {
			t.Errorf("%s has no title", f)
		}
	}
	if _, err := exchange.ParseFormat("xml", exchange.Writable()); err == nil || err.Error() != `"xml" is no format: use one of toml, json, uri, shell` {
		t.Error(err)
	}
}
