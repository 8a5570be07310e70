package decode_test

import (
	"strings"
	"testing"

	"redan/ui/view/decode"
)

// shouting is a decoder from elsewhere.
type shouting struct{}

func (shouting) Name() decode.Name { return "shouting" }
func (shouting) Wraps() bool       { return false }

func (shouting) Sniff(in decode.Input) decode.Confidence {
	if text := string(in.Bytes); text != "" && text == strings.ToUpper(text) {
		return decode.Certain
	}
	return decode.No
}

func (shouting) Decode(in decode.Input, _ int) (decode.Result, error) {
	line := decode.Line{Fold: -1, Spans: []decode.Span{{Text: strings.ToLower(string(in.Bytes))}}}
	return decode.Result{Document: decode.NewDocument([]decode.Line{line})}, nil
}

func TestDecodersFromElsewhereJoinTheSet(t *testing.T) {
	set := append(decode.Standard(), shouting{})
	in := decode.Value(gzipped(t, "LOUD"))
	chain := set.Detect(in)
	view := set.Open(in, chain, 0)
	if got := laid(view.Document); chain.Join(">") != "gzip > shouting" || got != "loud\n" || view.Document.Fold(0) != -1 {
		t.Errorf("%v shows %q", chain, got)
	}
}
