package profiles

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"redan/conn"
	"redan/conn/cert"
)

// Connection is how a profile's server is reached. Options lack the secrets, which are told by reference.
type Connection struct {
	Options conn.Options
	// Password, KeyPassphrase and KeyData are resolved by whoever connects, with [Connection.Reveal].
	Password, KeyPassphrase, KeyData Reference
	// Follow is -c.
	Follow bool
}

// Connection returns how the profile's server is reached. It reads no file and resolves no secret. A password that stands in the URI is
// returned as a reference in clear. Errors tell of values that contradict each other, with their place.
func (p Profile) Connection() (Connection, error) {
	c := Connection{Options: conn.DefaultOptions(), Follow: p.Cluster.Follow}
	o := &c.Options
	if p.URI != "" {
		if err := o.ApplyURI(string(p.URI)); err != nil {
			return c, p.contradicts("uri", "takes the address of a server: "+err.Error())
		}
		if o.Password.IsSet() {
			c.Password = inClear(o.Password.Reveal())
			o.Password = conn.Secret{}
		}
	}
	p.applyAddress(&c)
	if c.Follow && o.Socket != "" {
		return c, p.contradicts("cluster.follow", "needs host and port, and this profile has a unix socket")
	}
	if err := p.applyTLS(&c); err != nil {
		return c, err
	}
	return c, nil
}

// applyAddress applies the single keys, which go before the URI.
func (p Profile) applyAddress(c *Connection) {
	o := &c.Options
	if p.says("host") {
		o.Host, o.Socket = p.Host, ""
	}
	if p.says("port") {
		o.Port = int(p.Port)
	}
	if p.says("socket") {
		o.Socket = p.Socket
	}
	if p.says("user") {
		o.User = p.User
	}
	if p.says("password") {
		c.Password = p.Password
	}
	if p.says("db") {
		o.DB = int(p.DB)
	}
	o.Family, o.ClientName = int(p.IP), p.ClientName
	if p.Protocol == 3 { // RESP2 is what a server speaks unasked
		o.Protocol = int(p.Protocol)
	}
	if p.Timeout > 0 {
		o.ConnectTimeout = time.Duration(p.Timeout)
	}
}

// contradicts returns an error about a key, with its place.
func (p Profile) contradicts(key, text string) error {
	at, _ := p.Origin(key)
	if at.File == "" {
		at.File = p.Path
	}
	return fmt.Errorf("%s: %s %s", at, key, text)
}

// applyTLS applies the table tls. It turns TLS on whatever it says, so that a certificate never leaves the user in plaintext.
func (p Profile) applyTLS(c *Connection) error {
	o, t := &c.Options, p.TLS
	if t.Enabled != nil && !*t.Enabled {
		if o.TLS != nil {
			return p.contradicts("tls.enabled", "says no, and the scheme of the URI says TLS")
		}
		return nil
	}
	if o.TLS == nil && !p.says("tls") {
		return nil
	}
	options := conn.TLSOptions{
		CAFiles: t.CA, CADirs: t.CADirs, CertFile: t.Cert, KeyFile: t.Key,
		ServerName: t.ServerName, VerifyNames: t.VerifyNames, Ciphers: t.Ciphers, Ciphersuites: t.Ciphersuites,
	}
	var err error
	if options.CAData, err = p.inline("tls.ca_data", t.CAData); err != nil {
		return err
	}
	if options.CertData, err = p.inline("tls.cert_data", t.CertData); err != nil {
		return err
	}
	for _, pair := range []struct {
		both          bool
		inline, other string
	}{
		{t.Cert != "" && t.CertData != "", "tls.cert_data", "tls.cert"},
		{t.Key != "" && t.KeyData.IsSet(), "tls.key_data", "tls.key"},
	} {
		if pair.both {
			return p.contradicts(pair.inline, "is the same as "+pair.other+": keep one of them")
		}
	}
	c.KeyPassphrase, c.KeyData = t.KeyPassphrase, t.KeyData
	o.TLS = &options
	return p.applyVersions(&options)
}

func (p Profile) inline(key string, text Inline) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	data, err := DecodeInline(string(text))
	if err != nil {
		return nil, p.contradicts(key, err.Error())
	}
	return data, nil
}

func (p Profile) applyVersions(o *conn.TLSOptions) (err error) {
	if p.TLS.Verify != "" {
		if o.Level, err = cert.ParseLevel(string(p.TLS.Verify)); err != nil {
			return p.contradicts("tls.verify", err.Error())
		}
	}
	for _, bound := range []struct {
		key  string
		text TLSVersion
		into *uint16
	}{{"tls.min", p.TLS.Min, &o.MinVersion}, {"tls.max", p.TLS.Max, &o.MaxVersion}} {
		if bound.text == "" {
			continue
		}
		if *bound.into, err = cert.ParseVersion(string(bound.text)); err != nil {
			return p.contradicts(bound.key, err.Error())
		}
	}
	if o.MaxVersion != 0 && o.MinVersion > o.MaxVersion {
		return p.contradicts("tls.min", "is newer than tls.max")
	}
	return nil
}

// Reveal returns the options with the secrets that resolve returns for the references of their keys ("password", "tls.key_data"). The
// key's passphrase is resolved when it is needed, and once. Errors of resolve come as they are.
func (c Connection) Reveal(resolve func(key string, r Reference) (conn.Secret, error)) (conn.Options, error) {
	o := c.Options
	if c.Password.IsSet() {
		password, err := resolve("password", c.Password)
		if err != nil {
			return o, err
		}
		o.Password = password
	}
	if o.TLS == nil {
		return o, nil
	}
	t := *o.TLS
	o.TLS = &t
	if c.KeyData.IsSet() {
		key, err := resolve("tls.key_data", c.KeyData)
		if err != nil {
			return o, err
		}
		data, err := DecodeInline(key.Reveal())
		if err != nil {
			return o, errors.New("tls.key_data (" + c.KeyData.String() + ") leads to no key: it " + err.Error())
		}
		t.KeyData = conn.NewSecret(string(data))
	}
	if c.KeyPassphrase.IsSet() {
		passphrase := sync.OnceValues(func() (conn.Secret, error) { return resolve("tls.key_passphrase", c.KeyPassphrase) })
		t.Passphrase = func(string) ([]byte, error) {
			known, err := passphrase()
			return []byte(known.Reveal()), err
		}
	}
	return o, nil
}

// ClearSecrets lists the keys whose secrets stand in a file in clear, the URI's password included.
func (p Profile) ClearSecrets() []string {
	var keys []string
	for key, reference := range map[string]Reference{
		"password": p.Password, "tls.key_passphrase": p.TLS.KeyPassphrase, "tls.key_data": p.TLS.KeyData,
	} {
		if reference.IsClear() {
			keys = append(keys, key)
		}
	}
	o := conn.DefaultOptions()
	if p.URI != "" && o.ApplyURI(string(p.URI)) == nil && o.Password.Reveal() != "" {
		keys = append(keys, "uri")
	}
	slices.Sort(keys)
	return keys
}
