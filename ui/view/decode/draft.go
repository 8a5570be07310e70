package decode

import (
	"bytes"
	"fmt"
	"slices"
	"unicode"
)

// Draft is a value that is being edited, through all that wraps it.
type Draft struct {
	// Text is what is edited. It is the value's own text, not fit for a terminal as it is.
	Text []byte
	// Exact reports that what is not edited does not change by a byte. Otherwise what wraps it is made anew: compressed, the value
	// means the same and may have other bytes.
	Exact bool
	// Plain reports that the text is made of visible characters, blanks and line feeds only: small editors lose what is not.
	Plain bool

	steps []step
}

// step is a decoder that a draft came through, and what it was given.
type step struct {
	decoder  Editable
	original []byte
}

// Edit returns the draft for a value that is there as a whole. An error says why it cannot be edited this way, and is [ErrTooLong],
// [ErrBinary], [ErrReadOnly], [ErrUnknown] or a [*MalformedError].
func (s Set) Edit(data []byte, chain Chain, limit int) (Draft, error) {
	d := Draft{Text: data, Exact: true}
	for _, name := range chain {
		decoder, err := s.Find(name)
		if err != nil {
			return Draft{}, err
		}
		editable, ok := decoder.(Editable)
		if !ok {
			return Draft{}, fmt.Errorf("%s %w", name, ErrReadOnly)
		}
		inner, err := editable.Draft(d.Text, limit)
		if err != nil {
			return Draft{}, fmt.Errorf("edit as %s: %w", name, err)
		}
		if d.Exact {
			again, err := editable.Encode(d.Text, inner)
			d.Exact = err == nil && bytes.Equal(again, d.Text)
		}
		d.steps = append(d.steps, step{decoder: editable, original: d.Text})
		d.Text = inner
	}
	d.Plain = isPlain(d.Text)
	return d, nil
}

// isPlain reports whether a small editor gives back what it is given.
func isPlain(text []byte) bool {
	return bytes.IndexFunc(text, func(r rune) bool { return r != '\n' && (r == unicode.ReplacementChar || !unicode.IsGraphic(r)) }) < 0
}

// Apply returns the value with the edited text in place of the draft's. Where nothing was edited it is the value as it was, always.
// An error is a [*MalformedError] that tells the place in text.
func (d Draft) Apply(text []byte) ([]byte, error) {
	if len(d.steps) == 0 {
		return text, nil
	}
	if bytes.Equal(text, d.Text) {
		return d.steps[0].original, nil
	}
	for _, s := range slices.Backward(d.steps) {
		encoded, err := s.decoder.Encode(s.original, text)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(encoded, s.original) {
			return d.steps[0].original, nil
		}
		text = encoded
	}
	return text, nil
}
