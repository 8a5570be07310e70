package cert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// looseSet is what cert files is given one by one.
func looseSet(hosts ...string) FileSet {
	return FileSet{Title: "leaf.crt", Program: "redan", Hosts: hosts, DefaultThresholds: true}
}

func heldIn(option, path string, data ...[]byte) LocalFile {
	return LocalFile{Setting: Setting{Name: option, Value: path}, Path: path, Data: slices.Concat(data...), Access: FileAccess{Known: true, Mode: 0o600, Owner: "root"}}
}

// with puts a certificate, the chain behind it and its key into a set.
func (s FileSet) with(t *testing.T, e *entity, behind ...*entity) FileSet {
	t.Helper()
	s.Own.Cert = heldIn("--cert", "leaf.crt", e.pem())
	for _, c := range behind {
		s.Own.Cert.Data = append(s.Own.Cert.Data, c.pem()...)
	}
	s.Own.Key = heldIn("--key", "leaf.key", e.keyPEM(t))
	return s
}

func (s FileSet) trusting(roots ...*entity) FileSet {
	ca := heldIn("--cacert", "ca.crt")
	for _, c := range roots {
		ca.Data = append(ca.Data, c.pem()...)
	}
	s.CAs = []LocalFile{ca}
	return s
}

func (s FileSet) as(use FileUse) FileSet {
	s.Use = use
	return s
}

func found(r Report) []string {
	codes := []string{}
	for _, f := range r.Findings {
		codes = append(codes, f.Severity.String()+" "+f.Code)
	}
	return codes
}

func TestJudgeFileSets(t *testing.T) {
	root, other := newRoot(t, "Root"), newRoot(t, "Root")
	middle := root.issue(t, "Middle", asCA)
	leaf := root.issue(t, "leaf", withDNS("redis.lab"), withIP("10.0.0.1"))
	deep := middle.issue(t, "deep", withDNS("redis.lab"))
	serverAuth, clientAuth := withEKU(x509.ExtKeyUsageServerAuth), withEKU(x509.ExtKeyUsageClientAuth)
	forServers, forClients := root.issue(t, "s", withDNS("redis.lab"), serverAuth), root.issue(t, "c", clientAuth)
	expired := root.issue(t, "old", withDNS("redis.lab"), validBetween(testNow().Add(-100*oneDay), testNow().Add(-oneDay)))
	future := root.issue(t, "new", withDNS("redis.lab"), validBetween(testNow().Add(oneDay), testNow().Add(100*oneDay)))
	soon := root.issue(t, "soon", withDNS("redis.lab"), validBetween(testNow().Add(-100*oneDay), testNow().Add(20*oneDay)))
	verySoon := root.issue(t, "very soon", withDNS("redis.lab"), validBetween(testNow().Add(-100*oneDay), testNow().Add(2*oneDay)))
	short := root.issue(t, "short", withDNS("redis.lab"), validBetween(testNow().Add(-time.Hour), testNow().Add(20*time.Hour)))
	lasting := root.issue(t, "lasting", withDNS("redis.lab"), validBetween(testNow().Add(-oneDay), testNow().Add(826*oneDay)))
	loner := sign(t, template(t, "loner", testNow(), withDNS("redis.lab")), newKey(t), nil)
	sameName := root.issue(t, "Root", withDNS("redis.lab"))
	issuedByLeaf := leaf.issue(t, "below", withDNS("redis.lab"))
	nameless, dotted := root.issue(t, "redis.lab"), root.issue(t, "ip", withDNS("10.0.0.1", "redis.lab"))

	tests := []struct {
		name string
		set  FileSet
		want string // what is found, in order
	}{
		{"all is well", looseSet("redis.lab", "10.0.0.1").with(t, leaf).trusting(root), ""},
		{"no CA", looseSet().with(t, leaf), ""},
		{"with the root behind", looseSet().with(t, leaf, root).trusting(root), "info CHAIN_WITH_ROOT"},
		{"twice", looseSet().with(t, leaf, leaf).trusting(root), "info DUPLICATE"},
		{"with a stranger behind", looseSet().with(t, leaf, loner).trusting(root), "info CHAIN_EXTRA"},
		{"chain", looseSet().with(t, deep, middle).trusting(root), ""},
		{"chain in the wrong order", looseSet().with(t, deep, root, middle).trusting(root), "warn CHAIN_UNORDERED, info CHAIN_WITH_ROOT"},
		{"intermediate with the CAs", looseSet().with(t, deep).trusting(middle, root), "warn MISSING_INTERMEDIATE"},
		{"intermediate of a client", looseSet().with(t, deep).trusting(middle, root).as(UseClient), "warn CLIENT_INTERMEDIATE_NOT_SENT"},
		{"intermediate nowhere", looseSet().with(t, deep).trusting(root), "crit MISSING_INTERMEDIATE"},
		{"intermediate trusted", looseSet().with(t, deep).trusting(middle), "info PARTIAL_CHAIN"},
		{"another root of the name", looseSet().with(t, leaf).trusting(other), "crit WRONG_ROOT_SAME_NAME"},
		{"the same for a client", looseSet().with(t, forClients).trusting(other), "warn WRONG_ROOT_SAME_NAME"},
		{"other root", looseSet().with(t, leaf).trusting(newRoot(t, "Else", withoutOrganization)), "crit UNKNOWN_CA"},
		{"signed by itself", looseSet().with(t, loner).trusting(root), "crit SELF_SIGNED_LEAF"},
		{"signed by itself and trusted", looseSet().with(t, loner).trusting(loner), ""},
		{"name of its CA", looseSet().with(t, sameName).trusting(root), "crit SAME_DN_CA"},
		{"issued by no CA", looseSet().with(t, issuedByLeaf, leaf).trusting(root), "crit LEAF_AS_CA"},
		{"other name", looseSet("db.lab").with(t, leaf).trusting(root), "crit OTHER_NAME"},
		{"two names", looseSet("db.lab", "10.0.0.2").with(t, leaf).trusting(root), "crit OTHER_NAME, crit OTHER_IP"},
		{"no names", looseSet().with(t, nameless).trusting(root), "warn NO_NAMES"},
		{"no names, one wanted", looseSet("redis.lab").with(t, nameless).trusting(root), "crit CN_ONLY"},
		{"address as name", looseSet().with(t, dotted).trusting(root), "warn IP_AS_DNS"},
		{"expired", looseSet().with(t, expired).trusting(root), "crit EXPIRED"},
		{"expired and wrong name", looseSet("db.lab").with(t, expired).trusting(root), "crit EXPIRED, crit OTHER_NAME"},
		{"not yet", looseSet().with(t, future).trusting(root), "crit NOT_YET_VALID"},
		{"soon", looseSet().with(t, soon).trusting(root), "warn EXPIRES_SOON"},
		{"very soon", looseSet().with(t, verySoon).trusting(root), "crit EXPIRES_SOON"},
		{"short life", looseSet().with(t, short).trusting(root), ""},
		{"long life", looseSet().with(t, lasting).trusting(root), "info LONG_LIVED"},
		{"long life of a client", looseSet().with(t, lasting).trusting(root).as(UseClient), ""},
		{"for servers", looseSet().with(t, forServers).trusting(root), "info BUS_EKU"},
		{"for servers, as server", looseSet().with(t, forServers).trusting(root).as(UseServer), ""},
		{"for servers, as node", looseSet().with(t, forServers).trusting(root).as(UseBoth), "crit CLIENT_WRONG_EKU"},
		{"for clients", looseSet().with(t, forClients).trusting(root), ""},
		{"for clients, as server", looseSet().with(t, forClients).trusting(root).as(UseServer), "crit WRONG_EKU, warn NO_NAMES"},
		{"CA alone", looseSet().trusting(root), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := JudgeFiles(test.set, testNow())
			if got := strings.Join(found(r), ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			checkShape(t, r)
		})
	}
}

func withoutOrganization(c *x509.Certificate) { c.Subject.Organization = nil }

// checkShape holds what every report of files must hold.
func checkShape(t *testing.T, r Report) {
	t.Helper()
	for _, f := range r.Findings {
		t.Log(f.Code, f.Scope, f.Message)
		if f.Message == "" || strings.HasSuffix(f.Message, ".") || strings.Contains(f.Message, "!") || !strings.Contains(f.Scope, "file:") {
			t.Errorf("%s: message %q, scope %q", f.Code, f.Message, f.Scope)
		}
		if f.Severity >= SeverityWarn && (f.Cause == "" || len(f.Fixes) == 0) {
			t.Errorf("%s: cause %q, fixes %v", f.Code, f.Cause, f.Fixes)
		}
		for _, fix := range f.Fixes {
			if fix.Command == "" && fix.Note == "" {
				t.Errorf("%s: an empty fix", f.Code)
			}
		}
	}
	for _, c := range r.Checks {
		if c.State == CheckFailed && len(r.Findings) == 0 {
			t.Errorf("check %q failed without a finding", c.Name)
		}
	}
}

func TestJudgeFileSetsOfKeys(t *testing.T) {
	root := newRoot(t, "Root")
	leaf, second := root.issue(t, "leaf", withDNS("redis.lab")), root.issue(t, "second", withDNS("redis.lab"))
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := looseSet().with(t, leaf).trusting(root)
	change := func(f func(*FileSet)) FileSet {
		set := good
		set.CAs = slices.Clone(good.CAs)
		f(&set)
		return set
	}
	sealed := openssl(t, "pkey", "-in", write(t, "k", leaf.keyPEM(t)), "-aes256", "-passout", "pass:secret")
	tests := []struct {
		name string
		set  FileSet
		want string
		says string // a part of the first message
	}{
		{"other key", change(func(s *FileSet) { s.Own.Key.Data = second.keyPEM(t) }), "crit KEY_MISMATCH", "leaf.key is not the key of the certificate in leaf.crt"},
		{"other curve", change(func(s *FileSet) { s.Own.Key.Data = (&entity{key: p384}).keyPEM(t) }), "crit KEY_MISMATCH", "ECDSA P-384"},
		{"swapped", change(func(s *FileSet) { s.Own.Cert.Data, s.Own.Key.Data = s.Own.Key.Data, s.Own.Cert.Data }), "crit FILES_SWAPPED", "the two are swapped"},
		{"order", change(func(s *FileSet) { s.Own.Cert.Data = append(root.pem(), leaf.pem()...) }), "crit CHAIN_ORDER, info CHAIN_WITH_ROOT", "number 2"},
		{"key in the certificate's file", change(func(s *FileSet) {
			s.Own.Cert.Data = append(leaf.pem(), leaf.keyPEM(t)...)
			s.Own.Key = LocalFile{}
		}), "", ""},
		{"no key", change(func(s *FileSet) { s.Own.Key = LocalFile{} }), "", ""},
		{"world readable", change(func(s *FileSet) { s.Own.Key.Access.Mode = 0o644 }), "warn KEY_EXPOSED", "everybody"},
		{"group readable", change(func(s *FileSet) { s.Own.Key.Access.Mode = 0o640 }), "info KEY_EXPOSED", "group"},
		{"encrypted", change(func(s *FileSet) { s.Own.Key.Data = sealed }), "warn KEY_ENCRYPTED", "encrypted"},
		{"encrypted, wrong passphrase", change(func(s *FileSet) {
			s.Own.Key.Data, s.Own.Passphrase = sealed, func(string) ([]byte, error) { return []byte("guess"), nil }
		}), "crit KEY_PASSPHRASE", "passphrase is wrong"},
		{"encrypted, right passphrase", change(func(s *FileSet) {
			s.Own.Key.Data, s.Own.Passphrase = sealed, func(string) ([]byte, error) { return []byte("secret"), nil }
		}), "", ""},
		{"missing", change(func(s *FileSet) { s.Own.Cert.Err = fs.ErrNotExist }), "crit FILE_UNREADABLE", "does not exist"},
		{"not for us", change(func(s *FileSet) { s.Own.Key.Err = syscall.EACCES }), "warn FILE_UNREADABLE", "may not be read by you"},
		{"DER", change(func(s *FileSet) { s.Own.Cert.Data = leaf.cert.Raw }), "warn FILE_NOT_PEM", "is DER, not PEM"},
		{"key with the CAs", change(func(s *FileSet) { s.CAs[0].Data = append(root.pem(), root.keyPEM(t)...) }), "warn CA_MIXED", "private key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := test.set
			set.CAs = slices.Clone(set.CAs)
			r := JudgeFiles(set, testNow())
			if got := strings.Join(found(r), ", "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if len(r.Findings) > 0 && !strings.Contains(r.Findings[0].Message, test.says) {
				t.Errorf("says %q, want %q", r.Findings[0].Message, test.says)
			}
			if wantUnknown := test.name == "not for us" || test.name == "encrypted"; r.Unknown != wantUnknown {
				t.Errorf("unknown: %v", r.Unknown)
			}
			checkShape(t, r)
			if text := fmt.Sprintf("%+v", r.Findings); strings.Contains(text, "guess") || strings.Contains(text, "secret") {
				t.Errorf("a passphrase shows: %s", text)
			}
		})
	}
}

// Fixes of settings are complete, whatever the settings hold.
func TestSetLines(t *testing.T) {
	j := &fileJudge{set: FileSet{Reader: ReaderRedis, Conf: Conf{Path: "my redis.conf", ConfigCommand: "CONFIG"}}}
	for _, test := range []struct {
		fixes []Fix
		want  []string
	}{
		{j.setLines("tls-cluster", "yes"), []string{"echo 'tls-cluster yes' >> 'my redis.conf'", "CONFIG SET tls-cluster yes"}},
		{
			j.setLines("tls-cert-file", "a b", "tls-key-file", "c"),
			[]string{`printf '%s\n%s\n' 'tls-cert-file "a b"' 'tls-key-file c' >> 'my redis.conf'`, `CONFIG SET tls-cert-file "a b" tls-key-file c`},
		},
		{j.setLines("cluster-enabled", "yes"), []string{"echo 'cluster-enabled yes' >> 'my redis.conf'"}},
	} {
		var got []string
		for _, fix := range test.fixes {
			got = append(got, fix.Command)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("got %q\nwant %q", got, test.want)
		}
	}
	j.set.Conf.ConfigCommand, j.set.Conf.OpenEnd = "b840fc02", true
	if got := j.setLines("tls-cluster", "yes"); got[0].Command != `printf '\n%s\n' 'tls-cluster yes' >> 'my redis.conf'` || got[1].Command != "b840fc02 SET tls-cluster yes" {
		t.Errorf("got %+v", got)
	}
	j.set.Conf.ConfigCommand = ""
	if got := j.setLines("tls-cluster", "yes"); len(got) != 1 {
		t.Errorf("CONFIG was taken away: %+v", got)
	}
}

// A tunnel is told to check what its server really has, so that it goes on working.
func TestStunnelFixes(t *testing.T) {
	root, node := newRoot(t, "Root"), newRoot(t, "node1.rlec.example", func(c *x509.Certificate) { c.KeyUsage = 0 })
	named := newRoot(t, "Node", withDNS("db.lab"), func(c *x509.Certificate) { c.KeyUsage = 0 })
	const (
		pin     = "sed -i '4a verifyPeer = yes' stunnel.conf"
		byIP    = "sed -i '4a checkIP = 127.0.0.1' stunnel.conf"
		byName  = "sed -i '4a checkHost = db.lab' stunnel.conf"
		chain   = "sed -i '4a verifyChain = yes' stunnel.conf && "
		ca      = "sed -i '4a CAfile = CA.crt' stunnel.conf && "
		nothing = ""
	)
	for _, test := range []struct {
		name, connect, verify string
		cas                   []*entity
		code, want            string
		incomplete            bool
	}{
		{"a CA", "127.0.0.1:6380", "2", []*entity{root}, CodeNoNameCheck, byIP, false},
		{"a CA, by name", "db.lab:6380", "2", []*entity{root}, CodeNoNameCheck, byName, false},
		{"servers' own certificates", "127.0.0.1:6380", "2", []*entity{node, named}, CodeNoNameCheck, pin, false},
		{"a CA among them", "127.0.0.1:6380", "2", []*entity{node, root}, CodeNoNameCheck, byIP, false},
		{"nothing verified", "127.0.0.1:6380", "", []*entity{root}, CodeUnverified, chain + byIP, false},
		{"nothing verified, servers' own", "127.0.0.1:6380", "", []*entity{node}, CodeUnverified, pin, false},
		{"nothing verified, no CA", "127.0.0.1:6380", "", nil, CodeUnverified, chain + ca + byIP, true},
		{"pinned", "127.0.0.1:6380", "4", []*entity{node}, nothing, nothing, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			set := FileSet{Title: "stunnel.conf [redis]", Program: "redan", Reader: ReaderStunnel}
			set.Conf = Conf{Path: "stunnel.conf", After: Setting{File: "stunnel.conf", Line: 4}, Settings: map[string]Setting{
				"client": {Value: "yes"}, "connect": {Value: test.connect}, "verify": {Value: test.verify},
			}}
			if len(test.cas) > 0 {
				set = set.trusting(test.cas...)
			}
			r := JudgeFiles(set, testNow())
			if test.code == nothing {
				if len(r.Findings) > 0 {
					t.Error(describe(r))
				}
				return
			}
			f := r.Findings[0]
			if len(r.Findings) != 1 || f.Code != test.code || f.Fixes[0].Command != test.want || f.Fixes[0].Placeholders != test.incomplete {
				t.Errorf("want %s\n%s", test.want, describe(r))
			}
			if strings.Contains(test.want, "check") != strings.Contains(f.Fixes[0].Note, "only if the server's certificate carries") {
				t.Errorf("note %q", f.Fixes[0].Note)
			}
		})
	}
}

// A file that the server's user may not read is told, with the reason.
func TestReadLocalDenied(t *testing.T) {
	path := write(t, "server.key", []byte("x"))
	stranger := ServerUser{Name: "redis", Sure: true, id: "4294900000", groups: []string{"4294900000"}}
	file := Loader{}.ReadLocal(Setting{Name: "tls-key-file", Value: path, File: "redis.conf", Line: 3}, path, []ServerUser{stranger, {Name: "root", id: "0"}})
	if file.Err != nil || string(file.Data) != "x" || len(file.Access.Denied) != 1 || !strings.Contains(file.Access.Denied[0].Reason, "-rw-------") {
		t.Fatalf("got %+v", file)
	}
	j := &fileJudge{set: FileSet{Reader: ReaderRedis}}
	j.judgeDenied(file)
	if len(j.findings) != 1 || j.findings[0].Code != CodeFileDenied || j.findings[0].Severity != SeverityWarn {
		t.Errorf("got %+v", j.findings)
	}
	if missing := (Loader{}).ReadLocal(Setting{}, path+".no", nil); !errors.Is(missing.Err, fs.ErrNotExist) {
		t.Errorf("got %v", missing.Err)
	}
}

// FuzzStrictPEM: what OpenSSL would read of a file, the patient reader reads too.
func FuzzStrictPEM(f *testing.F) {
	for _, seed := range []string{
		"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n", "\xef\xbb\xbf-----BEGIN A-----\r\nQQ==\r\n-----END A-----  \n",
		"-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nQUJD\n-----END A-----", "-----BEGIN A-----\n\nQUJD\n\n-----END A-----\n", "x-----BEGIN A-----\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		strict, err := strictPEM(data)
		if err != nil {
			return
		}
		patient := scanPEM(data)
		for _, b := range strict {
			same := func(p block) bool { return p.err == nil && p.label == b.label && string(p.der) == string(b.der) }
			if !slices.ContainsFunc(patient, same) && labelSize([]byte(b.label+dashes)) > 0 {
				t.Errorf("only the strict reader sees %q %q", b.label, b.der)
			}
		}
	})
}
