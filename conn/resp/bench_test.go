package resp_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
)

// tenThousand is the reply of an LRANGE of 10,000 short strings.
func tenThousand() []byte {
	var v resp.Value
	v.Kind = resp.Array
	for range 10_000 {
		v.Elems = append(v.Elems, resp.Value{Kind: resp.BulkString, Text: []byte("element:0123456789")})
	}
	return resp.Append(nil, v)
}

func BenchmarkRead(b *testing.B) {
	wire := tenThousand()
	src := bytes.NewReader(nil)
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(wire)
		if _, err := resp.NewReader(src).Read(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	wire := tenThousand()
	src := bytes.NewReader(nil)
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	tokens := 0
	for b.Loop() {
		src.Reset(wire)
		r := resp.NewReader(src)
		for {
			_, err := r.Next()
			if err == io.EOF { //nolint:errorlint // io.EOF is returned as it is
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			tokens++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(tokens), "ns/token")
}

func BenchmarkNextInteger(b *testing.B) {
	wire := []byte("*10000\r\n" + strings.Repeat(":1234567\r\n", 10_000))
	src := bytes.NewReader(nil)
	b.ReportAllocs()
	tokens := 0
	for b.Loop() {
		src.Reset(wire)
		r := resp.NewReader(src)
		for {
			_, err := r.Next()
			if err == io.EOF { //nolint:errorlint // io.EOF is returned as it is
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			tokens++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(tokens), "ns/token")
}
