package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// filesPKI is a shell script that makes the certificates of these tests with openssl, as people do.
const filesPKI = `set -e
root() { openssl req -x509 -newkey $3 -nodes -keyout $1.key -out $1.crt -subj "/O=Lab/CN=$2" -days 3650; }
leaf() { # name, key, issuer, extensions, further options
	openssl req -newkey $2 -nodes -keyout $1.key -out $1.csr -subj "/O=Lab/CN=$1"
	printf "$4" > $1.ext
	openssl x509 -req -in $1.csr -CA $3.crt -CAkey $3.key -set_serial 0x$(openssl rand -hex 8) -days 90 -extfile $1.ext -out $1.crt $5
}
root ca 'Lab Root' rsa:2048
root other 'Lab Root' rsa:2048
root stranger 'Strange Root' rsa:2048
root tiny 'Tiny Root' rsa:1024
NAMES='subjectAltName=DNS:localhost,IP:127.0.0.1\n'
BOTH='extendedKeyUsage=serverAuth,clientAuth\n'
leaf srv rsa:2048 ca "$NAMES$BOTH"
leaf own rsa:2048 ca "$NAMES$BOTH"
leaf cli rsa:2048 ca 'extendedKeyUsage=clientAuth\n'
leaf serveronly rsa:2048 ca "${NAMES}extendedKeyUsage=serverAuth\n"
leaf nokeyusage rsa:2048 ca "${NAMES}keyUsage=keyCertSign\n"
leaf weak rsa:1024 ca "$NAMES$BOTH"
leaf sha1 rsa:2048 ca "$NAMES$BOTH" -sha1
leaf undertiny rsa:2048 tiny "$NAMES$BOTH"
leaf noname rsa:2048 ca "$BOTH"
leaf issuing rsa:2048 ca 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n'
leaf deep rsa:2048 issuing "$NAMES$BOTH"
leaf under rsa:2048 srv "$NAMES$BOTH"
openssl ecparam -name prime256v1 -genkey -noout -out ec.key
openssl req -new -key ec.key -subj /CN=ec -out ec.csr
openssl x509 -req -in ec.csr -CA ca.crt -CAkey ca.key -set_serial 77 -days 90 -extfile srv.ext -out ec.crt
openssl x509 -req -in srv.csr -CA ca.crt -CAkey ca.key -set_serial 78 -days -1 -extfile srv.ext -out expired.crt
openssl x509 -in srv.crt -outform DER -out srv.der
openssl x509 -in ca.crt -outform DER -out ca.der
openssl pkey -in srv.key -outform DER -out srvkey.der
openssl pkcs12 -export -in srv.crt -inkey srv.key -out srv.p12 -passout pass:
openssl crl2pkcs7 -nocrl -certfile srv.crt -out srv.p7b
openssl pkey -in srv.key -aes256 -passout pass:secret -out sealed.key
openssl rsa -in srv.key -aes128 -traditional -passout pass:secret -out legacy.key
sed 's/^/  /' srv.crt > indented.crt
sed 's/^/  /' srv.key > indented.key
tr '\n' ' ' < srv.crt > oneline.crt
(printf '\357\273\277'; sed 's/$/\r/' srv.crt) > windows.crt
(cat srv.crt; printf -- '-----BEGIN CERTIFICATE-----\ngarbage!\n-----END CERTIFICATE-----\n') > halfgood.crt
(cat ca.crt; printf -- '-----BEGIN CERTIFICATE-----\nQUJD\n') > cutca.crt
openssl x509 -in srv.crt -trustout -out trusted.crt
awk 'NR==5{print ""}1' srv.crt > gap.crt
awk 'NR==2||NR==5{print ""}1' srv.crt > gaps.crt
awk 'NR==2{print ""}1' srv.crt > firstgap.crt
openssl rsa -in srv.key -traditional | sed 's/RSA PRIVATE/EC PRIVATE/' > mislabelled.key
cat ca.crt srv.crt > order.crt
cat srv.key srv.crt > pair.pem
cat deep.crt issuing.crt > deepchain.crt
cat issuing.crt ca.crt > cas.crt
cat deep.crt srv.crt > deepwrong.crt
cat ec.key srv.key > twokeys.key
: > empty.crt
mkdir plaindir hashdir conf.d
cp ca.crt plaindir; cp ca.crt hashdir; openssl rehash hashdir
echo 'tls-key-file srv.key' > conf.d/key.conf
echo 'tls-cert-file nosuch.crt' > conf.d/bad.conf
chmod 600 *.key *.pem *.der *.p12
`

// makeFilesPKI makes the certificates in a new folder and goes there.
func makeFilesPKI(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	command := exec.CommandContext(t.Context(), "bash", "-c", filesPKI)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, output)
	}
}

// judgement is what redan cert files --json says of one configuration.
type judgement struct {
	Verdict string
	Sets    []struct {
		Findings []struct {
			Code, Severity, Message, Scope string
			Fix                            []struct {
				Command, Language string
				Placeholders      bool
			}
		}
	}
}

func (j judgement) codes(severity string) []string {
	var codes []string
	for _, f := range j.Sets[0].Findings {
		if f.Severity == severity {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

func judgeConf(t *testing.T, args ...string) (judgement, ran) {
	t.Helper()
	got := newTwin(append([]string{"cert", "files", "--json"}, args...)...).run(t)
	var j judgement
	if err := json.Unmarshal([]byte(got.stdout), &j); err != nil {
		t.Fatalf("%v: %v: %q %q", args, err, got.stdout, got.stderr)
	}
	return j, got
}

// freePort returns a port that nothing listens on. Another may take it, but hardly so soon.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, text, _ := net.SplitHostPort(listener.Addr().String())
	port, _ := strconv.Atoi(text)
	return port
}

// serve starts redis-server with a configuration and reports whether it got ready, what a client of OpenSSL then got, and its log.
func serve(t *testing.T, conf string, port int) (ready bool, reply, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var output buffer
	server := exec.CommandContext(ctx, "redis-server", conf)
	server.Stdout, server.Stderr = &output, &output
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = server.Wait(); close(done) }()
	defer func() { _ = server.Process.Kill(); <-done }()
	for !strings.Contains(output.String(), "Ready to accept connections") {
		select {
		case <-done:
			return false, "", output.String()
		case <-time.After(5 * time.Millisecond):
		}
	}
	client, cancelClient := context.WithTimeout(ctx, 5*time.Second)
	defer cancelClient()
	ping := exec.CommandContext(client, "redis-cli", "-p", strconv.Itoa(port), "--tls", "--cacert", "trust.crt", "--cert", "cli.crt", "--key", "cli.key",
		"-a", "pw", "--no-auth-warning", "ping")
	text, _ := ping.CombinedOutput()
	return true, string(text), output.String()
}

// TestFiles compares what is said of files with what the programs they are for do with them.
func TestFiles(t *testing.T) {
	makeFilesPKI(t) // which takes longer than all the rest
	t.Run("redis-server", testFilesAgreeWithRedis)
	t.Run("stunnel", testFilesAgreeWithStunnel)
	t.Run("redis-sentinel", testFilesAgreeWithSentinel)
	t.Run("peers", testFilesOfPeers)
}

// testFilesAgreeWithRedis compares what is said of a configuration with what redis-server does with it: "crit" means that it does not start,
// or that a client of OpenSSL that trusts the same root gets no answer. And what is printed as the first fix, run as printed, mends it.
func testFilesAgreeWithRedis(t *testing.T) {
	const files = "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-file ca.crt\n"
	tests := []struct {
		name, conf string
		code       string // of the finding that matters; empty when all is well
		severity   string // of that finding; crit when empty
		trust      string // the client's CA file; ca.crt when empty
		mends      bool   // the first fix of that finding can be run, and mends it
	}{
		{name: "all is well", conf: files},
		{name: "dates, names, order of lines", conf: "TLS-CERT-FILE \"srv.\\x63rt\"\ntls-key-file 'srv.key'\ntls-ca-cert-file ca.crt\n"},
		{name: "last line wins", conf: "tls-cert-file nosuch.crt\n" + files},
		{name: "pattern of include", conf: "tls-cert-file srv.crt\ninclude conf.d/key*.conf\ninclude nosuch*.conf\ntls-ca-cert-file ca.crt\n"},
		{name: "byte order mark and CRLF", conf: files + "tls-cert-file windows.crt\n"},
		{name: "empty first line", conf: files + "tls-cert-file firstgap.crt\n"},
		{name: "TRUSTED CERTIFICATE", conf: files + "tls-cert-file trusted.crt\n"},
		{name: "key and certificate in one file", conf: files + "tls-cert-file pair.pem\ntls-key-file pair.pem\n"},
		{name: "encrypted key with passphrase", conf: files + "tls-key-file sealed.key\ntls-key-file-pass secret\n"},
		{name: "old encryption with passphrase", conf: files + "tls-key-file legacy.key\ntls-key-file-pass secret\n"},
		{name: "passphrase for nothing", conf: files + "tls-key-file-pass secret\n", code: "KEY_PASS_SPARE", severity: "info"},
		{name: "chain", conf: files + "tls-cert-file deepchain.crt\ntls-key-file deep.key\n"},
		{
			name: "chain completed from the CA file", conf: files + "tls-cert-file deep.crt\ntls-key-file deep.key\ntls-ca-cert-file cas.crt\n",
			code: "MISSING_INTERMEDIATE", severity: "info",
		},
		{name: "hashed directory", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-dir hashdir\n"},
		{name: "nobody verified", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-auth-clients no\n"},
		{
			name: "cipher list", conf: files + "tls-ciphers DEFAULT:NOSUCH:!MEDIUM\ntls-ciphersuites NOSUCH:TLS_AES_128_GCM_SHA256\n",
			code: "CIPHERS", severity: "info",
		},
		{
			name: "ECDSA ciphers for RSA beside TLS 1.3", conf: files + "tls-ciphers ECDHE-ECDSA-AES128-GCM-SHA256\n",
			code: "NO_COMMON_CIPHER", severity: "warn",
		},
		{name: "no names", conf: files + "tls-cert-file noname.crt\ntls-key-file noname.key\n", code: "NO_NAMES", severity: "warn"},
		{name: "one client file", conf: files + "tls-client-cert-file cli.crt\n", code: "HALF_IGNORED", severity: "warn"},
		{name: "cluster", conf: files + "cluster-enabled yes\ntls-cluster yes\ntls-replication yes\n"},
		{name: "cluster without tls-cluster", conf: files + "cluster-enabled yes\n", code: "CLUSTER_PLAIN_PORTS", severity: "warn"},

		{name: "key of another", conf: files + "tls-key-file own.key\n", code: "KEY_MISMATCH"},
		{name: "key of another kind", conf: files + "tls-key-file ec.key\n", code: "KEY_MISMATCH"},
		{name: "first of two keys", conf: files + "tls-key-file twokeys.key\n", code: "KEY_MISMATCH"},
		{name: "certificate of another kind", conf: files + "tls-cert-file ec.crt\n", code: "KEY_MISMATCH"},
		{name: "swapped", conf: files + "tls-cert-file srv.key\ntls-key-file srv.crt\n", code: "FILES_SWAPPED", mends: true},
		{name: "encrypted key", conf: files + "tls-key-file sealed.key\n", code: "KEY_ENCRYPTED"},
		{name: "empty passphrase", conf: files + "tls-key-file sealed.key\ntls-key-file-pass \"\"\n", code: "KEY_ENCRYPTED"},
		{name: "wrong passphrase", conf: files + "tls-key-file sealed.key\ntls-key-file-pass no\n", code: "KEY_PASSPHRASE"},
		{name: "root first", conf: files + "tls-cert-file order.crt\n", code: "CHAIN_ORDER"},
		{name: "DER", conf: files + "tls-cert-file srv.der\n", code: "FILE_NOT_PEM", mends: true},
		{name: "DER key", conf: files + "tls-key-file srvkey.der\n", code: "FILE_NOT_PEM", mends: true},
		{name: "DER CA", conf: files + "tls-ca-cert-file ca.der\n", code: "FILE_NOT_PEM", mends: true},
		{name: "PKCS#12", conf: files + "tls-cert-file srv.p12\n", code: "FILE_NOT_PEM", mends: true},
		{name: "PKCS#12 key", conf: files + "tls-key-file srv.p12\n", code: "FILE_NOT_PEM", mends: true},
		{name: "PKCS#7", conf: files + "tls-cert-file srv.p7b\n", code: "FILE_NOT_PEM", mends: true},
		{name: "indented", conf: files + "tls-cert-file indented.crt\n", code: "FILE_NOT_PEM"},
		{name: "indented key", conf: files + "tls-key-file indented.key\n", code: "FILE_NOT_PEM", mends: true},
		{name: "on one line", conf: files + "tls-cert-file oneline.crt\n", code: "FILE_NOT_PEM"},
		{name: "damaged block behind", conf: files + "tls-cert-file halfgood.crt\n", code: "FILE_GARBLED"},
		{name: "empty line within", conf: files + "tls-cert-file gap.crt\n", code: "FILE_GARBLED"},
		{name: "empty lines within", conf: files + "tls-cert-file gaps.crt\n", code: "FILE_GARBLED"},
		{name: "key under another label", conf: files + "tls-key-file mislabelled.key\n", code: "FILE_GARBLED"},
		{name: "CA file cut short", conf: files + "tls-ca-cert-file cutca.crt\n", code: "FILE_GARBLED"},
		{name: "empty file", conf: files + "tls-cert-file empty.crt\n", code: "FILE_EMPTY"},
		{name: "missing file", conf: files + "tls-cert-file nosuch.crt\n", code: "FILE_MISSING"},
		{name: "missing CA file", conf: files + "tls-ca-cert-file nosuch.crt\n", code: "FILE_MISSING"},
		{name: "missing DH parameters", conf: files + "tls-dh-params-file nosuch.pem\n", code: "FILE_MISSING"},
		{name: "a folder", conf: files + "tls-cert-file hashdir\n", code: "FILE_MISSING"},
		{name: "no certificate named", conf: "tls-key-file srv.key\ntls-ca-cert-file ca.crt\n", code: "CERT_MISSING"},
		{name: "no key named", conf: "tls-cert-file srv.crt\ntls-ca-cert-file ca.crt\n", code: "KEY_MISSING"},
		{name: "no CA", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\n", code: "NO_CA"},
		{name: "no CA for replication", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-auth-clients no\ntls-replication yes\n", code: "NO_CA"},
		{name: "directory without hashes", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-dir plaindir\n", code: "CA_DIR_NAMES", mends: true},
		{name: "missing directory", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-dir nosuch\n", code: "FILE_MISSING"},
		{name: "missing directory beside a file", conf: files + "tls-ca-cert-dir nosuch\n", code: "FILE_MISSING", severity: "warn"},
		{name: "RSA 1024", conf: files + "tls-cert-file weak.crt\ntls-key-file weak.key\n", code: "WEAK_RSA"},
		{name: "RSA 1024 with a lower level", conf: files + "tls-cert-file weak.crt\ntls-key-file weak.key\ntls-ciphers DEFAULT@SECLEVEL=0\n", code: "WEAK_RSA"},
		{name: "SHA-1", conf: files + "tls-cert-file sha1.crt\ntls-key-file sha1.key\n", code: "SHA1_SIGNED"},
		{
			name: "root of RSA 1024", conf: files + "tls-cert-file undertiny.crt\ntls-key-file undertiny.key\ntls-ca-cert-file tiny.crt\n",
			code: "WEAK_RSA", trust: "tiny.crt",
		},
		{name: "expired", conf: files + "tls-cert-file expired.crt\n", code: "EXPIRED"},
		{name: "for clients", conf: files + "tls-cert-file cli.crt\ntls-key-file cli.key\n", code: "WRONG_EKU"},
		{name: "for signing", conf: files + "tls-cert-file nokeyusage.crt\ntls-key-file nokeyusage.key\n", code: "WRONG_EKU"},
		{name: "issued by no CA", conf: files + "tls-cert-file under.crt\ntls-key-file under.key\ntls-ca-cert-file cas2.crt\n", code: "LEAF_AS_CA", trust: "cas2.crt"},
		{name: "intermediate nowhere", conf: files + "tls-cert-file deep.crt\ntls-key-file deep.key\n", code: "MISSING_INTERMEDIATE"},
		{
			name: "intermediate only as CA", conf: files + "tls-cert-file deepwrong.crt\ntls-key-file deep.key\ntls-ca-cert-file cas.crt\n",
			code: "MISSING_INTERMEDIATE",
		},
		{name: "CA file without a root", conf: files + "tls-ca-cert-file issuing.crt\n", code: "PARTIAL_CHAIN"},
		{name: "TLS 1.1", conf: files + "tls-protocols TLSv1.1\n", code: "VERSION", mends: true},
		{name: "two blanks between protocols", conf: files + "tls-protocols \"TLSv1.2  TLSv1.3\"\n", code: "VERSION", mends: true},
		{name: "TLS 1.4", conf: files + "tls-protocols TLSv1.4\n", code: "VERSION", mends: true},
		{name: "protocols without quotes", conf: files + "tls-protocols TLSv1.2 TLSv1.3\n", code: "CONF_LINE", mends: true},
		{name: "unknown cipher", conf: files + "tls-ciphers NOSUCH\n", code: "CIPHERS", mends: true},
		{name: "suite of TLS 1.3 among the others", conf: files + "tls-ciphers TLS_AES_128_GCM_SHA256\n", code: "CIPHERS", mends: true},
		{name: "retired cipher", conf: files + "tls-ciphers DES-CBC3-SHA\n", code: "CIPHERS", mends: true},
		{name: "ECDSA ciphers for RSA", conf: files + "tls-protocols TLSv1.2\ntls-ciphers ECDHE-ECDSA-AES128-GCM-SHA256\n", code: "NO_COMMON_CIPHER", mends: true},
		{name: "PSK only", conf: files + "tls-protocols TLSv1.2\ntls-ciphers PSK\n", code: "NO_COMMON_CIPHER", mends: true},
		{name: "unknown suite", conf: files + "tls-ciphersuites AES128-SHA\n", code: "CIPHERS", mends: true},
		{name: "CCM only", conf: files + "tls-ciphersuites TLS_AES_128_CCM_SHA256\n", code: "NO_COMMON_CIPHER", mends: true},
		{name: "misspelt directive", conf: files + "tls-certfile srv.crt\n", code: "CONF_LINE", mends: true},
		{name: "word instead of yes", conf: files + "tls-replication true\n", code: "CONF_LINE", mends: true},
		{name: "unknown mode", conf: files + "tls-auth-clients maybe\n", code: "CONF_LINE", mends: true},
		{name: "comment behind a value", conf: files + "tls-auth-clients no # for now\n", code: "CONF_LINE", mends: true},
		{name: "open quotes", conf: files + "tls-ciphers \"DEFAULT\n", code: "CONF_LINE", mends: true},
		{name: "missing include", conf: files + "include nosuch.conf\n", code: "CONF_LINE", mends: true},
		{name: "included fault", conf: files + "include conf.d/*.conf\n", code: "FILE_MISSING"},
		{name: "one port for both", conf: files + "port PORT\n", code: "PORT_CLASH", mends: true},
		{name: "port with a leading zero", conf: files + "port 00\n", code: "CONF_LINE", mends: true},
		{name: "no port", conf: files + "tls-port 0\n", code: "NO_PORT"},
		{name: "no room for the bus", conf: files + "cluster-enabled yes\ntls-cluster yes\ntls-replication yes\ntls-port 60000\n", code: "PORT_CLASH"},
		{name: "missing folder", conf: "dir nosuch\n" + files, code: "CONF_LINE", mends: true},
	}
	for _, file := range []string{"srv.crt", "ca.crt"} {
		appendFile(t, "cas2.crt", file)
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			port := freePort(t)
			name := "redis" + strconv.Itoa(i) + ".conf"
			conf := "port 0\ntls-port PORT\nbind 127.0.0.1\nsave \"\"\nlogfile \"\"\nrequirepass pw\ncluster-config-file nodes" + strconv.Itoa(i) + ".conf\ncluster-port BUS\n" + test.conf
			if strings.Contains(conf, "60000") {
				conf = strings.Replace(conf, "cluster-port BUS\n", "", 1)
			}
			conf = strings.NewReplacer("PORT", strconv.Itoa(port), "BUS", strconv.Itoa(freePort(t))).Replace(conf)
			if err := os.WriteFile(name, []byte(conf), 0o600); err != nil {
				t.Fatal(err)
			}
			trust := "ca.crt"
			if test.trust != "" {
				trust = test.trust
			}
			copyFile(t, "trust.crt", trust)
			said, got := judgeConf(t, name)
			ready, reply, log := serve(t, name, port)
			works := ready && strings.Contains(reply, "PONG")
			if works == (said.Verdict == "crit") {
				t.Errorf("redis-server: ready %v, reply %q; redan says %s\n%s\n%s", ready, reply, said.Verdict, got.stdout, log)
			}
			wantCode(t, said, test.code, test.severity)
			if test.mends {
				mend(t, said, test.code)
				if ready, reply, log := serve(t, name, port); !ready || !strings.Contains(reply, "PONG") {
					t.Errorf("after the fix: ready %v, reply %q\n%s", ready, reply, log)
				}
			}
		})
	}
}

// wantCode checks that code was found with that severity, and that nothing else is worse than a note.
func wantCode(t *testing.T, said judgement, code, severity string) {
	t.Helper()
	if severity == "" && code != "" {
		severity = "crit"
	}
	if code != "" && !slices.Contains(said.codes(severity), code) {
		t.Errorf("found crit %v, warn %v, info %v; want %s %s", said.codes("crit"), said.codes("warn"), said.codes("info"), severity, code)
	}
	for _, level := range []string{"crit", "warn"} {
		for _, found := range said.codes(level) {
			if found != code && code != "CONF_LINE" && code != "CHAIN_ORDER" && code != "NO_PORT" && code != "WRONG_EKU" {
				t.Errorf("%s %s was found too: %+v", level, found, said.Sets[0].Findings)
			}
		}
	}
}

// mend runs the first fix of a finding that can be run.
func mend(t *testing.T, said judgement, code string) {
	t.Helper()
	for _, f := range said.Sets[0].Findings {
		if f.Code != code {
			continue
		}
		for _, fix := range f.Fix {
			if fix.Language != "shell" || fix.Placeholders || strings.HasPrefix(fix.Command, "redan ") {
				continue
			}
			command := exec.CommandContext(t.Context(), "sh", "-c", fix.Command)
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", fix.Command, err, output)
			}
			return
		}
	}
	t.Fatalf("%s has no fix that can be run: %+v", code, said)
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func appendFile(t *testing.T, to, from string) {
	t.Helper()
	old, err := os.ReadFile(to)
	if err != nil {
		old = nil
	}
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(filepath.Clean(to), bytes.Join([][]byte{old, data}, nil), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
