package viewer

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/commands/edit"
	"redan/ui/tui/kit"
	"redan/ui/view"
)

// create asks for the name of a new key; what it holds is asked for next.
func (p Pane) create() (Pane, tea.Cmd) {
	p.writing.load.end()
	p.writing = writing{purpose: createKey}
	name := ""
	if p.value.state != empty {
		name = p.value.key
	}
	return p, p.askName(name)
}

func (p Pane) askName(name string) tea.Cmd {
	return kit.Say(kit.Ask{ID: p.question(askName), Title: "Name of the new key", Text: name, Example: "an existing key is never replaced"})
}

// named takes in the name of a new key.
func (p Pane) named(msg kit.Answered) (Pane, tea.Cmd) {
	if !msg.OK || p.writing.purpose != createKey {
		p.writing = writing{}
		return p, nil
	}
	p.writing.key, p.writing.named = msg.Text, true
	ask, _ := p.asks()
	ask.Text = string(p.writing.text) // of the try before
	return p, kit.Say(ask)
}

// contentHint says how the content of a new key is typed.
const contentHint = `string TEXT, hash f=v g="two words", list a b, set a b, zset 1 a 2 b, stream f=v, json {"a":1}, hll a b, bits 1 5, geo 13.36 38.11 Palermo`

// content is what a new key holds, as it is typed: its type, and then its elements.
func content(text string) (edit.Content, error) {
	kind, rest, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	words, err := splitWords(rest)
	if kind = strings.ToLower(kind); err != nil && kind != view.String && kind != "str" && kind != "json" {
		return nil, err
	}
	switch kind {
	case view.String, "str":
		return edit.NewString{Value: rest}, nil
	case "json":
		return edit.NewJSON{Document: rest}, nil
	case view.Hash:
		fields, err := fieldsOf(words)
		return edit.NewHash{Fields: fields}, err
	case view.Stream, "strm":
		fields, err := fieldsOf(words)
		return edit.NewStream{Fields: fields}, err
	case view.List:
		return edit.NewList{Elements: words}, someWords(words)
	case view.Set:
		return edit.NewSet{Members: words}, someWords(words)
	case "hll":
		return edit.NewHyperLogLog{Elements: words}, nil
	case view.ZSet, "geo", "bits", "bitmap", "vset", view.Vector:
		return numbersContent(kind, words)
	}
	return nil, invalid("type what kind of key it is first: " + contentHint)
}

// numbersContent is the content of the types that are made of numbers.
func numbersContent(kind string, words []string) (edit.Content, error) {
	const geoWords = 3
	switch {
	case len(words) == 0:
		return nil, someWords(words)
	case kind == view.ZSet && len(words)%2 == 0:
		var members []edit.Scored
		for i := 0; i < len(words); i += 2 {
			members = append(members, edit.Scored{Score: words[i], Member: words[i+1]})
		}
		return edit.NewZSet{Members: members}, nil
	case kind == "geo" && len(words)%geoWords == 0:
		var places []edit.Place
		for i := 0; i < len(words); i += geoWords {
			numbers, err := floats(words[i : i+2])
			if err != nil {
				return nil, err
			}
			places = append(places, edit.Place{Longitude: numbers[0], Latitude: numbers[1], Member: words[i+2]})
		}
		return edit.NewGeo{Places: places}, nil
	case kind == "bits" || kind == "bitmap":
		var bits []int64
		for _, word := range words {
			n, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				return nil, invalid(word + " is no number of a bit")
			}
			bits = append(bits, n)
		}
		return edit.NewBitmap{Bits: bits}, nil
	case kind == "vset" || kind == view.Vector:
		numbers, err := floats(words[1:])
		return edit.NewVectorSet{Element: words[0], Vector: numbers}, err
	}
	return nil, invalid("something is missing: " + contentHint)
}

func floats(words []string) ([]float64, error) {
	numbers := make([]float64, len(words))
	for i, word := range words {
		n, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, invalid(word + " is no number")
		}
		numbers[i] = n
	}
	return numbers, nil
}

func someWords(words []string) error {
	if len(words) == 0 {
		return invalid("a key of this type holds at least one element")
	}
	return nil
}

// fieldsOf reads name=value.
func fieldsOf(words []string) ([]edit.Field, error) {
	var fields []edit.Field
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return nil, invalid("type fields as name=value with blanks between them")
		}
		fields = append(fields, edit.Field{Name: name, Value: value})
	}
	return fields, someWords(words)
}
