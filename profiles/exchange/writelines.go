package exchange

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
	secretref "redan/profiles/secret"
)

// writeLines writes a line for each profile.
func writeLines(list []profiles.Profile, line func(profiles.Profile, profiles.Connection) (string, []string)) (Written, error) {
	var w Written
	var text bytes.Buffer
	for _, p := range list {
		c, err := p.Connection()
		if err != nil {
			return w, err
		}
		written, notes := line(p, c)
		text.WriteString(written + "\n")
		for _, note := range notes {
			w.Notes = append(w.Notes, p.Name+": "+note)
		}
	}
	w.Data = text.Bytes()
	return w, nil
}

// uriLine is "name = rediss://user:@host:port/db". A user without a password needs the colon: redis-cli takes it for the password without.
func uriLine(p profiles.Profile, c profiles.Connection) (line string, notes []string) {
	o := c.Options
	info := ""
	if o.User != "" {
		info = strings.ReplaceAll(url.QueryEscape(o.User), "+", "%20") + ":@"
	}
	if o.Socket != "" {
		line = "unix://" + info + (&url.URL{Path: o.Socket}).EscapedPath()
		if o.DB != 0 {
			line += "?db=" + strconv.Itoa(o.DB)
		}
		return p.Name + " = " + line, notes
	}
	word := "redis"
	if o.TLS != nil {
		word = "rediss"
		if t := o.TLS; len(t.CAFiles)+len(t.CADirs)+len(t.CAData)+len(t.VerifyNames) > 0 || t.CertFile != "" || len(t.CertData) > 0 ||
			t.ServerName != "" || t.Level != cert.LevelFull {
			notes = append(notes, "an address cannot tell certificates, names and how they are verified")
		}
	}
	line = word + "://" + info + net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
	if o.DB != 0 {
		line += "/" + strconv.Itoa(o.DB)
	}
	return p.Name + " = " + line, notes
}

// shellLine is the command line that leads to the server.
func shellLine(p profiles.Profile, c profiles.Connection) (line string, notes []string) {
	o, before := c.Options, ""
	if name, ok := variableOf(c.Password); ok {
		before = fmt.Sprintf(`REDISCLI_AUTH="$%s" `, name)
	} else if c.Password.IsSet() {
		o.Password = conn.NewSecret("") // that there is one is all the line says: --askpass
	}
	if name, ok := variableOf(c.KeyPassphrase); ok {
		before += fmt.Sprintf(`REDAN_KEY_PASS="$%s" `, name)
	}
	if r, err := c.KeyPassphrase.Parse(); err == nil && r.Kind == secretref.File && o.TLS != nil {
		t := *o.TLS
		t.PassphraseFile, o.TLS = r.Name, &t
	}
	i := o.Invocation()
	i.Command = nil
	if o.Protocol == 3 {
		i = i.WithSwitch("-3")
	}
	if c.Follow {
		i = i.WithSwitch("-c")
	}
	if p.Timeout > 0 {
		i = i.With("-t", strconv.FormatFloat(o.ConnectTimeout.Seconds(), 'f', -1, 64))
	}
	if p.ReadOnly {
		i = i.WithSwitch("--read-only")
	}
	if o.TLS != nil && (len(o.TLS.CertData) > 0 || c.KeyData.IsSet()) {
		notes = append(notes, "a command line cannot tell a client certificate that is within the profile")
	}
	if len(p.Before.Command) > 0 {
		notes = append(notes, "a command line cannot tell what runs before it")
	}
	return before + i.String() + " # " + p.Name, notes
}

// variableOf returns the variable that a reference names.
func variableOf(r profiles.Reference) (string, bool) {
	parsed, err := r.Parse()
	return parsed.Name, err == nil && parsed.Kind == secretref.Env && isVariable(parsed.Name)
}
