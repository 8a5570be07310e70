package profiles

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"redan/commands/nearest"
	"redan/conn"
	"redan/conn/cert"
)

// Face is what redan looks like on a terminal.
type Face string

// The faces.
const (
	Screen Face = "screen" // the full screen
	Prompt Face = "prompt"
)

// UnmarshalText implements [encoding.TextUnmarshaler].
func (f *Face) UnmarshalText(text []byte) error {
	return oneOf((*string)(f), text, string(Screen), string(Prompt))
}

// oneOf stores text when it is one of the words.
func oneOf(into *string, text []byte, words ...string) error {
	if !slices.Contains(words, string(text)) {
		return notOneOf(text, words)
	}
	*into = string(text)
	return nil
}

func notOneOf(text []byte, words []string) error {
	message := fmt.Sprintf("takes %q or %q", words[:len(words)-1], words[len(words)-1])
	message = strings.NewReplacer("[", "", "]", "", `" "`, `", "`).Replace(message)
	if nearest := nearest.Word(string(text), words); nearest != "" {
		message += fmt.Sprintf("; did you mean %q?", nearest)
	}
	return errors.New(message)
}

// Environment is where a server stands in the life of a system. Any word will do; production is guarded.
type Environment string

// Production is the environment in which mistakes are expensive.
const Production Environment = "production"

// IsProduction reports whether e is production, in any case, or short for it.
func (e Environment) IsProduction() bool {
	return slices.Contains([]string{"production", "prod", "live"}, strings.ToLower(string(e)))
}

// Check implements [tomlfile.Checker]: a production environment that is misspelt would go unguarded.
func (e *Environment) Check() error {
	if nearest := nearest.Word(string(*e), []string{string(Production)}); nearest != "" && !e.IsProduction() {
		return fmt.Errorf("is %q, which is not guarded; did you mean %q?", string(*e), nearest)
	}
	return nil
}

// Duration is a time span, written "500ms", "10s" or "1m30s".
type Duration time.Duration

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Duration) UnmarshalText(text []byte) error {
	span, err := time.ParseDuration(string(text))
	if err != nil || span <= 0 {
		return errors.New(`takes a time span such as "500ms", "10s" or "1m30s"`)
	}
	*d = Duration(span)
	return nil
}

// Example returns a value as the file has it.
func (Duration) Example() string { return "10s" }

// FileVersion is that of a file's form.
type FileVersion int

// Check implements [tomlfile.Checker]. Older files were brought to this version before.
func (v *FileVersion) Check() error {
	if *v != version {
		return fmt.Errorf("takes %d", version)
	}
	return nil
}

// Port is a TCP port.
type Port int

// Check implements [tomlfile.Checker].
func (p *Port) Check() error {
	if *p < 1 || *p > 65535 {
		return errors.New("takes a number from 1 to 65535")
	}
	return nil
}

// DB is the number of a database.
type DB int

// Check implements [tomlfile.Checker].
func (d *DB) Check() error {
	if *d < 0 {
		return errors.New("takes a number from 0 on")
	}
	return nil
}

// Protocol is a version of RESP.
type Protocol int

// Check implements [tomlfile.Checker].
func (p *Protocol) Check() error {
	if *p != 2 && *p != 3 {
		return errors.New("takes 2 or 3")
	}
	return nil
}

// Family is a version of IP.
type Family int

// Check implements [tomlfile.Checker].
func (f *Family) Check() error {
	if *f != 4 && *f != 6 {
		return errors.New("takes 4 or 6")
	}
	return nil
}

// Count is a number of things, none of them less than one.
type Count int

// Check implements [tomlfile.Checker].
func (c *Count) Check() error {
	if *c < 1 {
		return errors.New("takes a number from 1 on")
	}
	return nil
}

// Verify is how much of a server's certificate is verified: "full", "ca" or "none".
type Verify string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *Verify) UnmarshalText(text []byte) error {
	return oneOf((*string)(v), text, cert.LevelFull.String(), cert.LevelCA.String(), cert.LevelNone.String())
}

// TLSVersion is "1.0", "1.1", "1.2" or "1.3".
type TLSVersion string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *TLSVersion) UnmarshalText(text []byte) error {
	if _, err := cert.ParseVersion(string(text)); err != nil {
		return errors.New(`takes "1.0", "1.1", "1.2" or "1.3"`)
	}
	*v = TLSVersion(text)
	return nil
}

// URI is the address of a server as redis-cli's -u takes it. It prints without its password.
type URI string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (u *URI) UnmarshalText(text []byte) error {
	o := conn.DefaultOptions()
	if err := o.ApplyURI(string(text)); err != nil {
		return fmt.Errorf("takes redis://[user@]host[:port][/db], or rediss:// or unix://: %w", err)
	}
	*u = URI(text)
	return nil
}

// String returns the URI with *** for its password.
func (u URI) String() string {
	scheme, rest, _ := strings.Cut(string(u), "://")
	at := strings.LastIndex(rest, "@")
	if at < 0 {
		return string(u)
	}
	user, _, hasColon := strings.Cut(rest[:at], ":")
	if !hasColon {
		return scheme + "://***" + rest[at:]
	}
	return scheme + "://" + user + ":***" + rest[at:]
}

// Format implements [fmt.Formatter], so that no verb shows the password.
func (u URI) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(u.String())) }

// Inline is a certificate or a bundle of them within a profile: PEM, or base64 of PEM or DER.
type Inline string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *Inline) UnmarshalText(text []byte) error {
	if _, err := DecodeInline(string(text)); err != nil {
		return err
	}
	*i = Inline(text)
	return nil
}

// DecodeInline returns what text stands for: PEM as it is, anything else is base64.
func DecodeInline(text string) ([]byte, error) {
	if strings.Contains(text, "-----BEGIN ") {
		return []byte(text), nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || len(data) == 0 {
		return nil, errors.New("takes PEM (-----BEGIN ...), or base64 of PEM or DER")
	}
	return data, nil
}
