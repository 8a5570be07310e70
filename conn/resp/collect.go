package resp

import "bytes"

// maxPrealloc bounds how many elements an announced length makes us allocate in advance.
const maxPrealloc = 32

// Collect reads one whole reply from src. Errors are those of src.
func Collect(src Source) (Value, error) {
	tok, err := src.Next()
	if err != nil {
		return Value{}, err
	}
	return CollectFrom(src, tok)
}

// CollectFrom is [Collect] for a reply whose first token was read already.
func CollectFrom(src Source, first Token) (Value, error) {
	var attrs []Value
	tok := first
	for tok.Kind == Attribute {
		elems, err := children(src, tok)
		if err != nil {
			return Value{}, err
		}
		attrs = append(attrs, elems...)
		if tok, err = src.Next(); err != nil {
			return Value{}, err
		}
	}
	v := Value{Kind: tok.Kind, Int: tok.Int, Attrs: attrs}
	var err error
	if tok.Kind.IsAggregate() {
		v.Int, v.Streamed = 0, tok.Int < 0
		v.Elems, err = children(src, tok)
		return v, err
	}
	v.Streamed = tok.Streamed
	v.Text = bytes.Clone(tok.Text) // unlike slices.Clone, also when empty: the reader's buffer is not kept
	for tok.More {
		if tok, err = src.Next(); err != nil {
			return Value{}, err
		}
		v.Text = append(v.Text, tok.Text...)
	}
	return v, nil
}

// children reads the values of the aggregate that opened with tok.
func children(src Source, tok Token) ([]Value, error) {
	elems := make([]Value, 0, min(max(tok.Int, 0), maxPrealloc))
	for {
		first, err := src.Next()
		if err != nil {
			return nil, err
		}
		if first.End {
			return elems, nil
		}
		v, err := CollectFrom(src, first)
		if err != nil {
			return nil, err
		}
		if n := int64(len(elems)); n == int64(cap(elems)) && n < tok.Int {
			// Doubled, but not beyond what was announced, as append would.
			elems = append(make([]Value, 0, min(2*n, tok.Int)), elems...)
		}
		elems = append(elems, v)
	}
}

// Skip consumes one whole reply from src without holding it.
func Skip(src Source) error {
	for {
		tok, err := src.Next()
		if err != nil {
			return err
		}
		if err = SkipFrom(src, tok); err != nil || tok.Kind != Attribute {
			return err
		}
	}
}

// SkipFrom consumes the rest of the value whose first token was read already; of an attribute that is not the value it describes.
func SkipFrom(src Source, first Token) (err error) {
	depth := 0
	for tok := first; ; {
		switch {
		case tok.End:
			depth--
		case tok.Kind.IsAggregate():
			depth++
		}
		if depth == 0 && !tok.More {
			return nil
		}
		if tok, err = src.Next(); err != nil {
			return err
		}
	}
}
