package console

import (
	"errors"
	"slices"

	"redan/conn/resp"
)

// What is kept of a reply. All of it is read: the next reply comes behind it.
const (
	keptText     = 256 << 10 // bytes
	keptElements = 20_000
)

// collector reads one reply and keeps what there is room for.
type collector struct {
	src      resp.Source
	text     int
	elements int
	cutText  int64 // bytes that were not kept
	cutElems int64 // elements that were not kept
}

// collect reads a reply to its end.
func collect(src resp.Source) (resp.Value, collector, error) {
	c := collector{src: src, text: keptText, elements: keptElements}
	tok, err := src.Next()
	if err != nil {
		return resp.Value{}, c, err
	}
	v, err := c.value(tok)
	return v, c, err
}

var errUnexpectedEnd = errors.New("the reply ends where none can")

func (c *collector) value(tok resp.Token) (resp.Value, error) {
	var attributes []resp.Value
	for tok.Kind == resp.Attribute && !tok.End {
		more, err := c.children(true)
		if err != nil {
			return resp.Value{}, err
		}
		attributes = append(attributes, more...)
		if tok, err = c.src.Next(); err != nil {
			return resp.Value{}, err
		}
	}
	if tok.End {
		return resp.Value{}, errUnexpectedEnd
	}
	v := resp.Value{Kind: tok.Kind, Int: tok.Int, Attrs: attributes, Streamed: tok.Streamed}
	if tok.Kind.IsAggregate() {
		v.Int = 0
		elems, err := c.children(true)
		v.Elems = elems
		return v, err
	}
	err := c.scalar(&v, tok)
	return v, err
}

func (c *collector) scalar(v *resp.Value, tok resp.Token) error {
	for {
		n := min(len(tok.Text), c.text)
		v.Text = append(v.Text, tok.Text[:n]...)
		c.text -= n
		c.cutText += int64(len(tok.Text) - n)
		if !tok.More {
			return nil
		}
		var err error
		if tok, err = c.src.Next(); err != nil {
			return err
		}
	}
}

// children reads the elements of an aggregate up to its end. A map keeps whole pairs: whether to keep is asked before a key.
func (c *collector) children(keep bool) ([]resp.Value, error) {
	var elems []resp.Value
	keeping := keep
	for i := 0; ; i++ {
		tok, err := c.src.Next()
		if err != nil {
			return elems, err
		}
		if tok.End {
			return slices.Clip(elems), nil
		}
		if i%2 == 0 {
			keeping = keep && c.elements > 0 && c.text > 0
		}
		if !keeping {
			if keep {
				c.cutElems++
			}
			if err := resp.Skip(resp.Prepend(tok, c.src)); err != nil {
				return elems, err
			}
			continue
		}
		c.elements--
		v, err := c.value(tok)
		if err != nil {
			return elems, err
		}
		elems = append(elems, v)
	}
}
