package cert

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
)

// path is a chain as far as it can be followed: the leaf, then the issuer of each.
type path struct {
	certs    []*x509.Certificate
	anchored bool // the last one is trusted

	// rejected has the subject that the last one of certs names as issuer, but why says why it is not.
	rejected *x509.Certificate
	why      error
}

func (p path) top() *x509.Certificate { return p.certs[len(p.certs)-1] }

// tracer follows issuers. Its work is bounded: what it walks through comes from a peer that need not be friendly.
type tracer struct {
	sent   []*x509.Certificate
	roots  Roots
	checks int // signatures still to be checked
}

// tracePath follows the issuers of the first certificate sent, through the others and the trusted ones, whatever their dates and
// usages. It prefers a path that ends at a trusted one, then the longest.
func tracePath(sent []*x509.Certificate, roots Roots) path {
	const maxSent, maxChecks = 20, 40
	t := tracer{sent: sent[:min(len(sent), maxSent)], roots: roots, checks: maxChecks}
	return t.follow([]*x509.Certificate{sent[0]})
}

func (t *tracer) follow(certs []*x509.Certificate) path {
	best := path{certs: certs}
	last := best.top()
	if t.roots.contains(last) {
		best.anchored = true
		return best
	}
	for _, root := range t.roots.List {
		if t.issued(root.Certificate, last, &best) {
			return path{certs: extend(certs, root.Certificate), anchored: true}
		}
	}
	for _, candidate := range t.sent {
		if containsCert(certs, candidate) || !t.issued(candidate, last, &best) {
			continue
		}
		further := t.follow(extend(certs, candidate))
		if further.anchored {
			return further
		}
		if len(further.certs) > len(best.certs) {
			best = further
		}
	}
	return best
}

// issued reports whether parent issued child, and remembers in p why one that should have did not.
func (t *tracer) issued(parent, child *x509.Certificate, p *path) bool {
	if !bytes.Equal(parent.RawSubject, child.RawIssuer) || parent.Equal(child) || t.checks == 0 {
		return false
	}
	t.checks--
	err := child.CheckSignatureFrom(parent)
	if err != nil && p.rejected == nil {
		p.rejected, p.why = parent, err
	}
	return err == nil
}

func extend(certs []*x509.Certificate, c *x509.Certificate) []*x509.Certificate {
	return append(append([]*x509.Certificate(nil), certs...), c)
}

func containsCert(certs []*x509.Certificate, wanted *x509.Certificate) bool {
	for _, c := range certs {
		if c.Equal(wanted) {
			return true
		}
	}
	return false
}

// isSelfSigned reports whether c is signed with its own key. Equal names do not suffice: some recipes give the CA and the server the
// same name.
//
// crypto/x509 does not check a signature made with SHA-1 or MD5; then the identifiers of the keys must do.
func isSelfSigned(c *x509.Certificate) bool {
	if !bytes.Equal(c.RawSubject, c.RawIssuer) {
		return false
	}
	err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	if _, weak := errors.AsType[x509.InsecureAlgorithmError](err); weak {
		return len(c.AuthorityKeyId) == 0 || bytes.Equal(c.AuthorityKeyId, c.SubjectKeyId)
	}
	return err == nil
}

// orNoVerification is the last resort, which ends the fixes of a server that is not trusted.
const orNoVerification = "; --insecure verifies nothing"

// untrusted explains a path that ends at nothing trusted.
func (c chainOf) untrusted() *VerifyError {
	top := c.path.top()
	var weak x509.InsecureAlgorithmError
	var noCA x509.ConstraintViolationError
	switch {
	case top.Equal(c.leaf) && isSelfSigned(top):
		return c.selfSigned()
	case c.path.rejected != nil && errors.As(c.path.why, &weak):
		return c.weaklySigned(top)
	case c.path.rejected != nil && errors.As(c.path.why, &noCA):
		return c.noCA(c.path.rejected)
	case c.path.rejected != nil && rsaBits(c.path.rejected) < minRSA:
		return c.tooSmall(c.path.rejected)
	case c.path.rejected != nil && c.origin(c.path.rejected) != "":
		return c.wrongRoot(top)
	case c.lacksIntermediate(top):
		return &VerifyError{
			Code: CodeMissingIntermediate, Cert: top,
			Detail: "the server sent only its own certificate, and its issuer, " + issuer(top) + ", is not known here: probably an intermediate, " +
				"which the server should send too",
			Fix: "on the server, put the intermediate behind the certificate in tls-cert-file (cat server.crt intermediate.crt); " +
				"until then --cacert with a file that holds the intermediate too",
		}
	default:
		return c.unknownCA(top)
	}
}

func (c chainOf) selfSigned() *VerifyError {
	e := &VerifyError{
		Code: CodeSelfSignedLeaf, Cert: c.leaf,
		Detail: "the server's certificate (" + subject(c.leaf) + ") is signed by itself and is not trusted here",
		Fix:    "--cacert with a copy of that certificate trusts it" + orNoVerification,
	}
	if c.path.rejected != nil && c.origin(c.path.rejected) != "" {
		e.Detail += "; the one of that name in " + c.origin(c.path.rejected) + " is another: an older one, or another server's"
	}
	return e
}

func (c chainOf) unknownCA(top *x509.Certificate) *VerifyError {
	needed := issuer(top)
	e := &VerifyError{Code: CodeUnknownCA, Cert: top}
	e.Detail = "the server's certificate (" + subject(c.leaf) + ") comes from a CA that is not trusted here: " + needed
	e.Fix = "--cacert FILE with the certificate of that CA" + orNoVerification
	if c.roots.Pool != nil {
		e.Detail += "; trusted are only " + c.trusted()
		e.Fix = "--cacert with the file that holds the certificate of " + needed + orNoVerification
	}
	if top.Equal(c.leaf) {
		e.Fix += "; if that is an intermediate, the server should send it behind its own certificate"
	}
	return e
}

// trusted names what the user gave as trusted, for comparison with what would be needed.
func (c chainOf) trusted() string {
	names := make([]string, 0, len(c.roots.List))
	for _, root := range c.roots.List {
		names = append(names, subject(root.Certificate)+" ("+root.Path+")")
	}
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

func (c chainOf) wrongRoot(top *x509.Certificate) *VerifyError {
	rejected := c.path.rejected
	return &VerifyError{
		Code: CodeWrongRootSameName, Cert: top,
		Detail: "the server's certificate was issued by a CA named " + issuer(top) + ", but not by the one of that name in " +
			c.origin(rejected) + ": same name, another key",
		Fix: "get the CA certificate from where this server's certificate was made; --cacert may be given several times, and one file may hold both",
	}
}

func (c chainOf) weaklySigned(top *x509.Certificate) *VerifyError {
	algorithm := top.SignatureAlgorithm.String()
	return &VerifyError{
		Code: CodeSHA1Signed, Cert: top,
		Detail: c.element(top) + " is signed with " + algorithm + ", which can be forged and is no longer accepted",
		Fix:    "issue it anew with SHA-256 (openssl: -sha256)",
	}
}

func (c chainOf) tooSmall(issuer *x509.Certificate) *VerifyError {
	return &VerifyError{
		Code: CodeWeakRSA, Cert: issuer,
		Detail: fmt.Sprintf("%s has an RSA key of %d bits, with which nothing is proven any more", c.element(issuer), rsaBits(issuer)),
		Fix:    "make the CA anew with a key of 2048 bits or more, or ECDSA P-256",
	}
}

// lacksIntermediate guesses whether the unknown issuer is an intermediate and not a root: only its own certificate was sent, and either
// it says where its issuer can be fetched, or the issuer has the organisation of a root that is trusted, or is named as one.
func (c chainOf) lacksIntermediate(top *x509.Certificate) bool {
	if !top.Equal(c.leaf) || isSelfSigned(top) || bytes.Equal(top.RawIssuer, top.RawSubject) {
		return false
	}
	if len(top.IssuingCertificateURL) > 0 {
		return true
	}
	name := strings.ToLower(top.Issuer.CommonName)
	switch {
	case strings.Contains(name, "intermediate") || strings.Contains(name, "issuing"):
		return true
	case strings.Contains(name, "root"):
		return false
	}
	for _, root := range c.roots.List {
		organization := strings.Join(root.Certificate.Subject.Organization, ",")
		if organization != "" && organization == strings.Join(top.Issuer.Organization, ",") {
			return true
		}
	}
	return false
}
