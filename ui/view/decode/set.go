package decode

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Chain is the decoders that a value goes through, outermost first; the last one shows it.
type Chain []Name

// Join returns the chain's names with an arrow between them: "gzip → json".
func (c Chain) Join(arrow string) string {
	names := make([]string, len(c))
	for i, name := range c {
		names[i] = string(name)
	}
	return strings.Join(names, " "+arrow+" ")
}

// longestChain is how many times a value is unwrapped without being asked: a file that unpacks to itself exists.
const longestChain = 4

// Set is the decoders there are, in the order in which they are asked.
type Set []Decoder

// Standard returns the decoders of this package.
func Standard() Set {
	return Set{
		gzipDecoder(), zstdDecoder(), lz4Decoder(), zlibDecoder(),
		base64Decoder{},
		jsonDecoder{name: JSON},
		jsonDecoder{name: NDJSON},
		msgpack{},
		text{},
		dump{},
	}
}

// Find returns the decoder of a name.
func (s Set) Find(name Name) (Decoder, error) {
	i := slices.IndexFunc(s, func(d Decoder) bool { return d.Name() == name })
	if i < 0 {
		return nil, fmt.Errorf("%q: %w", name, ErrUnknown)
	}
	return s[i], nil
}

// Detect returns the chain that a value is shown through when nobody said otherwise. It looks at the beginning of the input only,
// and never fails: bytes that nothing is known about are shown as hex.
func (s Set) Detect(in Input) Chain { return s.detect(in, longestChain) }

func (s Set) detect(in Input, depth int) Chain {
	best, confidence := Decoder(nil), Possible
	for _, d := range s {
		if d.Wraps() && depth == 0 {
			continue
		}
		if c := d.Sniff(in); c > confidence {
			best, confidence = d, c
		}
	}
	if best == nil {
		return Chain{Hex}
	}
	return s.follow(best, in, depth)
}

// follow returns the chain that begins with d.
func (s Set) follow(d Decoder, in Input, depth int) Chain {
	if !d.Wraps() {
		return Chain{d.Name()}
	}
	return slices.Concat(Chain{d.Name()}, s.detect(s.peek(d, in), depth-1))
}

// peek returns the beginning of what is inside.
func (Set) peek(d Decoder, in Input) Input {
	result, _ := d.Decode(in, sniffBytes) // what came before an error is looked at all the same
	return Input{Bytes: result.Inner, More: result.Cut}
}

// Offers returns the chains worth switching through: what Detect says first, then other ways to show what is inside, then those for
// the value as it is.
func (s Set) Offers(in Input) []Chain {
	offers := []Chain{s.Detect(in)}
	add := func(c Chain) {
		if !slices.ContainsFunc(offers, func(o Chain) bool { return slices.Equal(o, c) }) {
			offers = append(offers, c)
		}
	}
	inner, wraps := in, offers[0][:len(offers[0])-1]
	for _, name := range wraps {
		if d, err := s.Find(name); err == nil {
			inner = s.peek(d, inner)
		}
	}
	for _, d := range s {
		if !d.Wraps() && d.Sniff(inner) >= Possible {
			add(append(slices.Clone(wraps), d.Name()))
		}
	}
	for _, d := range s {
		if d.Sniff(in) >= Possible {
			add(s.follow(d, in, longestChain))
		}
	}
	return offers
}

// View is a value as it is shown.
type View struct {
	Chain    Chain // the decoders that were used; text or hex at the end, where one that was asked for failed
	Document Document
	Bytes    []byte // what the document is made from: what is inside all that wraps it
	Offset   int64  // of Bytes in the value, where nothing wraps them
	Cut      bool   // there is more than is shown
	Err      error  // why another decoder than the one asked for was used, or why it stopped early
}

// Open shows the input through a chain, writing at most limit bytes in each step; [DefaultLimit] where limit is 0. It shows something
// in any case: where a decoder fails, what was read before that, or the bytes that it was given.
func (s Set) Open(in Input, chain Chain, limit int) View {
	view := View{Bytes: in.Bytes, Offset: in.Offset, Cut: in.More}
	for _, name := range chain {
		d, err := s.Find(name)
		if err != nil {
			view.Err = err
			break
		}
		result, err := d.Decode(in, limit)
		if err != nil {
			view.Err = errors.Join(view.Err, err)
		}
		if !d.Wraps() {
			if err != nil {
				break
			}
			view.Chain = append(view.Chain, name)
			view.Document, view.Cut = result.Document, result.Cut || view.Cut
			return view
		}
		if err != nil && len(result.Inner) == 0 {
			break
		}
		view.Chain = append(view.Chain, name)
		in = Input{Bytes: result.Inner, More: result.Cut}
		if err != nil {
			in.More = true // so that what is inside is not blamed for ending early
		}
		view.Bytes, view.Offset, view.Cut = in.Bytes, 0, in.More
	}
	return view.plain(in, limit)
}

// plain shows the input as text or as hex.
func (v View) plain(in Input, limit int) View {
	shows := Set{text{}, dump{}}
	name := shows.Detect(in)[0]
	d, err := shows.Find(name)
	if err != nil {
		v.Err = errors.Join(v.Err, err)
		return v
	}
	result, _ := d.Decode(in, limit) // neither fails
	v.Chain = append(v.Chain, name)
	v.Document, v.Cut = result.Document, result.Cut || v.Cut
	return v
}
