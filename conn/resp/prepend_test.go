package resp_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
)

func TestPrepend(t *testing.T) {
	for _, tt := range wellFormed() {
		r := resp.NewReader(strings.NewReader(tt.wire))
		first, err := r.Next()
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		src := resp.Prepend(first, r)
		got, err := resp.Collect(src)
		if err != nil || !same(got, tt.want) {
			t.Errorf("%s: collected %q, %v", tt.name, resp.Append(nil, got), err)
		}
		if _, err := src.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: behind the end: %v", tt.name, err)
		}
	}
}
