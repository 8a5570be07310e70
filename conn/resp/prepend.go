package resp

// Prepend returns a Source that yields tok and then what src yields: it puts a
// token that was looked at back.
func Prepend(tok Token, src Source) Source { return &prepended{tok: tok, rest: src} }

type prepended struct {
	tok   Token
	begun bool
	rest  Source
}

// Next implements [Source].
func (p *prepended) Next() (Token, error) {
	if !p.begun {
		p.begun = true
		return p.tok, nil
	}
	return p.rest.Next()
}
