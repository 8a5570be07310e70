package main_test

import (
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"redan/conn/conntest"
)

// pki is the certificates of a transcript, by name.
type pki map[string]*conntest.Pair

func (p pki) pair(ts *testscript.TestScript, name string) *conntest.Pair {
	pair := p[name]
	if pair == nil {
		ts.Fatalf("there is no certificate named %q", name)
	}
	return pair
}

func (p pki) authority(ts *testscript.TestScript, name string) *conntest.Authority {
	return &conntest.Authority{Pair: *p.pair(ts, name)}
}

// makeCA makes a root, or with by= an intermediate, NAME.crt and NAME.key:
// ca NAME [by=CA] [cn=NAME].
func makeCA(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, "ca NAME [by=CA] [cn=NAME]")
	p := worldOf(ts).pki
	o := conntest.IssueOptions{CN: args[0]}
	by := ""
	for _, arg := range args[1:] {
		option, value, _ := strings.Cut(arg, "=")
		switch option {
		case "by":
			by = value
		case "cn":
			o.CN = value
		default:
			ts.Fatalf("ca: unknown option %q", arg)
		}
	}
	var made *conntest.Authority
	if by != "" {
		made = p.authority(ts, by).Intermediate(scriptTB{ts}, o)
	} else {
		made = conntest.NewAuthority(scriptTB{ts}, func(root *conntest.IssueOptions) { root.CN = o.CN })
	}
	p.keep(ts, args[0], &made.Pair)
}

const issueUsage = "issue NAME [by=CA] [cn=NAME] [dns=NAME,...] [ip=ADDRESS,...] [expired] [future] [rsa] [for-clients] [for-servers]"

// issueCertificate makes a certificate, signed by itself without by=, NAME.crt
// (with its chain) and NAME.key. Without dns= and ip= it is for this host.
func issueCertificate(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, neg || len(args) == 0, issueUsage)
	p := worldOf(ts).pki
	o := conntest.IssueOptions{CN: args[0]}
	by := ""
	for _, arg := range args[1:] {
		option, value, _ := strings.Cut(arg, "=")
		switch option {
		case "by":
			by = value
		case "cn":
			o.CN = value
		case "dns":
			o.DNS = strings.Split(value, ",")
		case "ip":
			for ip := range strings.SplitSeq(value, ",") {
				o.IPs = append(o.IPs, net.ParseIP(ip))
			}
		case "expired":
			o.NotBefore, o.NotAfter = time.Now().AddDate(0, -2, 0), time.Now().AddDate(0, 0, -3)
		case "future":
			o.NotBefore, o.NotAfter = time.Now().AddDate(0, 0, 2), time.Now().AddDate(0, 2, 0)
		case "rsa":
			o.KeyType = conntest.RSA2048
		case "for-clients":
			o.EKU = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		case "for-servers":
			o.EKU = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		default:
			ts.Fatalf("issue: unknown option %q; usage: %s", arg, issueUsage)
		}
	}
	if by == "" {
		p.keep(ts, args[0], conntest.SelfSigned(scriptTB{ts}, o))
		return
	}
	p.keep(ts, args[0], p.authority(ts, by).Issue(scriptTB{ts}, o))
}

// keep writes a pair into the transcript's folder.
func (p pki) keep(ts *testscript.TestScript, name string, pair *conntest.Pair) {
	p[name] = pair
	key, err := x509.MarshalPKCS8PrivateKey(pair.Key)
	ts.Check(err)
	chain := ts.ReadFile(pair.ChainFile)
	ts.Check(os.WriteFile(ts.MkAbs(name+".crt"), []byte(chain), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(name+".key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
}
