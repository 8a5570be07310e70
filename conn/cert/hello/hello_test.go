package hello_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"redan/conn/cert/hello"
	"redan/conn/conntest"
)

// dialer connects to addr.
func dialer(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", addr) }
}

// usual are suites of many kinds: ECDHE, DHE and RSA key exchange, for all kinds of keys, in GCM, CCM, ChaCha20, CBC, ARIA and Camellia.
func usual() []uint16 {
	return []uint16{
		0xc02c, 0xc030, 0x00a3, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc0af, 0xc09f, 0xc05d, 0xc061, 0xc02b, 0xc02f, 0x009e, 0x00a2, 0xc073, 0xc077,
		0xc024, 0xc028, 0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0x0038, 0xc009, 0xc013, 0x0033, 0x009d, 0x009c, 0x003d, 0x003c,
		0x0035, 0x002f,
	}
}

// openssl runs the program, for what crypto/x509 does not make.
func openssl(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// serve runs openssl s_server until the test ends.
func serve(t *testing.T, dir string, args ...string) (addr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "openssl", append([]string{"s_server", "-accept", "127.0.0.1:0"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil { // at the end of its input it would end
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the program
			return at
		}
	}
	_ = cmd.Wait()
	t.Fatalf("openssl s_server: %s", complaints.String())
	return ""
}

// keyed makes a key and a self-signed certificate in dir.
func keyed(t *testing.T, args ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	openssl(t, dir, append([]string{
		"req", "-x509", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=lab", "-days", "3",
	}, args...)...)
	return dir
}

func derOf(t *testing.T, dir string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	return block.Bytes
}

func TestScanOfARealRedis(t *testing.T) {
	root := conntest.NewAuthority(t)
	pair := root.Issue(t, conntest.IssueOptions{KeyType: conntest.RSA2048})
	server := conntest.Start(t, conntest.WithCerts(root, pair), conntest.MutualTLS("yes"))
	begun := time.Now()
	got, err := hello.Scanner{Dial: dialer(server.TLSAddr()), ServerName: "localhost", Suites: usual()}.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Versions, []uint16{hello.TLS12, hello.TLS13}) {
		t.Errorf("versions %x", got.Versions)
	}
	if !slices.Equal(got.Suites13, []uint16{0x1301, 0x1302, 0x1303}) {
		t.Errorf("TLS 1.3 suites %x", got.Suites13)
	}
	for _, suite := range []uint16{0xc02f, 0x009f, 0x009c, 0x002f} { // ECDHE, DHE, RSA key exchange
		if !slices.Contains(got.Suites, suite) {
			t.Errorf("suites %x lack %x", got.Suites, suite)
		}
	}
	if slices.Contains(got.Suites, 0xc02b) { // ECDSA
		t.Errorf("suites %x, with an RSA key", got.Suites)
	}
	if got.Alerts[hello.TLS10] != 70 || got.Alerts[hello.TLS11] != 70 {
		t.Errorf("alerts %v", got.Alerts)
	}
	if len(got.Chain) != 2 || !bytes.Equal(got.Chain[0], pair.Cert.Raw) { // Redis completes it with the root
		t.Errorf("%d certificates, the first %d bytes", len(got.Chain), len(got.Chain[0]))
	}
	t.Logf("%d connections in %s", got.Connections, time.Since(begun))
}

func TestScanSeesWhatCryptoTLSCannot(t *testing.T) {
	rsa := keyed(t, "-newkey", "rsa:2048")
	weak := keyed(t, "-newkey", "rsa:2048", "-md5")
	tiny := keyed(t, "-newkey", "rsa:512")
	odd := keyed(t, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp224r1")
	for _, tt := range []struct {
		name             string
		dir              string
		args             []string
		versions         []uint16
		suites, suites13 []uint16
		hidden           bool // its certificates cannot be decrypted
	}{
		{"DHE only", rsa, []string{"-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"}, []uint16{hello.TLS12}, []uint16{0x009f}, nil, false},
		{"RSA key exchange only", rsa, []string{"-tls1_2", "-cipher", "AES256-GCM-SHA384"}, []uint16{hello.TLS12}, []uint16{0x009d}, nil, false},
		{"CCM only", rsa, []string{"-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"}, []uint16{hello.TLS13}, nil, []uint16{0x1304}, true},
		{"AES-256 only", rsa, []string{"-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"}, []uint16{hello.TLS13}, nil, []uint16{0x1302}, false},
		{
			"AES not first", rsa,
			[]string{"-tls1_3", "-serverpref", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"},
			[]uint16{hello.TLS13},
			nil,
			[]uint16{0x1303, 0x1301},
			false,
		},
		{
			"another group", rsa,
			[]string{"-tls1_3", "-groups", "secp521r1", "-ciphersuites", "TLS_AES_256_GCM_SHA384"},
			[]uint16{hello.TLS13},
			nil,
			[]uint16{0x1302},
			true,
		},
		{
			"a curve of its own", odd,
			[]string{"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"},
			[]uint16{hello.TLS12},
			[]uint16{0xc009},
			nil, false,
		},
		{
			"signed with MD5", weak,
			[]string{"-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"},
			[]uint16{hello.TLS12},
			[]uint16{0xc02f},
			nil, false,
		},
		{
			"signed with MD5, TLS 1.3", weak,
			[]string{"-tls1_3", "-cipher", "ALL:@SECLEVEL=0", "-ciphersuites", "TLS_AES_128_GCM_SHA256"},
			[]uint16{hello.TLS13},
			nil,
			[]uint16{0x1301},
			false,
		},
		{
			"old versions", rsa,
			[]string{"-cipher", "AES128-SHA:@SECLEVEL=0", "-no_tls1_3", "-min_protocol", "TLSv1"},
			[]uint16{hello.TLS10, hello.TLS11, hello.TLS12},
			[]uint16{0x002f},
			nil, false,
		},
		{"tiny key", tiny, []string{"-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"}, []uint16{hello.TLS12}, []uint16{0x002f}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := serve(t, tt.dir, append([]string{"-cert", "cert.pem", "-key", "key.pem"}, tt.args...)...)
			got, err := hello.Scanner{Dial: dialer(addr), Suites: usual()}.Scan(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Versions, tt.versions) || !slices.Equal(got.Suites, tt.suites) || !slices.Equal(got.Suites13, tt.suites13) {
				t.Errorf("versions %x, suites %x, TLS 1.3 suites %x, alerts %v", got.Versions, got.Suites, got.Suites13, got.Alerts)
			}
			wantChain := [][]byte{derOf(t, tt.dir)}
			if tt.hidden {
				wantChain = nil
			}
			if !slices.EqualFunc(got.Chain, wantChain, bytes.Equal) {
				t.Errorf("%d certificates, want %d", len(got.Chain), len(wantChain))
			}
		})
	}
}

// Whatever a server does, the scan ends.
func TestScanSurvivesHostileServers(t *testing.T) {
	say := func(text string) conntest.Script {
		return func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, text)
			conntest.Silence()(c)
		}
	}
	endless := func(record string) conntest.Script {
		return func(c net.Conn) {
			for {
				if _, err := io.WriteString(c, record); err != nil {
					return
				}
			}
		}
	}
	huge := "\x16\x03\x03\x00\x04\x0b\x98\x96\x80"
	for _, tt := range []struct {
		name   string
		script conntest.Script
		want   error // nil: any end will do
	}{
		{"closes", conntest.HangUp(), nil},
		{"silent", conntest.Silence(), context.DeadlineExceeded},
		{"plain Redis", say("-ERR unknown command\r\n"), hello.ErrNotTLS},
		{"empty records", endless("\x16\x03\x03\x00\x00"), hello.ErrTooMuch},
		{"warnings", endless("\x15\x03\x03\x00\x02\x01\x70"), hello.ErrTooMuch},
		{"a message of 10 MB", say(huge), hello.ErrTooMuch},
		{"an alert of one byte", say("\x15\x03\x03\x00\x01\x02"), hello.ErrMalformed},
		{"no ServerHello first", say("\x16\x03\x03\x00\x04\x0e\x00\x00\x00"), hello.ErrMalformed},
		{"a record cut short", say("\x16\x03\x03\x40\x00\x02"), context.DeadlineExceeded},
		{"one byte at a time", func(c net.Conn) {
			for _, b := range []byte("\x16\x03\x03\x40\x00" + strings.Repeat("\x02", 100)) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond) // the pace of the fake, which nothing waits for
			}
		}, context.DeadlineExceeded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := conntest.Fake(t, tt.script)
			begun := time.Now()
			got, err := hello.Scanner{Dial: dialer(addr), Suites: usual(), Patience: 200 * time.Millisecond}.Scan(t.Context())
			if tt.want != nil && !errors.Is(err, tt.want) || len(got.Versions) > 0 {
				t.Errorf("error %v, versions %x", err, got.Versions)
			}
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestScanMakesNoMoreConnectionsThanItMay(t *testing.T) {
	server := conntest.Start(t, conntest.TLS())
	dialled := 0
	dial := func(ctx context.Context) (net.Conn, error) {
		dialled++
		return dialer(server.TLSAddr())(ctx)
	}
	got, err := hello.Scanner{Dial: dial, Suites: usual(), Connections: 7}.Scan(t.Context())
	if !errors.Is(err, hello.ErrUnfinished) || dialled != 7 || got.Connections != 7 || len(got.Versions) != 2 {
		t.Errorf("error %v after %d connections, versions %x", err, dialled, got.Versions)
	}
}

// A server may choose what was not offered, something new each time.
func TestScanBelievesOnlyWhatItOffered(t *testing.T) {
	var count atomic.Uint32
	addr := conntest.Fake(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		answer := append([]byte("\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03"), make([]byte, 33)...)
		_, _ = c.Write(append(answer, 0xfe, byte(count.Add(1)), 0))
		conntest.Silence()(c)
	})
	got, err := hello.Scanner{Dial: dialer(addr), Suites: usual(), Patience: 100 * time.Millisecond}.Scan(t.Context())
	if err != nil || len(got.Suites) > 0 || !slices.Equal(got.Versions, []uint16{hello.TLS12}) || got.Connections > 6 {
		t.Errorf("error %v, versions %x, suites %x after %d connections", err, got.Versions, got.Suites, got.Connections)
	}
}

func TestScanIsCancelled(t *testing.T) {
	addr := conntest.Fake(t, conntest.Silence())
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	begun := time.Now()
	_, err := hello.Scanner{Dial: dialer(addr), Suites: usual(), Patience: time.Minute}.Scan(ctx)
	if !errors.Is(err, context.Canceled) || time.Since(begun) > 2*time.Second {
		t.Errorf("error %v after %s", err, time.Since(begun))
	}
}

// The name reaches the server, which crypto/tls reads on the other side.
func TestOfferIsUnderstoodByCryptoTLS(t *testing.T) {
	pair := conntest.NewAuthority(t).Issue(t, conntest.IssueOptions{}).TLS()
	for _, versions := range [][]uint16{{hello.TLS12}, {hello.TLS13}, hello.Versions()} {
		asked := make(chan *tls.ClientHelloInfo, 1)
		config := &tls.Config{Certificates: []tls.Certificate{pair}, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			asked <- h
			return nil, nil
		}}
		addr := conntest.Fake(t, conntest.Silence(), conntest.OverTLS(config))
		conn, err := dialer(addr)(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		offer := hello.Offer{ServerName: "db.lab", Versions: versions, Suites: append(hello.Suites13(), usual()...)}
		answer, err := hello.Ask(t.Context(), conn, offer, true)
		if err != nil || answer.Version != slices.Max(versions) || answer.Alert != nil {
			t.Errorf("%x: answer %+v, error %v", versions, answer, err)
		}
		if h := <-asked; h.ServerName != "db.lab" || len(h.CipherSuites) <= len(usual()) || !slices.Contains(h.SupportedVersions, answer.Version) {
			t.Errorf("%x: the server read %+v", versions, h)
		}
		if len(answer.Chain) != 1 || !bytes.Equal(answer.Chain[0], pair.Leaf.Raw) {
			t.Errorf("%d certificates", len(answer.Chain))
		}
	}
}
