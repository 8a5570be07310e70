package cert

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// opensslSuites returns the names of the suites up to TLS 1.2 that openssl selects for a list, and whether it accepts the list.
func opensslSuites(t *testing.T, list string) (names []string, ok bool) {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "openssl", "ciphers", "-s", "-tls1_2", "--", list).Output()
	if err != nil {
		return nil, false
	}
	for name := range strings.SplitSeq(strings.TrimSpace(string(output)), ":") {
		if name != "" && !strings.HasPrefix(name, "TLS_") {
			names = append(names, name)
		}
	}
	return names, len(names) > 0
}

// compareWithOpenSSL checks that list means the same here as for openssl, as far as crypto/tls goes.
func compareWithOpenSSL(t *testing.T, list string) {
	t.Helper()
	theirs, accepted := opensslSuites(t, list)
	ids, _, err := ParseCiphers(list)
	refused, isRefused := errors.AsType[*CipherError](err)
	if !accepted {
		if err == nil {
			t.Errorf("%q: openssl refuses it, we select %x", list, ids)
		}
		return
	}
	var want, got []string
	for _, s := range suites() {
		if s.ours && slices.Contains(theirs, s.name) {
			want = append(want, s.name)
		}
		if slices.Contains(ids, s.id) {
			got = append(got, s.name)
		}
	}
	if !slices.Equal(want, got) {
		t.Errorf("%q: got %v (%v), want %v", list, got, err, want)
	}
	if len(want) == 0 && (!isRefused || !strings.Contains(refused.Detail, "TLS library")) {
		t.Errorf("%q: nothing of it is in Go, but the error is %v", list, err)
	}
}

func TestParseCiphersAsOpenSSL(t *testing.T) {
	t.Parallel()
	lists := []string{
		"ALL", "DEFAULT", "HIGH:!aNULL:!MD5", "ECDHE+AESGCM:ECDHE+CHACHA20", "EECDH+AESGCM:EDH+AESGCM", "HIGH:!aNULL:!kRSA:!PSK:!SRP:!MD5:!RC4",
		"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA", "AES128-SHA:AES256-SHA:-AES128-SHA", "ALL:-AES:AES128-SHA",
		"ALL:!AES:AES128-SHA", "ALL:-ALL", "ALL:!ALL", "ALL:+RSA", "+RSA", "!RSA", "-ALL", "DEFAULT:-RSA", "DEFAULT:!ECDHE", "DEFAULT:eNULL", "DEFAULTX",
		"AES128-SHA:DEFAULT", "COMPLEMENTOFDEFAULT", "COMPLEMENTOFALL", "SUITEB128", "SUITEB128ONLY", "SUITEB192", "SUITEB128C2", "SUITEB128:AES",
		"AES:SUITEB128", "kRSA+AES", "kRSA+ECDHE", "AES128-SHA+AES", "AES+AES128-SHA", "AES128-SHA+AES256-SHA", "ECDHE+", "+AES", "AES:+SHA", "",
		":", "AES SHA", "AES,SHA", "AES;SHA", "AES/SHA", "AES!SHA", "AES128-SHA!", "AES128-SHA:!", "AES128-SHA:!:AES256-SHA", "AES128-SHA::AES256-SHA",
		"@STRENGTH", "AES@STRENGTH", "AES@SECLEVEL=1", "DEFAULT@SECLEVEL=1", "ALL:@FOO", "ALL:@STRENGTHX", "ALL:@SECLEVEL=9", "ALL:@SECLEVEL=", "AES:@SECLEVEL=0x", "FOO", "FOO:AES128-SHA",
		"AES128-SHA:FOO", "AES128-SHA:!FOO", "FOO+AES:AES128-SHA", "AES+FOO:AES128-SHA", "FOO/x:AES128-SHA", "TLS_AES_128_GCM_SHA256", "MEDIUM", "LOW",
		"EXPORT:AES128-SHA", "HIGH:!3DES:!RC4", "AES128-SHA+TLSv1.2", "AES128-SHA+kRSA+aRSA", "aes128-sha", "CBC", "FIPS", "FIPS:-kRSA", "SHA384", "SHA256:SHA1",
	}
	for _, list := range lists {
		// Without a level openssl takes that of its configuration.
		compareWithOpenSSL(t, list+":@SECLEVEL=0")
	}
}

func TestParseCiphersKnowsAllKeywords(t *testing.T) {
	t.Parallel()
	for _, word := range keywords() {
		if group(word) == nil {
			t.Errorf("%s is offered but not known", word)
		}
		// What openssl was built without cannot be compared.
		if word != "3DES" && word != "RC4" && word != "MEDIUM" {
			compareWithOpenSSL(t, word+":@SECLEVEL=0")
			compareWithOpenSSL(t, "ALL:!"+word+":@SECLEVEL=0")
		}
	}
}

func TestParseCiphersAtAllLevels(t *testing.T) {
	t.Parallel()
	for level := range 6 {
		compareWithOpenSSL(t, fmt.Sprintf("ALL:@SECLEVEL=%d", level))
		compareWithOpenSSL(t, fmt.Sprintf("kRSA:@SECLEVEL=%d", level))
	}
}

// TestTwoGradesSelectNothing is what a random list once found.
func TestTwoGradesSelectNothing(t *testing.T) {
	for _, list := range []string{"FIPS+HIGH:AES128-SHA", "HIGH+FIPS:AES128-SHA", "HIGH+HIGH", "FIPS+ECDHE", "AES128-SHA:+FIPS+HIGH", "DEFAULT:!HIGH+FIPS"} {
		compareWithOpenSSL(t, list+":@SECLEVEL=0")
	}
}

func TestParseCiphersOfRandomLists(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	// Left out is what openssl was built without, and a word that it forgets when it is joined with the name of a suite.
	leftOut := []string{"3DES", "RC4", "MEDIUM", "COMPLEMENTOFDEFAULT"}
	words := slices.DeleteFunc(append(keywords(), "FOO", "DEFAULT"), func(word string) bool { return slices.Contains(leftOut, word) })
	for _, s := range suites() {
		if s.ours && !s.retired {
			words = append(words, s.name)
		}
	}
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	for range 120 {
		var list strings.Builder
		for range 1 + random.IntN(6) {
			list.WriteString(pick([]string{"", "", "", "!", "-", "+"}))
			list.WriteString(pick(words))
			for random.IntN(3) == 0 {
				list.WriteString("+" + pick(words))
			}
			list.WriteString(pick([]string{":", ":", ":", ",", " ", ";", "::", ":@STRENGTH:"}))
		}
		compareWithOpenSSL(t, list.String()+":@SECLEVEL=0")
	}
	if t.Failed() {
		t.Logf("seed %d", seed)
	}
}

func TestCipherTable(t *testing.T) {
	t.Parallel()
	table := suites()
	ids := make(map[uint16]bool)
	for _, s := range table {
		if s.id == 0 || ids[s.id] || s.encryption != "NULL" && s.bits < 112 {
			t.Errorf("%+v: number missing, doubled, or strength wrong", s)
		}
		ids[s.id] = true
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		at := slices.IndexFunc(table, func(row suite) bool { return row.id == s.ID })
		_, isModern := modernSuite(s.Name)
		if at < 0 && !isModern || at >= 0 && table[at].iana != s.Name && s.ID != tls.TLS_RSA_WITH_RC4_128_SHA &&
			!strings.Contains(s.Name, "RC4") {
			t.Errorf("%s of crypto/tls is missing or has another name", s.Name)
		}
	}
	for i, name := range modernSuites()[:3] {
		if id, ok := modernSuite(name); !ok || tls.CipherSuiteName(id) != name {
			t.Errorf("suite %d is %s, not %s", i, tls.CipherSuiteName(id), name)
		}
	}
}

func TestParseCiphersNotes(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"AES128-SHA":              "",
		"AES128-SHA:AES256-SHA":   "order",
		"AES128-SHA:@STRENGTH":    "order",
		"AES128-SHA:FOO":          `"FOO" is unknown`,
		"AES128-SHA:ECDHEE":       "did you mean ECDHE?",
		"DHE-RSA-AES128-SHA:kRSA": "not in this program's TLS library: DHE-RSA-AES128-SHA",
		"AES128-SHA:@SECLEVEL=1":  "level 1",
		"AES128-SHA:@SECLEVEL=0":  "",
		"RC4-SHA:!EXPORT:!kDHr":   "",
	} {
		_, notes, err := ParseCiphers(list)
		if all := strings.Join(notes, "\n"); err != nil || !strings.Contains(all, want) || (want == "") != (all == "") {
			t.Errorf("%q: notes %q, %v; want %q", list, notes, err, want)
		}
	}
}

func TestParseCiphersErrors(t *testing.T) {
	t.Parallel()
	for list, words := range map[string][]string{
		"FOO":                        {`"FOO" is no cipher suite`},
		"ECDHE-RSA-AES128-GCM-SHA25": {"did you mean ECDHE-RSA-AES128-GCM-SHA256?"},
		"ecdhe-rsa-aes128-sha":       {"did you mean ECDHE-RSA-AES128-SHA?"},
		"TLS_AES_128_GCM_SHA256":     {"--tls-ciphersuites TLS_AES_128_GCM_SHA256"},
		"DHE-RSA-AES256-GCM-SHA384":  {"none of DHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
		"PSK":                        {"more", "ECDHE-RSA-AES128-GCM-SHA256"},
		"":                           {"selects no cipher suite"},
		"ALL:!":                      {"word is missing"},
		"ALL:@LEVEL":                 {`"@LEVEL" is no command`},
		"ALL:\x1b[1m":                {"word is missing"},
	} {
		_, _, err := ParseCiphers(list)
		refused, ok := errors.AsType[*CipherError](err)
		if !ok {
			t.Errorf("%q: %v", list, err)
			continue
		}
		for _, word := range append(words, "Error while configuring ciphers") {
			if !strings.Contains(refused.Error(), word) {
				t.Errorf("%q: %q lacks %q", list, refused, word)
			}
		}
		if strings.Contains(refused.Error(), "\x1b") {
			t.Errorf("%q is not fit for a terminal", refused.Error())
		}
	}
}

func TestParseCiphersIsObeyed(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	leaf := root.issue(t, "x", withDNS("x.lab"))
	for _, name := range []string{"ECDHE-ECDSA-AES256-SHA", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-RC4-SHA"} {
		ids, _, err := ParseCiphers(name)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%s: %x, %v", name, ids, err)
		}
		all := make([]uint16, 0, 30)
		for _, s := range suites() {
			all = append(all, s.id)
		}
		client := &tls.Config{CipherSuites: ids, MaxVersion: tls.VersionTLS12}
		policyFor("x.lab", root).Apply(client)
		state, err := shake(t, &tls.Config{Certificates: []tls.Certificate{leaf.chain()}, CipherSuites: all}, client)
		if err != nil || state.CipherSuite != ids[0] {
			t.Errorf("%s: agreed on %s, %v", name, tls.CipherSuiteName(state.CipherSuite), err)
		}
	}
}

func TestParseCiphersuites(t *testing.T) {
	t.Parallel()
	const aes128, aes256, chacha = tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256
	for list, want := range map[string]struct {
		ids  []uint16
		note string
		err  string
	}{
		"TLS_AES_128_GCM_SHA256":                                {[]uint16{aes128}, "", ""},
		"TLS_CHACHA20_POLY1305_SHA256: TLS_AES_256_GCM_SHA384:": {[]uint16{chacha, aes256}, "", ""},
		"TLS_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256":         {[]uint16{aes128}, "", ""},
		"TLS_AES_128_GCM_SHA256:TLS_FOO":                        {[]uint16{aes128}, "TLS_FOO", ""},
		"TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256":         {[]uint16{aes128}, "", ""},
		"":                       {nil, "", ""},
		"TLS_FOO":                {nil, "", `"TLS_FOO"`},
		"tls_aes_128_gcm_sha256": {nil, "", "no cipher suite of TLS 1.3"},
		"AES128-SHA":             {nil, "", "the suites are TLS_AES_128_GCM_SHA256"},
		"TLS_AES_128_CCM_SHA256": {nil, "", "Go has no CCM"},
		"TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384": {nil, "", "no cipher suite of TLS 1.3"},
	} {
		ids, notes, err := ParseCiphersuites(list)
		if !slices.Equal(ids, want.ids) || !strings.Contains(strings.Join(notes, ""), want.note) || (len(notes) > 0) != (want.note != "") {
			t.Errorf("%q: %x %q, want %x %q", list, ids, notes, want.ids, want.note)
		}
		refused, isRefused := errors.AsType[*CipherError](err)
		if isRefused != (want.err != "") {
			t.Errorf("%q: %v, want %q", list, err, want.err)
		}
		if isRefused && (!strings.Contains(refused.Error(), want.err) || !strings.HasPrefix(refused.Error(), "Error while setting cypher suites: ")) {
			t.Errorf("%q: %q lacks %q", list, refused, want.err)
		}
	}
}

func TestCheckSuite(t *testing.T) {
	t.Parallel()
	root := newRoot(t, "Root")
	leaf := root.issue(t, "x", withDNS("x.lab"))
	connectWith := func(allowed []uint16, highest uint16) error {
		client := &tls.Config{InsecureSkipVerify: true, MaxVersion: highest, VerifyConnection: func(state tls.ConnectionState) error {
			return CheckSuite(state, allowed)
		}}
		_, err := shake(t, &tls.Config{Certificates: []tls.Certificate{leaf.chain()}}, client)
		return err
	}
	all := []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256}
	accepted := 0
	for _, id := range all {
		err := connectWith([]uint16{id}, 0)
		if err == nil {
			accepted++
			continue
		}
		if refused, ok := errors.AsType[*CipherError](err); !ok || !strings.Contains(refused.Error(), tls.CipherSuiteName(id)) {
			t.Errorf("%s: %v", tls.CipherSuiteName(id), err)
		}
	}
	if accepted != 1 {
		t.Errorf("%d of the three suites were accepted, want the one agreed on", accepted)
	}
	for name, err := range map[string]error{
		"all allowed": connectWith(all, 0), "none named": connectWith(nil, 0), "TLS 1.2": connectWith(all[:1], tls.VersionTLS12),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint16{
		"1": tls.VersionTLS10, "1.0": tls.VersionTLS10, "TLSv1": tls.VersionTLS10, "1.1": tls.VersionTLS11, "TLSv1.1": tls.VersionTLS11,
		"1.2": tls.VersionTLS12, "TLSv1.2": tls.VersionTLS12, "tls1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13, "v1.3": tls.VersionTLS13,
	} {
		if got, err := ParseVersion(text); err != nil || got != want {
			t.Errorf("ParseVersion(%q) = %x, %v; want %x", text, got, err, want)
		}
	}
	for _, text := range []string{"", "tls", "1.4", "2", "SSLv3", "1.2.3", "12"} {
		if got, err := ParseVersion(text); !errors.Is(err, ErrVersion) || got != 0 {
			t.Errorf("ParseVersion(%q) = %x, %v; want an error", text, got, err)
		}
	}
}

func FuzzParseCiphers(f *testing.F) {
	for _, seed := range []string{"ALL:!aNULL:@STRENGTH", "DEFAULT@SECLEVEL=1", "kRSA+AES:+SHA,-MD5;x", "!", "@", "+", "A+", "SUITEB192"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		list = list[:min(len(list), 300)]
		ids, _, err := ParseCiphers(list)
		if (err == nil) != (len(ids) > 0) {
			t.Errorf("%x with %v", ids, err)
		}
		if err != nil && bytes.ContainsAny([]byte(err.Error()), "\x00\x1b\n") {
			t.Errorf("%q is not fit for a terminal", err)
		}
	})
}
