package format

import "redan/conn/resp"

// layout is what stands around and between the elements of an aggregate.
type layout struct {
	open, separator, pair, end string // pair stands between a key and its value
}

// value renders the value that begins with tok, in the Printer's mode.
func (r *rendering) value(tok resp.Token) {
	if r.Mode == Standard {
		r.standardReply(tok)
		return
	}
	r.compact(tok, false)
}

// compact renders a value in any mode but [Standard]; key tells that it is the
// key of a map.
func (r *rendering) compact(tok resp.Token, key bool) {
	tok, ok := r.described(tok)
	if !ok {
		return
	}
	r.begin(tok)
	r.reserve(minRoom)
	switch r.Mode {
	case CSV:
		r.csv(tok)
	case JSON:
		r.json(tok, key, jsonText)
	case QuotedJSON:
		r.json(tok, key, quotedJSON)
	default:
		r.raw(tok)
	}
}

// described skips the attributes a value begins with and returns the first
// token of the value they describe.
func (r *rendering) described(tok resp.Token) (resp.Token, bool) {
	if tok.Kind != resp.Attribute && !tok.End {
		return tok, true
	}
	return r.skipAttributes(tok)
}

func (r *rendering) skipAttributes(tok resp.Token) (resp.Token, bool) {
	for tok.Kind == resp.Attribute && !tok.End {
		if !r.skip() {
			return tok, false
		}
		var ok bool
		if tok, ok = r.next(); !ok {
			return tok, false
		}
	}
	if tok.End {
		r.fail(errNothingDescribed())
	}
	return tok, !tok.End
}

// skip drops the rest of an aggregate that has just been opened.
func (r *rendering) skip() bool {
	for depth := 1; depth > 0; {
		tok, ok := r.next()
		switch {
		case !ok:
			return false
		case tok.End:
			depth--
		case tok.Kind.IsAggregate():
			depth++
		}
	}
	return true
}

// elements renders the children of an aggregate that opened with tok.
func (r *rendering) elements(open resp.Token, l layout) {
	isMap := open.Kind == resp.Map
	r.literal(l.open)
	for i := 0; ; i++ {
		tok, ok := r.next()
		if !ok {
			return
		}
		isValue := isMap && i%2 == 1
		if tok.End {
			if isValue {
				r.fail(errNoMapValue())
			}
			break
		}
		switch {
		case isValue:
			r.literal(l.pair)
		case i > 0:
			r.reserve(len(l.separator))
			r.literal(l.separator)
		}
		r.compact(tok, isMap && !isValue)
	}
	r.literal(l.end)
}

func errNothingDescribed() error {
	return &resp.ProtocolError{Detail: "an attribute describes nothing"}
}

func errNoMapValue() error {
	return &resp.ProtocolError{Detail: "a map ends with a key that has no value"}
}

// raw renders a value as its bytes. An error is a line of its own wherever it
// stands.
func (r *rendering) raw(tok resp.Token) {
	switch tok.Kind {
	case resp.Array, resp.Set, resp.Push, resp.Map:
		r.elements(tok, layout{separator: r.ElementDelimiter, pair: " "})
	case resp.Integer:
		r.integer(tok.Int)
	case resp.Boolean:
		r.boolean(tok, "(true)", "(false)")
	case resp.SimpleError, resp.BulkError:
		r.text(tok, plain)
		r.literal("\n")
	default:
		r.text(tok, plain) // of a null this is nothing
	}
}

// csv renders a value as comma separated leaves. Redis-cli escapes with
// backslashes here, unlike RFC 4180, and an empty aggregate is an empty field.
func (r *rendering) csv(tok resp.Token) {
	switch tok.Kind {
	case resp.Array, resp.Set, resp.Push, resp.Map:
		r.elements(tok, layout{separator: ",", pair: ","})
	case resp.Integer:
		r.integer(tok.Int)
	case resp.Boolean:
		r.boolean(tok, "true", "false")
	case resp.Null, resp.NullBulk, resp.NullArray:
		r.literal("NULL")
	case resp.Double, resp.BigNumber:
		r.text(tok, plain)
	case resp.SimpleError, resp.BulkError:
		r.literal("ERROR,")
		r.quotedText(tok, quoted)
	default:
		r.quotedText(tok, quoted)
	}
}

// json renders a value as JSON, or what redis-cli takes for it: errors have a
// bare prefix, and infinities, NaN and what the server calls a double pass as
// they are. Keys that are not strings get quotes around whatever they are.
func (r *rendering) json(tok resp.Token, key bool, enc encoding) {
	switch tok.Kind {
	case resp.SimpleString, resp.BulkString, resp.VerbatimString:
		r.quotedText(tok, enc)
		return
	case resp.SimpleError, resp.BulkError:
		r.literal("error:")
		r.quotedText(tok, enc)
		return
	default:
	}
	if key {
		r.literal(`"`)
	}
	switch tok.Kind {
	case resp.Map:
		r.elements(tok, layout{open: "{", separator: ",", pair: ":", end: "}"})
	case resp.Array, resp.Set, resp.Push:
		r.elements(tok, layout{open: "[", separator: ",", end: "]"})
	case resp.Integer:
		r.integer(tok.Int)
	case resp.Boolean:
		r.boolean(tok, "true", "false")
	case resp.Null, resp.NullBulk, resp.NullArray:
		r.literal("null")
	default:
		r.text(tok, plain)
	}
	if key {
		r.literal(`"`)
	}
}

func (r *rendering) boolean(tok resp.Token, yes, no string) {
	if tok.Int != 0 {
		r.literal(yes)
		return
	}
	r.literal(no)
}
