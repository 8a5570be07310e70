package resp_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
)

func TestAppendCommand(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"PING"}, "*1\r\n$4\r\nPING\r\n"},
		{[]string{"SET", "k", ""}, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n"},
		{[]string{"SET", "k", "a\r\nb\x00"}, "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nb\x00\r\n"},
		{[]string{"ECHO", "ключ"}, "*2\r\n$4\r\nECHO\r\n$8\r\nключ\r\n"},
		{nil, "*0\r\n"},
	}
	for _, tt := range tests {
		if got := string(resp.AppendCommand([]byte("before"), tt.args...)); got != "before"+tt.want {
			t.Errorf("%q is encoded as %q, want %q", tt.args, got, tt.want)
		}
		binary := make([][]byte, 0, len(tt.args))
		for _, arg := range tt.args {
			binary = append(binary, []byte(arg))
		}
		if got := string(resp.AppendCommand(nil, binary...)); got != tt.want {
			t.Errorf("%q as bytes is encoded as %q, want %q", tt.args, got, tt.want)
		}
	}
}

// What servers write is written again byte for byte, but for the freedoms the
// protocol gives: signs and zeros of numbers, chunks, attributes that could be one.
func TestAppend(t *testing.T) {
	other := map[string]string{
		"integer with plus":      ":5\r\n",
		"integer with zeros":     ":7\r\n",
		"integer of many zeros":  ":7\r\n",
		"bulk length with zeros": "$3\r\nabc\r\n",
		"streamed string":        "$?\r\n;11\r\nHello world\r\n;0\r\n",
		"empty attribute":        ":1\r\n",
		"two attributes":         "|2\r\n+k\r\n+v\r\n+k\r\n:2\r\n:1\r\n",
	}
	for _, tt := range wellFormed() {
		want, ok := other[tt.name]
		if !ok {
			want = tt.wire
		}
		if got := string(resp.Append([]byte("before"), tt.want)); got != "before"+want {
			t.Errorf("%s is encoded as %q, want %q", tt.name, got, want)
		}
	}
}

// A replay shows attributes as aggregates of their own.
func TestAppendOfAnAttribute(t *testing.T) {
	const want = "|1\r\n+k\r\n+v\r\n"
	got := string(resp.Append(nil, list(resp.Attribute, text(resp.SimpleString, "k"), text(resp.SimpleString, "v"))))
	if got != want {
		t.Errorf("it is encoded as %q, want %q", got, want)
	}
}

func TestSourceReplaysWhatAReaderReturned(t *testing.T) {
	for _, tt := range wellFormed() {
		if tt.name == "empty attribute" || tt.name == "two attributes" || strings.Contains(tt.wire, ";") {
			continue // a Value does not keep where attributes and chunks ended
		}
		want, _ := tokens(resp.NewReader(strings.NewReader(tt.wire)))
		got, err := tokens(tt.want.Source())
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", tt.name, err)
		}
		sameTokens(t, tt.name, got, want)
	}
}

func TestCollectOfASource(t *testing.T) {
	for _, tt := range wellFormed() {
		src := tt.want.Source()
		got, err := resp.Collect(src)
		if err != nil || !same(got, tt.want) {
			t.Errorf("%s was collected as %q, %v", tt.name, resp.Append(nil, got), err)
		}
		for range 2 {
			if _, err := src.Next(); !errors.Is(err, io.EOF) {
				t.Errorf("%s: behind the end: %v", tt.name, err)
			}
		}
		src = tt.want.Source()
		if err := resp.Skip(src); err != nil {
			t.Errorf("%s: skip: %v", tt.name, err)
		}
		if _, err := src.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: behind what was skipped: %v", tt.name, err)
		}
	}
}

// A replay leaves the value as it was and takes no memory per element.
func TestSourceTakesNoMemory(t *testing.T) {
	v := resp.Value{Kind: resp.Array, Elems: make([]resp.Value, 100_000)}
	for i := range v.Elems {
		v.Elems[i] = attributed(integer(int64(i)), bulk("k"), list(resp.Array))
	}
	got := allocated(func() {
		if err := resp.Skip(v.Source()); err != nil {
			t.Error(err)
		}
	})
	if got > 4096 {
		t.Errorf("%d bytes were allocated", got)
	}
	for i, elem := range v.Elems {
		if elem.Int != int64(i) || len(elem.Attrs) != 2 {
			t.Fatalf("element %d was changed", i)
		}
	}
}
