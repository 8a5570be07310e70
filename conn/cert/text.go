package cert

import (
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// printable returns text from a certificate fit for a terminal: control and other invisible characters escaped, and not endless.
func printable(text string) string {
	const longest = 200
	return printableUpTo(text, longest)
}

// printableUpTo is printable with another bound, in bytes.
func printableUpTo(text string, longest int) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() > longest {
			b.WriteString("...")
			break
		}
		if unicode.IsGraphic(r) && r != unicode.ReplacementChar {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

// subject names a certificate by its subject, or by what else it has.
func subject(c *x509.Certificate) string {
	if name := c.Subject.String(); name != "" {
		return printable(name)
	}
	if names := Names(c); len(names) > 0 {
		return "without subject, for " + list(names)
	}
	return fmt.Sprintf("serial number %x", c.SerialNumber)
}

func issuer(c *x509.Certificate) string {
	if name := c.Issuer.String(); name != "" {
		return printable(name)
	}
	return "an issuer without name"
}

// date returns t in the time zone of now, which is the reader's.
func date(t, now time.Time) string {
	return t.In(now.Location()).Format("2006-01-02 15:04 MST")
}

// span returns a length of time in the unit people would use: "26 hours".
func span(d time.Duration) string {
	const day = 24 * time.Hour
	units := []struct {
		size time.Duration
		name string
	}{{365 * day, "year"}, {day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}}
	for _, unit := range units {
		if d >= 2*unit.size {
			return strconv.Itoa(int(d/unit.size)) + " " + unit.name + "s"
		}
	}
	return "a moment"
}

// ConfQuote returns word as redis.conf and the prompt read it back. What a terminal might not show is escaped.
func ConfQuote(word string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_~!"
	if word != "" && strings.Trim(word, safe) == "" {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(word) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
