package cert

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"path/filepath"
	"slices"
	"strings"
)

// newClient is a new certificate for this client.
func (j *judge) newClient(how string) Fix {
	return fillIn(Fix{
		Side: SideClient, Language: LanguageShell, Command: j.program() + " cert issue --ca CA.crt --ca-key CA.key --client NAME",
		Note: how + ", from a CA that the server trusts; then --cert and --key with the new files",
	})
}

// withIntermediate makes a file of certificate and intermediate, and uses it.
func (j *judge) withIntermediate(between *x509.Certificate, file string) Fix {
	certFile, known := j.want.CertFile, between != nil
	if certFile == "" {
		certFile, known = "CLIENT.crt", false
	}
	if !known {
		file = "INTERMEDIATE.crt"
	}
	extension := filepath.Ext(certFile)
	if lower := strings.ToLower(extension); lower == ".p12" || lower == ".pfx" || lower == ".der" {
		known = false // they cannot be put together with cat
	}
	chain := strings.TrimSuffix(certFile, extension) + "-chain" + extension
	fix := j.byClient(j.inv().With("--cert", chain), "the certificate first, the intermediate behind it")
	fix.before = "cat " + ShellQuote(certFile) + " " + ShellQuote(file) + " > " + ShellQuote(chain) + " && "
	fix.Command = fix.before + fix.Command
	fix.Placeholders = !known
	return fix
}

// clientPair is a certificate and its key, in files.
type clientPair struct {
	certFile, keyFile string
	cert              *x509.Certificate
	sameCA            bool // the CA of the server's certificate issued it
}

func (p clientPair) invocation(i Invocation) Invocation {
	i = i.With("--cert", p.certFile).Without("--key-pass-file")
	if p.keyFile == p.certFile {
		return i.Without("--key")
	}
	return i.With("--key", p.keyFile)
}

func (p clientPair) note() string {
	note := "a certificate for clients: " + subject(p.cert)
	if p.sameCA {
		note += ", from the CA of the server's"
	}
	return note
}

// nearbyPair looks among the files nearby for a certificate, fit for a client, and its key. It prefers those from the CA of the server's
// chain, and those made for clients alone.
func (j *judge) nearbyPair(chain []*x509.Certificate) (best clientPair, found bool) {
	keys := map[string]string{} // by public key
	for _, file := range j.want.Nearby {
		if _, again := keys[file.KeySPKI]; file.KeySPKI != "" && !again {
			keys[file.KeySPKI] = file.Path
		}
	}
	var pairs []clientPair
	for _, file := range j.want.Nearby {
		if len(file.Certificates) == 0 {
			continue
		}
		c := file.Certificates[0]
		keyFile, ok := keys[SPKI(c.PublicKey)]
		if file.KeySPKI != "" && file.KeySPKI == SPKI(c.PublicKey) {
			keyFile = file.Path
		}
		if !ok || c.IsCA || !allowsClient(c) || j.now.After(c.NotAfter) || j.now.Before(c.NotBefore) {
			continue
		}
		pairs = append(pairs, clientPair{certFile: file.Path, keyFile: keyFile, cert: c, sameCA: sameIssuer(file.Certificates, chain)})
	}
	if len(pairs) == 0 {
		return clientPair{}, false
	}
	best = slices.MinFunc(pairs, func(a, b clientPair) int {
		return cmp.Or(cmp.Compare(pairCost(a), pairCost(b)), cmp.Compare(a.certFile, b.certFile))
	})
	return best, true
}

func pairCost(p clientPair) int {
	cost := 0
	if !p.sameCA {
		cost += 8
	}
	if allowsServing(p.cert) {
		cost += 2
	}
	if !strings.Contains(strings.ToLower(p.certFile), "client") {
		cost++
	}
	return cost
}

// sameIssuer reports whether certs lead to an issuer of the server's chain.
func sameIssuer(certs, chain []*x509.Certificate) bool {
	return slices.ContainsFunc(certs, func(c *x509.Certificate) bool {
		return slices.ContainsFunc(chain, func(s *x509.Certificate) bool {
			return bytes.Equal(c.RawIssuer, s.RawIssuer) && bytes.Equal(c.AuthorityKeyId, s.AuthorityKeyId) || bytes.Equal(c.RawIssuer, s.RawSubject) && s.IsCA
		})
	})
}
