package resp_test

import (
	"bytes"
	"errors"
	"testing"

	"redan/conn/resp"
)

func text(kind resp.Kind, s string) resp.Value { return resp.Value{Kind: kind, Text: []byte(s)} }

func bulk(s string) resp.Value { return text(resp.BulkString, s) }

func integer(n int64) resp.Value { return resp.Value{Kind: resp.Integer, Int: n} }

func list(kind resp.Kind, elems ...resp.Value) resp.Value {
	return resp.Value{Kind: kind, Elems: elems}
}

func streamed(v resp.Value) resp.Value {
	v.Streamed = true
	return v
}

func attributed(v resp.Value, attrs ...resp.Value) resp.Value {
	v.Attrs = attrs
	return v
}

// same compares values; nil and empty slices are the same.
func same(a, b resp.Value) bool {
	return a.Kind == b.Kind && a.Int == b.Int && a.Streamed == b.Streamed && bytes.Equal(a.Text, b.Text) &&
		sameAll(a.Elems, b.Elems) && sameAll(a.Attrs, b.Attrs)
}

func sameAll(a, b []resp.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// sameTest guards the tests: a comparison that is always true would keep them green.
func TestSameTellsValuesApart(t *testing.T) {
	values := []resp.Value{
		bulk("a"),
		bulk("b"),
		streamed(bulk("a")),
		text(resp.SimpleString, "a"),
		integer(1),
		integer(2),
		list(resp.Array, bulk("a")),
		list(resp.Array, bulk("b")),
		list(resp.Array, bulk("a"), bulk("a")),
		attributed(bulk("a"), bulk("k"), bulk("v")),
		attributed(bulk("a"), bulk("k"), bulk("w")),
	}
	for i, a := range values {
		for j, b := range values {
			if same(a, b) != (i == j) {
				t.Errorf("same(%q, %q) = %t", resp.Append(nil, a), resp.Append(nil, b), i != j)
			}
		}
	}
}

func TestKinds(t *testing.T) {
	const aggregate, null, failure = 1, 2, 4
	tests := []struct {
		kind resp.Kind
		name string
		is   int
	}{
		{resp.SimpleString, "simple string", 0},
		{resp.SimpleError, "simple error", failure},
		{resp.Integer, "integer", 0},
		{resp.BulkString, "bulk string", 0},
		{resp.Array, "array", aggregate},
		{resp.Null, "null", null},
		{resp.NullBulk, "null", null},
		{resp.NullArray, "null", null},
		{resp.Boolean, "boolean", 0},
		{resp.Double, "double", 0},
		{resp.BigNumber, "big number", 0},
		{resp.BulkError, "bulk error", failure},
		{resp.VerbatimString, "verbatim string", 0},
		{resp.Map, "map", aggregate},
		{resp.Set, "set", aggregate},
		{resp.Push, "push", aggregate},
		{resp.Attribute, "attribute", aggregate},
		{'?', "unknown kind", 0},
	}
	for _, tt := range tests {
		if got := tt.kind.String(); got != tt.name {
			t.Errorf("kind %q is called %q, want %q", byte(tt.kind), got, tt.name)
		}
		if got := tt.kind.IsAggregate(); got != (tt.is == aggregate) {
			t.Errorf("%s: IsAggregate() = %t", tt.name, got)
		}
		if got := tt.kind.IsNull(); got != (tt.is == null) {
			t.Errorf("%s: IsNull() = %t", tt.name, got)
		}
		if got := tt.kind.IsError(); got != (tt.is == failure) {
			t.Errorf("%s: IsError() = %t", tt.name, got)
		}
	}
}

func TestPayloadLeavesTheFormatOut(t *testing.T) {
	tests := []struct {
		value resp.Value
		want  string
	}{
		{text(resp.VerbatimString, "txt:Some string"), "Some string"},
		{text(resp.VerbatimString, "mkd:"), ""},
		{text(resp.VerbatimString, "txt:txt:"), "txt:"},
		{text(resp.VerbatimString, "txt"), "txt"},
		{text(resp.VerbatimString, "text:a"), "text:a"},
		{bulk("txt:Some string"), "txt:Some string"},
		{text(resp.Double, "1.50"), "1.50"},
		{resp.Value{Kind: resp.Null}, ""},
	}
	for _, tt := range tests {
		tok := resp.Token{Kind: tt.value.Kind, Text: tt.value.Text}
		for _, got := range []string{string(tt.value.Payload()), tt.value.String(), string(tok.Payload())} {
			if got != tt.want {
				t.Errorf("payload of %s %q is %q, want %q", tt.value.Kind, tt.value.Text, got, tt.want)
			}
		}
	}
}

func TestErrOfAReply(t *testing.T) {
	for _, kind := range []resp.Kind{resp.SimpleError, resp.BulkError} {
		err := text(kind, "WRONGTYPE no\r\nlist").Err()
		var server resp.ServerError
		if !errors.As(err, &server) || server != "WRONGTYPE no\r\nlist" || err.Error() != "WRONGTYPE no\r\nlist" {
			t.Errorf("%s: Err() = %#v", kind, err)
		}
	}
	for _, v := range []resp.Value{text(resp.SimpleString, "OK"), integer(1), {Kind: resp.Null}, list(resp.Array, text(resp.SimpleError, "ERR"))} {
		if err := v.Err(); err != nil {
			t.Errorf("%s: Err() = %v", v.Kind, err)
		}
	}
}
