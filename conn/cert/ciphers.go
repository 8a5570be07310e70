package cert

import (
	"fmt"
	"slices"
	"strings"

	"redan/commands/nearest"
)

// CipherError is a list of ciphers that cannot be used.
type CipherError struct {
	Option  string // "--tls-ciphers" or "--tls-ciphersuites"
	Word    string // the word at fault; empty when it is the list as a whole
	Nearest string // a known word like it; may be empty
	Detail  string // the cause in one sentence
	Fix     string
}

// Error returns redis-cli's sentence, cause and fix.
func (e *CipherError) Error() string {
	text := e.RedisCLI() + ": " + e.Detail
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	return text
}

// RedisCLI returns the sentence redis-cli has for such a list; it follows "Could not negotiate a TLS connection: ".
func (e *CipherError) RedisCLI() string {
	if e.Option == optionSuites {
		return "Error while setting cypher suites"
	}
	return "Error while configuring ciphers"
}

const (
	optionCiphers = "--tls-ciphers"
	optionSuites  = "--tls-ciphersuites"
)

// ParseCiphers reads a cipher list in OpenSSL's language (ciphers(1)) and returns the suites of TLS 1.2 and older that it selects and
// crypto/tls has, for [tls.Config.CipherSuites]. IANA names are understood too. As in OpenSSL, a word nobody knows is passed over while
// something else is left. notes tell what was passed over, what crypto/tls lacks, and that it keeps an order of its own. Errors are
// [*CipherError].
func ParseCiphers(list string) (ids []uint16, notes []string, err error) {
	p := newCipherParser(list)
	if err := p.parse(list); err != nil {
		return nil, nil, err
	}
	var lost []string
	for i, s := range p.table {
		switch {
		case !p.active[i] || !p.permits(s):
		case s.ours:
			ids = append(ids, s.id)
		default:
			lost = append(lost, s.name)
		}
	}
	if len(ids) == 0 {
		return nil, nil, p.nothingLeft(lost)
	}
	return ids, p.notes(lost), nil
}

// cipherParser evaluates a list. Order does not matter to crypto/tls, so the state is a set.
type cipherParser struct {
	list     string
	table    []suite
	active   []bool // by place in table
	killed   []bool // removed for good by !
	level    int    // of @SECLEVEL, -1 when not given
	ordered  bool   // the list asks for an order
	unknown  []string
	explicit int // suites named one by one
}

func newCipherParser(list string) *cipherParser {
	table := suites()
	return &cipherParser{list: list, table: table, active: make([]bool, len(table)), killed: make([]bool, len(table)), level: -1}
}

// parse evaluates list. DEFAULT and the Suite B profiles are words only at its beginning.
func (p *cipherParser) parse(list string) error {
	if rest, ok := strings.CutPrefix(list, "DEFAULT"); ok {
		const standsFor = "ALL:!COMPLEMENTOFDEFAULT:!eNULL"
		if err := p.rules(standsFor); err != nil {
			return err
		}
		return p.rules(strings.TrimPrefix(rest, ":"))
	}
	const strong, fast = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"
	for _, profile := range []struct{ word, standsFor string }{
		{"SUITEB128ONLY", fast}, {"SUITEB128C2", strong}, {"SUITEB128", fast + ":" + strong}, {"SUITEB192", strong},
	} {
		if strings.HasPrefix(list, profile.word) {
			return p.rules(profile.standsFor)
		}
	}
	return p.rules(list)
}

const separators = ": ;,"

// rules evaluates the rules of text one by one. A rule is an operator and words joined by +.
func (p *cipherParser) rules(text string) error {
	for {
		text = strings.TrimLeft(text, separators)
		if text == "" {
			return nil
		}
		operator := byte(0)
		if strings.IndexByte("-+!@", text[0]) >= 0 {
			operator, text = text[0], text[1:]
		}
		words, rest := cutWords(text)
		if i := slices.Index(words, ""); i >= 0 {
			return p.fail("", fmt.Sprintf("a word is missing before %q in %q", rest, p.list), "")
		}
		if operator == '@' {
			if err := p.command(words[0]); err != nil {
				return err
			}
			rest = skipRule(rest)
		} else if !p.apply(operator, words) {
			rest = skipRule(rest)
		}
		text = rest
	}
}

// skipRule drops what is left of a rule.
func skipRule(text string) string {
	if end := strings.IndexAny(text, separators); end >= 0 {
		return text[end:]
	}
	return ""
}

// cutWords cuts the words joined by + off text. A word may be empty.
func cutWords(text string) (words []string, rest string) {
	for {
		size := strings.IndexFunc(text, func(r rune) bool { return !isWordRune(r) })
		if size < 0 {
			size = len(text)
		}
		words = append(words, text[:size])
		text = text[size:]
		if size == 0 || !strings.HasPrefix(text, "+") {
			return words, text
		}
		text = text[1:]
	}
}

func isWordRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._=", r)
}

// command evaluates the word behind @.
func (p *cipherParser) command(word string) error {
	level, isLevel := strings.CutPrefix(word, "SECLEVEL=")
	switch {
	case word == "STRENGTH":
		p.ordered = true
	case isLevel && len(level) == 1 && '0' <= level[0] && level[0] <= '5':
		p.level = int(level[0] - '0')
	default:
		return p.fail("@"+word, fmt.Sprintf("%q is no command of cipher lists", "@"+word), "there are @STRENGTH and @SECLEVEL=0 to 5")
	}
	return nil
}

// apply evaluates one rule. It reports whether it knew the words.
func (p *cipherParser) apply(operator byte, words []string) bool {
	chosen, named, ok := p.choose(words)
	if !ok {
		return false
	}
	for i, s := range p.table {
		if !chosen[i] {
			continue
		}
		switch operator {
		case '!':
			p.active[i], p.killed[i] = false, true
		case '-':
			p.active[i] = false
		case '+':
			p.ordered = true
		default:
			p.active[i] = p.active[i] || !p.killed[i] && (named || !s.retired)
		}
	}
	return true
}

// choose returns the suites that all words select, and whether one of the words is the very name of a suite or of a retired cipher. It
// fails at a word nobody knows.
func (p *cipherParser) choose(words []string) (chosen []bool, named, ok bool) {
	chosen = make([]bool, len(p.table))
	for i := range chosen {
		chosen[i] = true
	}
	grade := ""
	for _, word := range words {
		selects := group(word)
		if isGrade(word) {
			if grade != "" && grade != word {
				selects = func(suite) bool { return false }
			}
			grade = word
		}
		if at := p.find(word); at >= 0 {
			selects = func(s suite) bool { return s.id == p.table[at].id }
			p.explicit++
			named = true
		}
		if selects == nil {
			p.unknown = append(p.unknown, word)
			return nil, false, false
		}
		named = named || word == "3DES" || word == "RC4"
		for i, s := range p.table {
			chosen[i] = chosen[i] && selects(s)
		}
	}
	return chosen, named, true
}

// isGrade reports whether word is one of OpenSSL's grades. A suite has one of them in its eyes, so two of them joined select nothing,
// FIPS+HIGH too.
func isGrade(word string) bool {
	return slices.Contains([]string{"HIGH", "MEDIUM", "LOW", "FIPS"}, word)
}

// find returns the place of the suite with that name, -1 when there is none.
func (p *cipherParser) find(name string) int {
	return slices.IndexFunc(p.table, func(s suite) bool { return s.name == name || s.iana == name })
}

// permits reports whether the security level of the list, when it sets one, allows s. The levels are those of
// SSL_CTX_set_security_level(3).
func (p *cipherParser) permits(s suite) bool {
	if p.level <= 0 {
		return true
	}
	const anyForwardSecrecy, noSHA1, noRC4 = 3, 4, 2
	strength := []int{0, 80, 112, 128, 192, 256}[p.level]
	forwardSecret := s.kx == "ECDH" || s.kx == "DH"
	return s.bits >= strength && s.auth != "NONE" &&
		(p.level < noRC4 || s.encryption != "RC4") && (p.level < anyForwardSecrecy || forwardSecret) && (p.level < noSHA1 || s.mac != "SHA1")
}

func (p *cipherParser) fail(word, detail, fix string) *CipherError {
	return &CipherError{Option: optionCiphers, Word: word, Detail: detail, Fix: fix}
}

// nothingLeft explains a list that selects nothing crypto/tls has. lost are the suites it does select.
func (p *cipherParser) nothingLeft(lost []string) *CipherError {
	switch {
	case len(lost) > 0:
		return p.fail("", fmt.Sprintf("none of %s is in this program's TLS library (Go has no DHE, PSK, CCM, ARIA or Camellia)", list(lost)),
			"usable instead: "+strings.Join(p.equivalents(lost), ":"))
	case len(p.unknown) > 0:
		word := p.unknown[0]
		e := p.fail(word, fmt.Sprintf("%q is no cipher suite and no group of them", word), "")
		e.Nearest, e.Fix = p.suggest(word)
		return e
	default:
		return p.fail("", fmt.Sprintf("%q selects no cipher suite", p.list), "try "+optionCiphers+" DEFAULT")
	}
}

// suggest returns a known word like word, and what to do.
func (p *cipherParser) suggest(word string) (known, fix string) {
	if _, ok := modernSuite(word); ok {
		return word, "it is a suite of TLS 1.3: use " + optionSuites + " " + word
	}
	names := keywords()
	for _, s := range p.table {
		names = append(names, s.name, s.iana)
	}
	if known = nearest.Word(word, names); known == "" {
		return "", "openssl ciphers lists what there is; DEFAULT is a good choice"
	}
	return known, "did you mean " + known + "?"
}

// equivalents returns suites of crypto/tls with the authentication and strength of the lost ones, the usual ones when there are none.
func (p *cipherParser) equivalents(lost []string) []string {
	var names []string
	for _, s := range p.table {
		matches := slices.ContainsFunc(p.table, func(l suite) bool {
			return slices.Contains(lost, l.name) && l.auth == s.auth && l.bits == s.bits
		})
		if s.ours && !s.retired && s.kx == "ECDH" && matches && p.permits(s) {
			names = append(names, s.name)
		}
	}
	if len(names) == 0 {
		return []string{"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"}
	}
	const most = 4
	return names[:min(len(names), most)]
}

func (p *cipherParser) notes(lost []string) []string {
	var notes []string
	const most = 5
	for _, word := range p.unknown[:min(len(p.unknown), most)] {
		_, fix := p.suggest(word)
		notes = append(notes, fmt.Sprintf("%s: %q is unknown and was passed over; %s", optionCiphers, word, fix))
	}
	if len(lost) > 0 {
		notes = append(notes, optionCiphers+": not in this program's TLS library: "+list(lost))
	}
	if p.ordered || p.explicit > 1 {
		notes = append(notes, optionCiphers+": the order cannot be honoured; this program's TLS library has its own")
	}
	if p.level > 0 {
		notes = append(notes, fmt.Sprintf("%s: level %d is applied to cipher suites only, not to the keys of certificates", optionCiphers, p.level))
	}
	return notes
}
