package decode_test

import (
	"strings"
	"testing"

	"redan/ui/view/decode"
)

func TestPathOfALine(t *testing.T) {
	const text = `{"orders": [ {"total": 12, "a b": [[], [1, 2]]}, 7 ], "q\"q": {"": null}, "1x": true, "long": "` // the last one goes on over rows
	value := text + strings.Repeat("x", 5000) + `", "end": {"deep": {}}}`
	view := decode.Standard().Open(decode.Value([]byte(value)), decode.Chain{decode.JSON}, decode.DefaultLimit)
	var got []string
	for i := range view.Document.Len() {
		if path := view.Document.Path(i); len(got) == 0 || got[len(got)-1] != path {
			got = append(got, path)
		}
	}
	want := []string{
		"$", "$.orders", "$.orders[0]", "$.orders[0].total", `$.orders[0]["a b"]`, `$.orders[0]["a b"][0]`, `$.orders[0]["a b"][1]`,
		`$.orders[0]["a b"][1][0]`, `$.orders[0]["a b"][1][1]`, `$.orders[0]["a b"][1]`, `$.orders[0]["a b"]`, "$.orders[0]", "$.orders[1]", "$.orders",
		`$["q\"q"]`, `$["q\"q"][""]`, `$["q\"q"]`, `$["1x"]`, "$.long", "$.end", "$.end.deep", "$.end", "$",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the paths are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if path := (decode.Document{}).Path(0); path != "" {
		t.Errorf("no document has the path %q", path)
	}
}
