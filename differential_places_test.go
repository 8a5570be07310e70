package main_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"redan/conn/conntest"
)

// newElsewhere starts the servers that serve all rigs, and writes the files of the cases.
func newElsewhere(t *testing.T, home string) map[string]string {
	t.Helper()
	for name, text := range map[string]string{
		"script.lua": "return {KEYS,ARGV}",
		"error.lua":  "return redis.error_reply('MY error')",
		"get.lua":    "return redis.call('get',KEYS[1])",
		"empty.lua":  "",
		"not.pem":    "this is no certificate",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	guarded := conntest.Start(t, conntest.Password("s3cret"))
	other := conntest.NewAuthority(t)
	mutual := conntest.Start(t, conntest.MutualTLS("yes"))
	places := map[string]string{
		"guarded": strconv.Itoa(guarded.Port), "kept": strconv.Itoa(startKept(t).Port), "other": other.CertFile,
		"mutual": strconv.Itoa(mutual.TLSPort), "mutual-ca": mutual.CAFile, "mutual-cert": mutual.CertFile, "mutual-key": mutual.KeyFile,
	}
	old := conntest.IssueOptions{NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)}
	for name, option := range map[string]conntest.Option{
		"tls12":    conntest.TLSProtocols("TLSv1.2"),
		"misnamed": conntest.WithCerts(other, other.Issue(t, conntest.IssueOptions{DNS: []string{"redis.example"}})),
		"expired":  conntest.WithCerts(other, other.Issue(t, old)),
	} {
		server := conntest.Start(t, conntest.TLS(), option)
		places[name], places[name+"-ca"] = strconv.Itoa(server.TLSPort), server.CAFile
	}
	for name, script := range fakeServers() {
		places[name] = portOf(t, conntest.Fake(t, script))
	}
	cluster := conntest.Cluster(t, 2)
	for i, node := range cluster.Nodes {
		places["node"+strconv.Itoa(i+1)] = strconv.Itoa(node.Port)
	}
	for _, key := range []string{"a", "b", "c"} {
		cluster.Node(key).Do("SET", key, "value of "+key)
	}
	return places
}

// fakeServers answer as no real one does.
func fakeServers() map[string]conntest.Script {
	return map[string]conntest.Script{
		"half-bulk":    conntest.HalfBulk(),
		"half-array":   conntest.ReplyOnce("*3\r\n$1\r\na\r\n$1\r\nb\r\n"),
		"hang-up":      conntest.HangUp(),
		"reset":        conntest.Reset(),
		"http":         conntest.ReplyOnce("HTTP/1.1 400 Bad Request\r\n\r\n"),
		"garbage":      conntest.ReplyOnce("garbage\r\n"),
		"huge-bulk":    conntest.ReplyOnce("$1099511627776\r\nx"),
		"huge-array":   conntest.ReplyOnce("*9223372036854775807\r\n"),
		"bad-length":   conntest.ReplyOnce("$abc\r\n"),
		"bad-integer":  conntest.ReplyOnce(":12x\r\n"),
		"bad-boolean":  conntest.ReplyOnce("#x\r\n"),
		"big-number":   conntest.ReplyOnce("(3492890328409238509324850943850943825024385\r\n"),
		"nan":          conntest.ReplyOnce(",nan\r\n"),
		"attribute":    conntest.ReplyOnce("|1\r\n+key\r\n+value\r\n+reply\r\n"),
		"bulk-error":   conntest.ReplyOnce("!9\r\nERR a\r\nbc\r\n"),
		"push-first":   conntest.ReplyOnce(">2\r\n+message\r\n+a push\r\n+the reply\r\n"),
		"two-replies":  conntest.ReplyOnce("+one\r\n+two\r\n"),
		"empty-status": conntest.ReplyOnce("+\r\n"),
		"null-array":   conntest.ReplyOnce("*-1\r\n"),
		"deep":         conntest.ReplyOnce("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n+deep\r\n"),
		"resp3":        conntest.ReplyOnce("*7\r\n#t\r\n#f\r\n_\r\n,1.5\r\n=7\r\ntxt:abc\r\n~2\r\n:1\r\n:2\r\n%1\r\n+k\r\n%1\r\n:1\r\n*0\r\n"),
		"silence":      conntest.Silence(),
		"only-shut":    conntest.Answer(func([]string) string { return "" }),
	}
}
