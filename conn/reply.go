package conn

import (
	"bytes"

	"redan/conn/resp"
)

// replySource passes tokens on and remembers how the reply began.
type replySource struct {
	reader     *resp.Reader
	pending    []resp.Token // read and not handed on
	first      resp.Token   // without Text beyond what [State] looks at
	begun      bool
	attributes int // depth inside attributes before the reply
	err        error
}

// Next implements [resp.Source].
func (s *replySource) Next() (resp.Token, error) {
	if len(s.pending) > 0 {
		tok := s.pending[0]
		s.pending = s.pending[1:]
		return tok, nil
	}
	tok, err := s.reader.Next()
	if err != nil {
		s.err = err
		return tok, err
	}
	if !s.begun {
		s.begin(tok)
	}
	return tok, nil
}

// redirect returns where a reply redirects to, having consumed it; any other
// reply is left to be read. Attributes may stand before either.
func (s *replySource) redirect() *Redirect {
	var held []resp.Token
	for !s.begun {
		tok, err := s.Next()
		if err != nil {
			return nil
		}
		if s.begun && tok.Kind == resp.SimpleError && !tok.More {
			if to, ok := parseRedirect(tok.Text); ok {
				return &to
			}
		}
		if !s.begun {
			tok.Text = bytes.Clone(tok.Text) // the next token overwrites it
		}
		held = append(held, tok)
	}
	s.pending = held
	return nil
}

// maxFirst is as much of a reply's first text as [State] looks at.
const maxFirst = 64

func (s *replySource) begin(tok resp.Token) {
	switch {
	case tok.End:
		s.attributes--
	case tok.Kind.IsAggregate() && (tok.Kind == resp.Attribute || s.attributes > 0):
		s.attributes++
	case s.attributes == 0:
		s.begun = true
		s.first = tok
		s.first.Text = append([]byte(nil), tok.Text[:min(len(tok.Text), maxFirst)]...)
	}
}
