package exchange_test

import (
	"strings"
	"testing"

	"redan/profiles"
	"redan/profiles/exchange"
	"redan/profiles/tomlfile"
)

// FuzzRead holds that whatever is in a file, of whatever format it is said to be, what comes out can be made profiles of, under names of
// their own, and that nothing of it gets to a terminal that a terminal would obey.
func FuzzRead(f *testing.F) {
	sample := []target{{label: "x", host: "h", port: 1, user: "ann", password: "hush"}, {label: "y", host: "h", port: 2, tls: true}}
	for i, format := range exchange.Readable() {
		for _, tool := range tools() {
			if tool.format == format && tool.format != exchange.IBM && tool.format != exchange.Env {
				f.Add(i, []byte(tool.make(f, sample)))
			}
		}
	}
	f.Add(6, []byte("REDIS_URL=\"redis://:hush@h\" # x\nREDIS_HOST=h\nREDIS_PORT=1\n"))
	f.Add(7, []byte(`{"connection.rediss.hosts.0.hostname": "h", "x": {"Rediss": {"composed": ["rediss://h"]}}}`))
	f.Add(9, []byte("[profiles.a]\nhost = 'h'\nuri = 'redis://a:b@h'\n[profiles.b.tls]\nca = ['x']\ncert_data = '-----BEGIN'"))
	f.Add(10, []byte(`{"profiles": {"a": {"host": "h", "port": 1, "tags": ["x"]}}}`))
	f.Fuzz(func(t *testing.T, number int, data []byte) {
		formats := exchange.Readable()
		format := formats[((number%len(formats))+len(formats))%len(formats)]
		result, err := exchange.ReadAs(format, "/dir/x", data)
		if err != nil {
			obeyed(t, err.Error())
			return
		}
		taken := map[string]bool{}
		for _, e := range result.Entries {
			if name := strings.ToLower(e.Name); taken[name] || profiles.CheckName(e.Name) != nil {
				t.Errorf("name %q", e.Name)
			}
			taken[strings.ToLower(e.Name)] = true
			obeyed(t, e.Label)
			for _, note := range e.Notes {
				obeyed(t, note)
			}
		}
		for _, note := range result.Notes {
			obeyed(t, note)
		}
		if len(result.Entries) > 3 {
			result.Entries = result.Entries[:3]
		}
		made(t, result.Entries)
		if found, ok := exchange.Detect("x", data); ok && found == "" {
			t.Error("no format is found")
		}
	})
}

// made makes profiles of entries, without a disk.
func made(t *testing.T, entries []exchange.Entry) {
	t.Helper()
	for _, e := range entries {
		references := map[string]string{}
		for _, key := range e.SecretKeys() {
			references[key] = "env:X"
		}
		d, err := tomlfile.Parse("x.toml", nil)
		for _, c := range e.ChangesWith(references) {
			if err == nil {
				d, err = d.Set(c.Value, c.Path...)
			}
		}
		var p profiles.Profile
		if err = firstOf(err, tomlfile.Decode(d.Leaves(), &p).OrNil()); err != nil {
			t.Errorf("%q: %v\n%v", e.Name, err, e.Changes)
		}
	}
}

func obeyed(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsAny(text, "\x00\x07\x08\n\r\x1b\x7f\u009b\u202e") {
		t.Errorf("a terminal would obey %q", text)
	}
}
