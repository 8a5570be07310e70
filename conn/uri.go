package conn

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// The errors of [Options.ApplyURI]. The first three are redis-cli's words.
var (
	ErrURIScheme     = errors.New("Invalid URI scheme")                 //nolint:staticcheck // redis-cli's text
	ErrURIEncoding   = errors.New("Illegal character in URI encoding")  //nolint:staticcheck // redis-cli's text
	ErrURIIncomplete = errors.New("Incomplete URI encoding")            //nolint:staticcheck // redis-cli's text
	ErrURIPort       = errors.New("Invalid server port.")               //nolint:staticcheck // redis-cli's text
	ErrURIHost       = errors.New("IPv6 address in URI needs brackets") //nolint:staticcheck // beside redis-cli's texts
)

// ApplyURI overlays o with what uri says; what uri leaves out stays as it is.
//
//	redis://[[user][:password]@][host][:port][/db]      also valkey://
//	rediss://...                                        the same over TLS, also valkeys://
//	unix://[[user][:password]@]/path/to/socket[?db=N]
//
// User and password are percent-encoded and may hold any byte. The last @ ends
// the user info, so that an unencoded @ in a password works. A user info
// without a colon is a password, and so is one that starts with a colon.
// Errors never contain the URI, which may hold a password.
func (o *Options) ApplyURI(uri string) error {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found {
		return ErrURIScheme
	}
	switch strings.ToLower(scheme) {
	case "redis", "valkey":
	case "rediss", "valkeys":
		if o.TLS == nil {
			o.TLS = &TLSOptions{}
		}
	case "unix":
		return o.applyUnixURI(rest)
	default:
		return ErrURIScheme
	}
	userinfo, rest := cutUserinfo(rest, "")
	if err := o.applyUserinfo(userinfo); err != nil {
		return err
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	if !hasPath {
		authority, _, _ = strings.Cut(authority, "?")
	}
	if err := o.applyAuthority(authority); err != nil {
		return err
	}
	if path != "" {
		o.DB = lenientInt(path)
	}
	return nil
}

// cutUserinfo splits at the last @, or, when the path follows it directly, at
// the last @ before that. It returns nil when there is no user info.
func cutUserinfo(s, before string) (userinfo *string, rest string) {
	i := strings.LastIndex(s, "@"+before)
	if i < 0 {
		return nil, s
	}
	info := s[:i]
	return &info, s[i+1:]
}

func (o *Options) applyUnixURI(rest string) error {
	rest, query, _ := strings.Cut(rest, "?")
	userinfo, path := cutUserinfo(rest, "/")
	if err := o.applyUserinfo(userinfo); err != nil {
		return err
	}
	decoded, err := decodePercent(path)
	if err != nil {
		return err
	}
	if decoded == "" {
		return errors.New("unix:// URI without the path of a socket, as in unix:///run/redis.sock")
	}
	o.Socket = decoded
	values, err := url.ParseQuery(query)
	if err != nil {
		return ErrURIEncoding
	}
	if db := values.Get("db"); db != "" {
		o.DB = lenientInt(db)
	}
	return nil
}

func (o *Options) applyUserinfo(userinfo *string) error {
	if userinfo == nil {
		return nil
	}
	name, password, hasColon := strings.Cut(*userinfo, ":")
	if !hasColon {
		name, password = "", name
	}
	name, err := decodePercent(name)
	if err != nil {
		return err
	}
	password, err = decodePercent(password)
	if err != nil {
		return err
	}
	if name != "" {
		o.User = name
	}
	o.Password = NewSecret(password)
	return nil
}

func (o *Options) applyAuthority(authority string) error {
	host, port := authority, ""
	switch i := strings.LastIndex(authority, ":"); {
	case strings.HasPrefix(authority, "["):
		closing := strings.Index(authority, "]")
		if closing < 0 {
			return ErrURIHost
		}
		host, port = authority[1:closing], strings.TrimPrefix(authority[closing+1:], ":")
	case i >= 0 && strings.Count(authority, ":") > 1:
		return fmt.Errorf("%w, as in redis://[%s]", ErrURIHost, authority)
	case i >= 0:
		host, port = authority[:i], authority[i+1:]
	}
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return ErrURIPort
		}
		o.Port = n
	}
	if host != "" {
		o.Host = host
		o.Socket = ""
	}
	return nil
}

// decodePercent decodes %XX; any other byte stands for itself.
func decodePercent(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", ErrURIIncomplete
		}
		n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", ErrURIEncoding
		}
		b.WriteByte(byte(n))
		i += 2
	}
	return b.String(), nil
}

// lenientInt reads leading digits as C's atoi does, which redis-cli documents
// by use: "/3?x=y" is 3 and "/abc" is 0.
func lenientInt(s string) int {
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && s[end] == '-') {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil {
		return 0
	}
	return n
}
