package conntest

import (
	"crypto"
	_ "crypto/md5" // forged signatures use it
	"crypto/rand"
	_ "crypto/sha1" // and this
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"time"
)

// Forgery is what no authority of today would put into a certificate.
type Forgery struct {
	// Key is the subject's, in place of a fresh one: too short or too long.
	Key crypto.Signer
	// Hash is what the signature is made with: crypto.MD5 or crypto.SHA1, for which the authority needs an RSA key. 0 means SHA-256.
	Hash crypto.Hash
	// Version1 leaves all extensions out, as "openssl x509 -req" does: no names, no usages.
	Version1 bool
}

// Forge makes a certificate that the authority vouches for, with the faults of f.
func (a *Authority) Forge(t TB, o IssueOptions, f Forgery) *Pair {
	t.Helper()
	pair, err := forge(o, f, &a.Pair, time.Now())
	if err == nil {
		err = pair.write(newDir(t, t.TempDir()))
	}
	if err != nil {
		t.Fatalf("conntest: forge a certificate for %q: %v", o.CN, err)
	}
	return pair
}

func forge(o IssueOptions, f Forgery, parent *Pair, now time.Time) (*Pair, error) {
	template, err := o.template(now)
	if err != nil {
		return nil, err
	}
	pair := &Pair{Key: f.Key}
	if pair.Key == nil {
		if pair.Key, err = newKey(o.KeyType); err != nil {
			return nil, err
		}
	}
	if !parent.selfIssued() {
		pair.Chain = append([]*x509.Certificate{parent.Cert}, parent.Chain...)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.Cert, pair.Key.Public(), parent.Key)
	if err != nil {
		return nil, err
	}
	if der, err = f.resign(der, parent.Key); err != nil {
		return nil, err
	}
	pair.Cert, err = x509.ParseCertificate(der)
	return pair, err
}

// certificate and toBeSigned are RFC 5280's structures, as far as they are changed here.
type certificate struct {
	TBS       asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

type toBeSigned struct {
	Version    int `asn1:"optional,explicit,default:0,tag:0"`
	Serial     *big.Int
	Algorithm  pkix.AlgorithmIdentifier
	Issuer     asn1.RawValue
	Validity   asn1.RawValue
	Subject    asn1.RawValue
	PublicKey  asn1.RawValue
	Extensions []pkix.Extension `asn1:"optional,explicit,tag:3"`
}

// resign changes a certificate that crypto/x509 made into one that it would not make.
func (f Forgery) resign(der []byte, issuer crypto.Signer) ([]byte, error) {
	if f.Hash == 0 && !f.Version1 {
		return der, nil
	}
	var made certificate
	if _, err := asn1.Unmarshal(der, &made); err != nil {
		return nil, err
	}
	var tbs toBeSigned
	if _, err := asn1.Unmarshal(made.TBS.FullBytes, &tbs); err != nil {
		return nil, err
	}
	if f.Version1 {
		tbs.Version, tbs.Extensions = 0, nil
	}
	hash := crypto.SHA256
	if f.Hash != 0 {
		hash = f.Hash
		algorithm, err := rsaSignature(hash)
		if err != nil {
			return nil, err
		}
		tbs.Algorithm = algorithm
	}
	signed, err := asn1.Marshal(tbs)
	if err != nil {
		return nil, err
	}
	digest := hash.New()
	_, _ = digest.Write(signed) // a hash never fails
	signature, err := issuer.Sign(rand.Reader, digest.Sum(nil), hash)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(certificate{
		TBS: asn1.RawValue{FullBytes: signed}, Algorithm: tbs.Algorithm,
		Signature: asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)},
	})
}

// rsaSignature names an RSA signature (PKCS #1 v1.5) with a broken hash.
func rsaSignature(hash crypto.Hash) (pkix.AlgorithmIdentifier, error) {
	id := pkix.AlgorithmIdentifier{Parameters: asn1.NullRawValue}
	switch hash {
	case crypto.MD5:
		id.Algorithm = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}
	case crypto.SHA1:
		id.Algorithm = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}
	default:
		return id, errors.New("only MD5 and SHA-1 signatures are forged")
	}
	return id, nil
}
