package format

import (
	"strconv"
	"strings"

	"redan/conn/resp"
)

// invalidate is the push with which a server tells that cached keys changed.
const invalidate = "invalidate"

// standardReply renders a whole reply for people. Client-side caching has a
// line of its own; all else is [rendering.standard].
func (r *rendering) standardReply(tok resp.Token) {
	if tok.Kind == resp.Push && tok.Int == 2 && r.isInvalidation() {
		r.begin(tok)
		r.invalidation()
		return
	}
	r.standard(tok, 0)
}

// isInvalidation looks whether the push that has just been opened is an
// invalidation that lists its keys (after FLUSHALL it has none).
func (r *rendering) isInvalidation() bool {
	rest := invalidate
	for i := 0; ; i++ {
		part, err := r.tokens.peek(i)
		if err != nil || part.Kind != resp.BulkString || !strings.HasPrefix(rest, string(part.Text)) {
			return false
		}
		rest = rest[len(part.Text):]
		if part.More {
			continue
		}
		keys, err := r.tokens.peek(i + 1)
		return rest == "" && err == nil && keys.Kind == resp.Array
	}
}

func (r *rendering) invalidation() {
	r.literal("-> invalidate: ")
	for name, ok := r.next(); ok && name.More; {
		name, ok = r.next()
	}
	_, _ = r.next() // the list opens
	for i := 0; ; i++ {
		tok, ok := r.next()
		if !ok {
			return
		}
		if tok.End {
			break
		}
		r.reserve(minRoom)
		if i > 0 {
			r.literal(", ")
		}
		if tok, ok = r.described(tok); ok {
			r.literal("'")
			r.raw(tok)
			r.literal("'")
		}
	}
	_, _ = r.next() // the push ends
}

// standard renders a value for people. Its first line goes where the output
// stands, the others are indented. Attributes come first, like a map of their own.
func (r *rendering) standard(tok resp.Token, indent int) {
	r.reserve(minRoom)
	for tok.Kind == resp.Attribute && !tok.End {
		empty, top := tok.Int == 0, r.top
		r.top = false
		r.numbered(tok, indent)
		r.top = top
		var ok bool
		if tok, ok = r.next(); !ok {
			return
		}
		if !empty {
			r.newline(indent)
		}
	}
	if tok.End {
		r.fail(errNothingDescribed())
		return
	}
	r.begin(tok)
	if tok.Kind.IsAggregate() {
		r.numbered(tok, indent)
		return
	}
	r.standardScalar(tok)
}

func (r *rendering) standardScalar(tok resp.Token) {
	switch tok.Kind {
	case resp.Integer:
		r.literal("(integer) ")
		r.integer(tok.Int)
	case resp.Boolean:
		r.boolean(tok, "(true)", "(false)")
	case resp.Null, resp.NullBulk, resp.NullArray:
		r.literal("(nil)")
	case resp.BulkString:
		r.quotedText(tok, quoted)
	case resp.Double:
		r.literal("(double) ")
		r.text(tok, plain)
	case resp.BigNumber:
		r.literal("(big number) ")
		r.text(tok, plain)
	case resp.SimpleError, resp.BulkError:
		r.literal("(error) ")
		r.text(tok, plain)
	default: // statuses and verbatim strings are texts for people already
		r.text(tok, plain)
	}
}

// numbered renders an aggregate that opened with open, one element or pair a
// line, each behind its number.
func (r *rendering) numbered(open resp.Token, indent int) {
	if open.Int < 0 {
		var err error
		if open.Int, err = r.tokens.count(0); err != nil {
			r.fail(err)
			return
		}
	}
	style := styleOf(open.Kind)
	if open.Int == 0 {
		_, _ = r.next() // the end
		r.literal(style.empty)
		return
	}
	total := open.Int
	if style.pairs {
		total = (total + 1) / 2
	}
	width := digits(total)
	inner := indent + width + len(") ")
	for i := int64(1); ; i++ {
		tok, ok := r.next()
		if !ok || tok.End {
			return
		}
		if i > 1 {
			r.newline(indent)
		}
		r.spaces(max(width-digits(i), 0)) // less than none if counting gave up
		r.integer(i)
		r.buf = append(r.buf, style.mark, ' ')
		r.standard(tok, inner)
		if style.pairs {
			r.mapValue(inner)
		}
	}
}

// mapValue renders the value behind a key, on a line of its own if it needs
// several.
func (r *rendering) mapValue(indent int) {
	tok, ok := r.next()
	if !ok {
		return
	}
	if tok.End {
		r.fail(errNoMapValue())
		return
	}
	r.literal(" => ")
	tall, err := r.tokens.isTall(tok)
	if err != nil {
		r.fail(err)
		return
	}
	if tall {
		r.newline(indent)
	}
	r.standard(tok, indent)
}

func (r *rendering) newline(indent int) {
	r.reserve(minRoom)
	r.literal("\n")
	r.spaces(indent)
}

// aggregateStyle is how people see one kind of aggregate.
type aggregateStyle struct {
	mark  byte   // stands behind the number
	pairs bool   // numbers count pairs
	empty string // stands for the whole
}

func styleOf(kind resp.Kind) aggregateStyle {
	switch kind {
	case resp.Map:
		return aggregateStyle{mark: '#', pairs: true, empty: "(empty hash)"}
	case resp.Attribute:
		return aggregateStyle{mark: '|', pairs: true}
	case resp.Set:
		return aggregateStyle{mark: '~', empty: "(empty set)"}
	case resp.Push:
		return aggregateStyle{mark: ')', empty: "(empty push)"}
	default:
		return aggregateStyle{mark: ')', empty: "(empty array)"}
	}
}

// digits returns the number of decimal digits of n, which is positive.
func digits(n int64) int {
	if n < 10 {
		return 1
	}
	return len(strconv.AppendInt(make([]byte, 0, 20), n, 10))
}
