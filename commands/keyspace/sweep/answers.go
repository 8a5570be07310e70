package sweep

import "redan/conn/resp"

const (
	codeGeneric      = "ERR"
	codeNoPermission = "NOPERM"
	codeWrongType    = "WRONGTYPE"
)

// isForbidden reports whether an error reply says that this command is not to be had there, while others may be.
func isForbidden(text string) bool {
	c := code(text)
	return c == codeGeneric || c == codeNoPermission
}

// asked stands for the length of a key that was asked and is not known yet.
const asked = -2

// ask sends the questions about a page for which its names are enough.
func (n *node) ask(p *page) {
	p.asked = true
	n.asking++
	for _, q := range n.about {
		if n.stopped[q] || len(p.keys) == 0 {
			continue
		}
		form := &n.forms[q]
		for i := range p.keys {
			n.outgo = form.append(n.outgo, p.keys[i].Name)
		}
		n.expect(step{kind: stepAbout, ask: q, page: p})
	}
}

// askLengths sends the questions for the lengths of a page whose types are known.
func (n *node) askLengths(p *page) {
	before := len(n.outgo)
	for i := range p.keys {
		k := &p.keys[i]
		q, ok := lengthOf(k.Type)
		if !ok || n.stopped[q] {
			continue
		}
		n.outgo = n.forms[q].append(n.outgo, k.Name)
		k.Length = asked
	}
	if len(n.outgo) > before {
		n.expect(step{kind: stepLengths, page: p})
	}
}

func (n *node) expect(s step) {
	s.page.open++
	n.steps = append(n.steps, s)
}

// takeAnswers reads the replies to one question about each key of a page.
func (n *node) takeAnswers(q question, p *page) (err error) {
	for i := range p.keys {
		k := &p.keys[i]
		switch q {
		case askType:
			k.Type, err = n.takeType()
		case askMemory:
			k.Memory, err = n.takeNumber(q)
		default:
			k.Frequency, err = n.takeNumber(q)
		}
		if err != nil {
			return err
		}
	}
	p.open--
	if q == askType && n.sweep.options.Ask.Length {
		n.askLengths(p)
	}
	return nil
}

// takeLengths reads the lengths of those keys of a page for which they were asked.
func (n *node) takeLengths(p *page) (err error) {
	for i := range p.keys {
		k := &p.keys[i]
		if k.Length != asked {
			continue
		}
		q, _ := lengthOf(k.Type)
		if k.Length, err = n.takeNumber(q); err != nil {
			return err
		}
	}
	p.open--
	return nil
}

// takeNumber reads an answer that is a number; -1 is none.
func (n *node) takeNumber(q question) (int64, error) {
	tok, err := n.value()
	if err != nil {
		return -1, err
	}
	if tok.Kind == resp.Integer {
		n.told[q] = true
		return tok.Int, nil
	}
	return -1, n.odd(q, tok)
}

// takeType reads the answer to TYPE.
func (n *node) takeType() (string, error) {
	tok, err := n.value()
	switch {
	case err != nil:
		return "", err
	case tok.More || tok.Kind != resp.SimpleString && tok.Kind != resp.BulkString:
		return "", n.odd(askType, tok)
	}
	n.told[askType] = true
	if word := knownType(tok.Text); word != "" {
		return word, nil
	}
	return n.moduleType(tok.Text), nil
}

// moduleType makes one string of each type that modules have.
func (n *node) moduleType(text []byte) string {
	const most = 1024 // more are no types
	if word, ok := n.types[string(text)]; ok {
		return word
	}
	word := string(text)
	if n.types == nil {
		n.types = map[string]string{}
	}
	if len(n.types) < most {
		n.types[word] = word
	}
	return word
}

// odd reads the rest of an answer that is not as expected: an error, or null for a key that is gone.
func (n *node) odd(q question, tok resp.Token) error {
	if tok.Kind.IsAggregate() {
		return resp.SkipFrom(n, tok)
	}
	text, err := n.text(tok)
	if err != nil {
		return err
	}
	if tok.Kind.IsError() {
		n.refuse(q, text)
	} else {
		n.told[q] = true
	}
	return nil
}

// enough is how often a question about keys is not permitted before it is not asked any more, if it never was answered. A user may be kept
// from the command, or from most keys.
const enough = 1000

// refuse notes an error reply to a question.
func (n *node) refuse(q question, text string) {
	switch code(text) {
	case codeWrongType:
		return // it has become another key since TYPE
	case codeGeneric:
		n.stopped[q] = true // the server does not know the command, or not for any key
	case codeNoPermission:
		n.refused[q]++
		n.stopped[q] = n.stopped[q] || !n.told[q] && n.refused[q] >= enough
	}
	words := q.words()
	command := words[0]
	if len(words) > 1 {
		command += " " + words[1]
	}
	n.sweep.tally.refused(n.index, command, resp.ServerError(text))
}
