package issue

import (
	"bytes"
	"cmp"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net/netip"
	"strings"
)

// SigningRequest is what a certificate signing request asks for, as far as it is granted: key, subject and names. Its wishes about
// extensions are not: a request could ask to become a CA.
type SigningRequest struct {
	Names Names
	// Name is how files of it are named: its first name, or its common name.
	Name  string
	Notes []string // what was not taken over, one sentence each

	subject    pkix.Name
	rawSubject []byte
	key        crypto.PublicKey
}

// ParseRequest reads a request, as PEM or DER. path is for messages.
func ParseRequest(path string, data []byte, role Role) (SigningRequest, error) {
	csr, err := parseCSR(path, data)
	if err != nil {
		return SigningRequest{}, err
	}
	if err := csr.CheckSignature(); err != nil {
		return SigningRequest{}, &Error{
			What: path + " is not signed with the key it holds: it was damaged or changed", Fix: "have the request made again", Err: err,
		}
	}
	if fault := publicKeyFault(csr.PublicKey); fault != "" {
		return SigningRequest{}, refuse(path+" "+fault, "have it made with an ECDSA P-256 or RSA 2048 key")
	}
	r := SigningRequest{subject: csr.Subject, rawSubject: csr.RawSubject, key: csr.PublicKey}
	if len(csr.Subject.Names) == 0 {
		r.rawSubject = nil
	}
	if err := r.takeNames(csr, path, role); err != nil {
		return SigningRequest{}, err
	}
	return r, nil
}

func parseCSR(path string, data []byte) (*x509.CertificateRequest, error) {
	der := data
	rest := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	found := "no PEM block"
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.HasSuffix(block.Type, "CERTIFICATE REQUEST") {
			der, found = block.Bytes, ""
			break
		}
		found = "a " + graphic(block.Type) + " block"
	}
	csr, err := x509.ParseCertificateRequest(der)
	switch {
	case err == nil:
		return csr, nil
	case found != "":
		return nil, &Error{
			What: path + " holds no certificate request (" + found + ")",
			Fix:  "give the file that begins with -----BEGIN CERTIFICATE REQUEST-----", Err: err,
		}
	default:
		return nil, &Error{What: path + " holds a damaged certificate request: " + err.Error(), Fix: "get the file again", Err: err}
	}
}

func (r *SigningRequest) takeNames(csr *x509.CertificateRequest, path string, role Role) error {
	list := append([]string(nil), csr.DNSNames...)
	for _, raw := range csr.IPAddresses {
		if ip, ok := netip.AddrFromSlice(raw); ok {
			list = append(list, ip.String())
		}
	}
	common := csr.Subject.CommonName
	if role == RoleNode && len(list) == 0 && common != "" {
		list = []string{common}
		r.Notes = append(r.Notes, "the request has its name only as common name; the certificate has it as subjectAltName, where it counts")
	}
	var err error
	if r.Names, err = ParseNames(list...); err != nil {
		return err
	}
	r.Names.URIs = csr.URIs
	if len(csr.EmailAddresses) > 0 {
		r.Notes = append(r.Notes, "e-mail addresses of the request were left out")
	}
	r.Name = common
	if role == RoleNode || CheckClient(common) != nil {
		r.Name = cmp.Or(r.Names.First, common)
	}
	switch {
	case role == RoleNode && len(list) == 0:
		return refuse(path+" asks for no host name or address, and a node needs one",
			"have it made again with -addext subjectAltName=DNS:NAME,IP:ADDRESS, or add --client if it is for a client")
	case role == RoleClient && len(list) == 0:
		return CheckClient(common)
	}
	return nil
}
