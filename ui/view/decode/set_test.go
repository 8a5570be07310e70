package decode_test

import (
	"strings"
	"testing"

	"redan/ui/view/decode"
)

// shouting is a decoder from elsewhere.
type shouting struct{}

func (shouting) Name() decode.Name { return "shouting" }
func (shouting) Wraps() bool       { return true }

func (shouting) Sniff(in decode.Input) decode.Confidence {
	if text := string(in.Bytes); text != "" && text == strings.ToUpper(text) {
		return decode.Certain
	}
	return decode.No
}

func (shouting) Decode(in decode.Input, _ int) (decode.Result, error) {
	return decode.Result{Inner: []byte(strings.ToLower(string(in.Bytes)))}, nil
}

func TestDecodersFromElsewhereJoinTheSet(t *testing.T) {
	set := append(decode.Standard(), shouting{})
	in := decode.Value(gzipped(t, "LOUD"))
	chain := set.Detect(in)
	view := set.Open(in, chain, 0)
	if got := laid(view.Document); chain.Join(">") != "gzip > shouting > text" || got != "loud\n" {
		t.Errorf("%v shows %q", chain, got)
	}
}
