package certreport

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"redan/conn/cert"
	"redan/ui/theme"
)

// showGolden compares text with a file of testdata, or writes it with -update.
func showGolden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s differs; got\n%s\nwant\n%s", name, text, want)
	}
}

// showCases are the situations that are listed in the goldens.
func showCases(t *testing.T) map[string][]cert.Inspection {
	t.Helper()
	l := newShowLab(t)
	stranger := showCA(t, "Lab Root A", 9, nil) // the root's name and another key
	request, err := x509.CreateCertificateRequest(rand.Reader,
		&x509.CertificateRequest{Subject: pkix.Name{CommonName: "redis-3.lab"}, DNSNames: []string{"redis-3.lab"}}, showSigner(7))
	if err != nil {
		t.Fatal(err)
	}
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(7), ThisUpdate: showNow().Add(-48 * time.Hour), NextUpdate: showNow().Add(-time.Hour * 3),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: big.NewInt(0x3f4), RevocationTime: showNow()}},
	}, &x509.Certificate{Subject: l.root.cert.Subject, SubjectKeyId: []byte{1, 1}, KeyUsage: x509.KeyUsageCRLSign}, showSigner(1))
	if err != nil {
		t.Fatal(err)
	}
	expired := l.root.leaf(t, "old.lab", 8, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = showNow().AddDate(0, -3, 0), showNow().Add(-26*time.Hour)
	})
	future := l.root.leaf(t, "new.lab", 10, func(c *x509.Certificate) { c.NotBefore = showNow().AddDate(0, 0, 3) })
	big2048 := &showEntity{cert: showMake(t, showTemplate("rsa.lab", 99, 400), showRSAKey(), l.root, nil)}
	rich, policy := l.rich(t)
	return map[string][]cert.Inspection{
		"chain": {
			showSource(t, "redis.crt", l.leaf.pem(), l.middle.pem()), showSource(t, "ca.crt", l.root.pem()), showSource(t, "redis.key", l.leaf.keyPEM(t)),
		},
		"server":    {cert.InspectChain("redis-2.lab:6380", []*x509.Certificate{l.leaf.cert, l.middle.cert}, nil)},
		"shared":    {showSource(t, "all.pem", l.root.pem(), l.leaf.pem(), l.other.pem(), l.middle.pem(), l.leaf.pem())},
		"unrelated": {showSource(t, "redis.crt", l.middle.pem()), showSource(t, "ca.crt", stranger.pem()), showSource(t, "other.key", l.other.keyPEM(t))},
		"dates":     {showSource(t, "dates.pem", expired.pem(), future.pem(), big2048.pem(), l.root.pem())},
		"others": {showSource(t, "mixed.pem",
			[]byte("notes\n"), showPEM("CERTIFICATE REQUEST", request), showPEM("X509 CRL", list), []byte("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
			showPEM("ENCRYPTED PRIVATE KEY", showSealed(t)), showPEM("PGP MESSAGE", []byte("x")), showKeyPEM(t, 7))},
		"rich": {showSource(t, "rich.pem", rich.pem(), policy.pem())},
	}
}

// showSealed is the outside of an encrypted key.
func showSealed(t *testing.T) []byte {
	t.Helper()
	block := (&x509.Certificate{}).Raw
	return append(block, 0x30, 0x0d, 0x30, 0x09, 0x06, 0x03, 0x2a, 0x03, 0x04, 0x02, 0x02, 0x10, 0x00, 0x04, 0x00)
}

func showKeyPEM(t *testing.T, seed byte) []byte {
	t.Helper()
	return (&showEntity{key: showSigner(seed)}).keyPEM(t)
}

func TestShowText(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	for name, sources := range showCases(t) {
		for _, form := range []struct {
			suffix string
			style  Style
			opts   ShowOptions
		}{
			{"100", Style{Width: 100, Location: berlin}, ShowOptions{}},
			{"60", Style{Width: 60, ASCII: true}, ShowOptions{}},
			{"full", Style{Width: 100, Location: berlin}, ShowOptions{Full: true}},
		} {
			t.Run(name+"_"+form.suffix, func(t *testing.T) {
				showGolden(t, filepath.Join("show", name+"_"+form.suffix+".txt"), ShowText(sources, showNow(), form.style, form.opts))
			})
		}
	}
}

// Colour means validity: without it, and with it, the words are the same.
func TestShowTextColour(t *testing.T) {
	for name, sources := range showCases(t) {
		plain := ShowText(sources, showNow(), Style{Width: 80}, ShowOptions{Full: true})
		coloured := ShowText(sources, showNow(), Style{Width: 80, Theme: theme.New(true)}, ShowOptions{Full: true})
		if coloured == plain {
			t.Errorf("%s: no colour", name)
		}
		stripped := coloured
		for _, code := range []string{"0", "1", "31", "32", "33", "36", "90"} {
			stripped = strings.ReplaceAll(stripped, "\x1b["+code+"m", "")
		}
		if stripped != plain {
			t.Errorf("%s: the words differ; coloured\n%s\nplain\n%s", name, stripped, plain)
		}
	}
}

func TestShowTextFitsAndIsASCII(t *testing.T) {
	for name, sources := range showCases(t) {
		for width := 40; width <= 120; width += 10 {
			text := ShowText(sources, showNow(), Style{Width: width, ASCII: true}, ShowOptions{Full: true})
			for line := range strings.Lines(text) {
				line = strings.TrimRight(line, "\n")
				if words := strings.Fields(line); len(line) > width && len(words) > 1 && len(words[len(words)-1]) < width-30 {
					t.Errorf("%s at %d: %q", name, width, line)
				}
				if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
					t.Errorf("%s: not ASCII: %q", name, line)
				}
			}
		}
	}
}

func TestShowFirst(t *testing.T) {
	sources := showCases(t)["chain"]
	text := ShowText(sources, showNow(), Style{}, ShowOptions{First: true})
	if !strings.Contains(text, "redis-2.lab") || strings.Contains(text, "Lab Root A\n") || !strings.Contains(text, "redis.key") {
		t.Errorf("got\n%s", text)
	}
	if got := strings.Count(ShowPEM(sources, true), "BEGIN"); got != 1 {
		t.Errorf("%d blocks", got)
	}
	data, err := ShowJSON(sources, showNow(), "redan test", ShowOptions{First: true})
	if err != nil || strings.Count(string(data), `"not_after"`) != 1 {
		t.Errorf("%v\n%s", err, data)
	}
	if text := ShowText(nil, showNow(), Style{}, ShowOptions{First: true}); text != "" {
		t.Errorf("of nothing: %q", text)
	}
}

func TestShowPEM(t *testing.T) {
	l := newShowLab(t)
	sources := []cert.Inspection{showSource(t, "a", []byte("words\r\n"), l.leaf.pem(), l.leaf.keyPEM(t), l.middle.pem()), showSource(t, "b", l.root.pem())}
	want := slices.Concat(l.leaf.pem(), l.middle.pem(), l.root.pem())
	if got := ShowPEM(sources, false); got != string(want) {
		t.Errorf("got\n%s", got)
	}
}

func TestShowJSON(t *testing.T) {
	for name, sources := range showCases(t) {
		t.Run(name, func(t *testing.T) {
			data, err := ShowJSON(sources, showNow(), "redan test", ShowOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(data) {
				t.Fatal("not JSON")
			}
			showGolden(t, filepath.Join("show", name+".json"), string(data))
		})
	}
}

// hostile is a certificate that tries to act on the terminal.
func (l showLab) hostile(t testing.TB) *showEntity {
	t.Helper()
	return l.root.leaf(t, "evil\x1b[2J\u202e\u009b31m", 11, func(c *x509.Certificate) {
		c.DNSNames = []string{"good.lab\x1b]0;x\x07", "a, b.lab", "trailing.lab ", "10.0.0.1", "good.lab"}
		c.Subject.Organization = []string{"two\nlines\r"}
		c.ExtraExtensions = []pkix.Extension{{Id: []int{2, 16, 840, 1, 113730, 1, 13}, Value: []byte("\x16\x05a\x1b[1m")}}
	})
}

func TestShowEscapes(t *testing.T) {
	l := newShowLab(t)
	source := showSource(t, "bad\x1b[2J.crt", l.hostile(t).pem())
	for _, opts := range []ShowOptions{{}, {Full: true}} {
		text := ShowText([]cert.Inspection{source}, showNow(), Style{Width: 80}, opts)
		for _, r := range text {
			if r != '\n' && !isShown(r) {
				t.Fatalf("%q reaches the terminal in\n%s", r, text)
			}
		}
		for _, want := range []string{`evil\x1b[2J\u202e`, `good.lab\x1b]0;x\a`, `"a, b.lab"`, `"trailing.lab "`, "DNS:10.0.0.1"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not in\n%s", want, text)
			}
		}
	}
	data, err := ShowJSON([]cert.Inspection{source}, showNow(), "redan test", ShowOptions{})
	if err != nil || !json.Valid(data) {
		t.Fatalf("%v\n%s", err, data)
	}
	for _, r := range string(data) {
		if r != '\n' && !isShown(r) {
			t.Fatalf("%q reaches the terminal in JSON", r)
		}
	}
	var back struct {
		Sources []struct{ Items []struct{ DNS []string } }
	}
	if err := json.Unmarshal(data, &back); err != nil || back.Sources[0].Items[0].DNS[2] != "trailing.lab " {
		t.Errorf("%v, %+v", err, back)
	}
}

// A listing of ten thousand blocks takes no longer than it should, and what is nothing but damage does not fill the screen.
func TestShowIsBounded(t *testing.T) {
	l := newShowLab(t)
	var data bytes.Buffer
	for i := range 10_000 {
		switch i % 4 {
		case 0:
			data.Write(l.leaf.pem())
		case 1:
			data.Write(l.root.pem())
		case 2:
			fmt.Fprintf(&data, "-----BEGIN CERTIFICATE-----\nAAAA%04d\n-----END CERTIFICATE-----\n", i)
		default:
			data.WriteString("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
		}
	}
	started := time.Now()
	source := showSource(t, "many.pem", data.Bytes())
	text := ShowText([]cert.Inspection{source}, showNow(), Style{Width: 80}, ShowOptions{})
	if lines := strings.Count(text, "\n"); lines > 200 {
		t.Errorf("%d lines", lines)
	}
	if !strings.Contains(text, "5000 damaged blocks") || !strings.Contains(text, "4980 more damaged blocks") {
		t.Errorf("got\n%s", text)
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
	many := l.root.leaf(t, "many.lab", 12, func(c *x509.Certificate) {
		for i := range 5000 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("n%d.lab", i))
		}
	})
	text = ShowText([]cert.Inspection{showSource(t, "names.pem", many.pem())}, showNow(), Style{Width: 80}, ShowOptions{})
	if !strings.Contains(text, "more (--full lists them)") || strings.Contains(text, "n4999.lab") {
		t.Error("thousands of names were listed")
	}
	text = ShowText([]cert.Inspection{showSource(t, "names.pem", many.pem())}, showNow(), Style{Width: 80}, ShowOptions{Full: true})
	if !strings.Contains(text, "n4999.lab") {
		t.Error("not all names were listed with --full")
	}
}

// A key of a million bits takes hours to check a signature with; one self-signed certificate must not stop the program.
func TestShowHugeKey(t *testing.T) {
	n := new(big.Int).Lsh(big.NewInt(1), 1_000_000)
	template := showTemplate("huge.lab", 1, 90)
	template.Issuer = template.Subject
	c := showMake(t, template, &rsa.PublicKey{N: n.Add(n, big.NewInt(7)), E: 65537}, &showEntity{template, showSigner(1)}, nil)
	source := showSource(t, "huge.crt", showPEM("CERTIFICATE", c.Raw))
	started := time.Now()
	text := ShowText([]cert.Inspection{source}, showNow(), Style{}, ShowOptions{Full: true})
	if _, err := ShowJSON([]cert.Inspection{source}, showNow(), "redan test", ShowOptions{}); err != nil {
		t.Error(err)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if !strings.Contains(text, "RSA 1000001") || !strings.Contains(text, "the signature cannot be checked") {
		t.Errorf("got\n%s", text)
	}
}
