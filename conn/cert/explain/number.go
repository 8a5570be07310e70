package explain

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"redan/conn/cert"
)

// numberPatterns find error numbers in a text that says nothing else, or says it in no words we know.
type numberPatterns struct {
	openSSL *regexp.Regexp // error:0A000418, or a bare 0A000418
	verify  *regexp.Regexp // verify error:num=20
	lookup  *regexp.Regexp // error 20 at 0 depth lookup, or the first two words of it alone
	alert   *regexp.Regexp // SSL alert number 48
	bare    *regexp.Regexp // 48
	record  *regexp.Regexp // what Netty got instead of TLS, in hexadecimal
}

func newNumberPatterns() numberPatterns {
	return numberPatterns{
		openSSL: regexp.MustCompile(`(?i)(?:error:|\b0x|^\s*)([0-9a-f]{8})\b`),
		verify:  regexp.MustCompile(`(?i)(?:verify (?:error|return|result)[ a-z:=]*|x509_v_err[ =:]*)(\d{1,3})\b`),
		lookup:  regexp.MustCompile(`(?i)^\s*error (\d{1,3})(?: at \d.*)?\s*$`),
		alert:   regexp.MustCompile(`(?i)\balert[ a-z:=(]*(\d{1,3})\b`),
		bare:    regexp.MustCompile(`^\s*(\d{1,3})\s*$`),
		record:  regexp.MustCompile(`(?i)\b(not an SSL/TLS record: ([0-9a-f]{8,400}))`),
	}
}

// mayHoldNumber is a quick look whether numberPatterns are worth their time: a digit soon after "error", or little else than one.
func mayHoldNumber(text []byte) bool {
	const short, near = 20, 16
	if len(text) < short {
		return bytes.ContainsAny(text, "0123456789")
	}
	for _, end := range []string{"rror", "RROR"} {
		rest := text
		for {
			at := bytes.Index(rest, []byte(end))
			if at < 0 {
				break
			}
			rest = rest[at+len(end):]
			if bytes.ContainsAny(rest[:min(near, len(rest))], "0123456789") {
				return true
			}
		}
	}
	return false
}

// number is an error number found in a text, and what it stands for in words.
type number struct {
	words      string
	start, end int
}

// number returns the first error number in text that stands for something.
func (x *Explainer) number(text []byte) (number, bool) {
	const enough = 4 << 10
	text = text[:min(len(text), enough)]
	for _, look := range []struct {
		pattern *regexp.Regexp
		words   func(digits string) string
	}{
		{x.numbers.openSSL, x.openSSLWords},
		{x.numbers.verify, x.verifyWords},
		{x.numbers.lookup, x.verifyWords},
		{x.numbers.alert, alertWords},
		{x.numbers.bare, x.bareWords},
		{x.numbers.record, recordWords},
	} {
		for _, at := range look.pattern.FindAllSubmatchIndex(text, 8) {
			if words := look.words(string(text[at[2]:at[3]])); words != "" {
				return number{words, at[2], at[3]}, true
			}
		}
	}
	return number{}, false
}

// openSSLWords returns the reason text of an OpenSSL error code. OpenSSL 3 has the library in the bits above 23, older ones above 24 with a function
// between it and the reason. Reasons of the SSL library from 1000 are alerts.
func (x *Explainer) openSSLWords(digits string) string {
	code, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return ""
	}
	const (
		ssl        = 20
		firstAlert = 1000
	)
	for _, split := range [][2]int{{int(code >> 23), int(code & 0x7fffff)}, {int(code >> 24), int(code & 0xfff)}} {
		library, reason := split[0], split[1]
		if words, ok := x.table.reasons[reasonKey(library, reason)]; ok {
			return words
		}
		if library == ssl && firstAlert <= reason && reason < firstAlert+256 {
			return cert.OpenSSLAlert(uint8(reason - firstAlert))
		}
	}
	return ""
}

func (x *Explainer) verifyWords(digits string) string {
	code, err := strconv.Atoi(digits)
	if err != nil {
		return ""
	}
	return x.table.reasons[reasonKey(0, code)]
}

func alertWords(digits string) string {
	code, err := strconv.ParseUint(digits, 10, 8)
	if err != nil {
		return ""
	}
	if words := cert.OpenSSLAlert(uint8(code)); !strings.HasPrefix(words, "reason(") {
		return words
	}
	return ""
}

// bareWords explains a number alone. OpenSSL's verification results are below 80, the alerts worth asking for above 39.
func (x *Explainer) bareWords(digits string) string {
	const firstLikelyAlert = 40
	if code, err := strconv.Atoi(digits); err == nil && code < firstLikelyAlert {
		return cmp.Or(x.verifyWords(digits), alertWords(digits))
	}
	return cmp.Or(alertWords(digits), x.verifyWords(digits))
}

// recordWords returns what Netty says with the bytes it got, as far as they are text.
func recordWords(said string) string {
	opening, digits, _ := strings.Cut(said, ": ")
	bytes, err := hex.DecodeString(digits[:len(digits)&^1])
	if err != nil {
		return ""
	}
	return opening + ": " + string(bytes)
}
