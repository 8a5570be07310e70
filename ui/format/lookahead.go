package format

import (
	"slices"

	"redan/conn/resp"
)

// maxHeld bounds, in bytes, what counting the children of an aggregate of
// unannounced length may hold.
const maxHeld = 64 << 20

// lookahead is a source whose next tokens can be looked at before they are taken.
type lookahead struct {
	src   resp.Source
	queue []resp.Token // looked at, not taken yet, from head on
	head  int
}

// next takes the next token.
func (l *lookahead) next() (resp.Token, error) {
	if len(l.queue) == 0 {
		return l.src.Next()
	}
	return l.dequeue(), nil
}

func (l *lookahead) dequeue() resp.Token {
	tok := l.queue[l.head]
	l.queue[l.head] = resp.Token{} // its text is garbage once it is printed
	l.head++
	if l.head == len(l.queue) {
		l.queue, l.head = l.queue[:0], 0
	}
	return tok
}

// peek returns the token that next returns after i others. The pointer is valid
// until the next call.
func (l *lookahead) peek(i int) (*resp.Token, error) {
	for l.head+i >= len(l.queue) {
		tok, err := l.src.Next()
		if err != nil {
			return nil, err
		}
		tok.Text = slices.Clone(tok.Text)
		if l.head > len(l.queue)/2 { // or a queue that never runs dry would grow for ever
			l.queue = slices.Delete(l.queue, 0, l.head)
			l.head = 0
		}
		l.queue = append(l.queue, tok)
	}
	return &l.queue[l.head+i], nil
}

// count returns the number of children of an aggregate of which the first child
// begins at index i. If there are too many to hold it returns how many it saw,
// at least one: the numbers will not be aligned, but nothing is lost.
func (l *lookahead) count(i int) (int64, error) {
	var children int64
	depth, held := 0, 0
	for ; ; i++ {
		tok, err := l.peek(i)
		if err != nil {
			return 0, err
		}
		if depth == 0 && !tok.More && !tok.End && tok.Kind != resp.Attribute {
			children++
		}
		switch {
		case tok.More:
		case tok.End && depth == 0:
			return children, nil
		case tok.End:
			depth--
		case tok.Kind.IsAggregate():
			depth++
		}
		const tokenSize = 48
		if held += len(tok.Text) + tokenSize; held > maxHeld {
			return max(children, 1), nil
		}
	}
}

// isTall reports whether the value that began with tok, the token taken last,
// is one that redis-cli starts on a new line: an aggregate with several
// elements, or one whose only element is such. Attributes take lines as well.
func (l *lookahead) isTall(tok resp.Token) (bool, error) {
	for i := 0; ; {
		if !tok.Kind.IsAggregate() {
			return false, nil
		}
		n := tok.Int
		if n < 0 {
			var err error
			if n, err = l.count(i); err != nil {
				return false, err
			}
		}
		switch {
		case tok.Kind == resp.Attribute && n == 0:
			i++ // its end; what it describes comes next
		case tok.Kind == resp.Attribute:
			return true, nil
		case n == 0:
			return false, nil
		case tok.Kind == resp.Map && n == 2:
			var err error
			if i, err = l.behind(i); err != nil {
				return false, err
			}
		case n > 1:
			return true, nil
		}
		only, err := l.peek(i)
		if err != nil {
			return false, err
		}
		tok = *only
		i++
	}
}

// behind returns the index of the token after the value that begins at index i.
func (l *lookahead) behind(i int) (int, error) {
	for depth := 0; ; i++ {
		tok, err := l.peek(i)
		if err != nil {
			return 0, err
		}
		switch {
		case tok.More:
			continue
		case tok.End:
			depth--
		case tok.Kind.IsAggregate():
			depth++
		}
		if depth <= 0 && tok.Kind != resp.Attribute {
			return i + 1, nil
		}
	}
}
