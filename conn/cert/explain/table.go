package explain

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"redan/conn/cert"
)

// What is known, as text: see the comments at the top of each file.
var (
	//go:embed table/codes.txt
	codesFile string
	//go:embed table/texts.txt
	textsFile string
	//go:embed table/markers.txt
	markersFile string
	//go:embed table/reasons.txt
	reasonsFile string
)

// rank orders the texts that fit a line before their length does.
type rank int

const (
	rankFallback rank = iota // says no more than that something failed
	rankUsual
	rankBeside // stands beside others, and for itself
)

// account is what there is to say about a code or a text.
type account struct {
	meaning string
	causes  []Cause
	fixes   []Fix
	next    string
}

// codeEntry is one block of codes.txt.
type codeEntry struct {
	account
	code     string
	severity cert.Severity
}

// rule is one block of texts.txt, or the name of a code.
type rule struct {
	account
	codes  []string
	rank   rank
	isCode bool // the text is the name of the code, and must be spelled so
	byName bool // the names in the text tell which code it is
	texts  []string
}

// text is one way to say what a rule is about.
type text struct {
	rule    int
	phrases []int // all must be in the line
	context string
	length  int // of all phrases
}

// marker is a speaker or a context, and what gives it away.
type marker struct {
	name  string
	texts [][]int // phrases that must be there together
}

// table is all that is known, ready to be searched.
type table struct {
	codes    map[string]codeEntry
	names    []string // of codes, in the order of the file
	rules    []rule
	texts    []text
	speakers []marker
	contexts []marker
	reasons  map[int]string // by library<<32 | reason

	netty []int // the phrase before what Netty got instead of TLS

	phrases []string
	textsOf [][]int // by phrase: the texts it is a part of
	finder  *automaton
}

func reasonKey(library, reason int) int { return library<<32 | reason }

// tableReader reads the files into a table.
type tableReader struct {
	table
	ids map[string]int // of phrases
}

func newTable() (*table, error) {
	r := &tableReader{table: table{codes: map[string]codeEntry{}, reasons: map[int]string{}}, ids: map[string]int{}}
	for _, file := range []struct {
		name, text string
		line       func(sigil, rest string) error
	}{
		{"codes.txt", codesFile, r.codeLine},
		{"texts.txt", textsFile, r.textLine},
		{"markers.txt", markersFile, r.markerLine},
		{"reasons.txt", reasonsFile, r.reasonLine},
	} {
		for number, line := range strings.Split(file.text, "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			sigil, rest, _ := strings.Cut(line, " ")
			if err := file.line(sigil, rest); err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", file.name, number+1, err)
			}
		}
	}
	r.netty = r.phrasesOf("not an SSL/TLS record")
	r.addCodeNames()
	r.indexTexts()
	r.finder = newAutomaton(r.phrases)
	return &r.table, nil
}

// lineError is a line of a table that cannot be understood.
type lineError string

// Error implements error.
func (e lineError) Error() string { return "not understood: " + string(e) }

func (r *tableReader) codeLine(sigil, rest string) error {
	if !isCodeName(sigil) {
		if len(r.names) == 0 {
			return lineError(sigil)
		}
		code := r.names[len(r.names)-1]
		entry := r.codes[code]
		if err := entry.add(sigil, rest); err != nil {
			return err
		}
		r.codes[code] = entry
		return nil
	}
	entry := codeEntry{code: sigil}
	switch rest {
	case "crit":
		entry.severity = cert.SeverityCrit
	case "warn":
		entry.severity = cert.SeverityWarn
	case "info":
		entry.severity = cert.SeverityInfo
	default:
		return lineError(rest)
	}
	r.codes[sigil] = entry
	r.names = append(r.names, sigil)
	return nil
}

func isCodeName(word string) bool {
	return word != "" && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" && word[0] >= 'A'
}

// add adds a line to an account.
func (a *account) add(sigil, rest string) error {
	switch sigil {
	case "=":
		a.meaning = rest
	case "?":
		cause := Cause{Text: rest}
		if strings.HasPrefix(rest, "[") {
			cause.Code, cause.Text, _ = strings.Cut(rest[1:], "] ")
		}
		a.causes = append(a.causes, cause)
	case "c>", "s>":
		fix := Fix{Fix: cert.Fix{Side: sideOf(sigil), Language: cert.LanguageShell}}
		fix.Command, fix.Note, _ = strings.Cut(rest, " | ")
		if name, _, _ := strings.Cut(fix.Command, " "); isCodeName(name) {
			fix.Language = cert.LanguageRedis
		}
		a.fixes = append(a.fixes, fix)
	case "c:", "s:":
		a.fixes = append(a.fixes, Fix{Fix: cert.Fix{Side: sideOf(sigil), Note: rest}})
	case "n>":
		a.next = rest
	default:
		return lineError(sigil)
	}
	return nil
}

func sideOf(sigil string) cert.Side {
	if sigil[0] == 'c' {
		return cert.SideClient
	}
	return cert.SideServer
}

func (r *tableReader) textLine(sigil, rest string) error {
	if sigil == "on" {
		added := rule{rank: rankUsual}
		for word := range strings.FieldsSeq(rest) {
			switch word {
			case "fallback":
				added.rank = rankFallback
			case "beside":
				added.rank = rankBeside
			case "byname":
				added.byName = true
			default:
				if _, ok := r.codes[word]; !ok {
					return lineError(word)
				}
				added.codes = append(added.codes, word)
			}
		}
		r.rules = append(r.rules, added)
		return nil
	}
	if len(r.rules) == 0 {
		return lineError(sigil)
	}
	last := &r.rules[len(r.rules)-1]
	if sigil != `"` {
		return last.add(sigil, rest)
	}
	words, context, _ := strings.Cut(rest, " @")
	last.texts = append(last.texts, words)
	r.addText(text{rule: len(r.rules) - 1, phrases: r.phrasesOf(words), context: context})
	return nil
}

func (r *tableReader) addText(t text) {
	for _, phrase := range t.phrases {
		t.length += len(r.phrases[phrase])
	}
	r.texts = append(r.texts, t)
}

// phrasesOf returns the phrases of a text, which && divides.
func (r *tableReader) phrasesOf(words string) []int {
	parts := strings.Split(words, " && ")
	ids := make([]int, 0, len(parts))
	for _, part := range parts {
		phrase := wordsOf(part)
		if strings.HasSuffix(part, "$") {
			phrase += "$"
		}
		id, known := r.ids[phrase]
		if !known {
			id = len(r.phrases)
			r.ids[phrase] = id
			r.phrases = append(r.phrases, phrase)
		}
		ids = append(ids, id)
	}
	return ids
}

func (r *tableReader) markerLine(sigil, rest string) error {
	switch sigil {
	case "context":
		r.contexts = append(r.contexts, marker{name: rest})
		return nil
	case "speaker":
		r.speakers = append(r.speakers, marker{name: rest})
		return nil
	case `"`:
		list := r.contexts
		if len(r.speakers) > 0 {
			list = r.speakers
		}
		if len(list) == 0 {
			return lineError(sigil)
		}
		last := &list[len(list)-1]
		last.texts = append(last.texts, r.phrasesOf(rest))
		return nil
	default:
		return lineError(sigil)
	}
}

func (r *tableReader) reasonLine(sigil, rest string) error {
	number, words, _ := strings.Cut(rest, " ")
	library, err := strconv.Atoi(sigil)
	if err != nil {
		return err
	}
	reason, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	r.reasons[reasonKey(library, reason)] = words
	return nil
}

// addCodeNames makes every code a text for itself.
func (r *tableReader) addCodeNames() {
	for _, name := range r.names {
		r.rules = append(r.rules, rule{codes: []string{name}, rank: rankBeside, isCode: true})
		r.addText(text{rule: len(r.rules) - 1, phrases: r.phrasesOf(name)})
	}
}

func (r *tableReader) indexTexts() {
	r.textsOf = make([][]int, len(r.phrases))
	for i, t := range r.texts {
		for _, phrase := range slices.Compact(slices.Sorted(slices.Values(t.phrases))) {
			r.textsOf[phrase] = append(r.textsOf[phrase], i)
		}
	}
}
