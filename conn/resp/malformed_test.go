package resp_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"redan/conn/resp"
)

// Behind "Error: " these are redis-cli's words for a peer that does not speak the protocol.
func TestUnknownTypeByteIsShownAsRedisCLIDoes(t *testing.T) {
	tests := map[string]string{
		"HTTP/1.1 400 Bad Request\r\n": `Protocol error, got "H" as reply type byte`,
		"\"x\r\n":                      `Protocol error, got "\"" as reply type byte`,
		"\\x\r\n":                      `Protocol error, got "\\" as reply type byte`,
		"\x00x\r\n":                    `Protocol error, got "\x00" as reply type byte`,
		"\x15\x03\x01\x00\x02":         `Protocol error, got "\x15" as reply type byte`,
		"\x7f\r\n":                     `Protocol error, got "\x7f" as reply type byte`,
		"\xe9\r\n":                     `Protocol error, got "\xe9" as reply type byte`,
		"\n\r\n":                       `Protocol error, got "\n" as reply type byte`,
		"\r\n":                         `Protocol error, got "\r" as reply type byte`,
		"\t\r\n":                       `Protocol error, got "\t" as reply type byte`,
		"\a\r\n":                       `Protocol error, got "\a" as reply type byte`,
		"\b\r\n":                       `Protocol error, got "\b" as reply type byte`,
		" \r\n":                        `Protocol error, got " " as reply type byte`,
		"~\r\n":                        `Protocol error, invalid length "" of set`,
		".\r\n":                        `Protocol error, got "." as reply type byte`,
		";1\r\na\r\n":                  `Protocol error, got ";" as reply type byte`,
		"n\r\n":                        `Protocol error, got "n" as reply type byte`, // NullBulk and NullArray
		"N\r\n":                        `Protocol error, got "N" as reply type byte`, // are not on the wire
	}
	for wire, want := range tests {
		for _, before := range []string{"", ":1\r\n", "*1\r\n", "%1\r\n:1\r\n"} {
			_, err := reads(resp.NewReader(strings.NewReader(before + wire)))
			if detail(err) == "" || err.Error() != want {
				t.Errorf("%q: error is %v, want %s", before+wire, err, want)
			}
		}
	}
}

type malformed struct {
	name, wire, detail string
}

func malformedScalars() []malformed {
	return []malformed{
		{"integer of letters", ":x\r\n", `bad integer value "x"`},
		{"empty integer", ":\r\n", `bad integer value ""`},
		{"integer of a sign", ":-\r\n", `bad integer value "-"`},
		{"integer with two signs", ":--1\r\n", `bad integer value "--1"`},
		{"integer then a letter", ":12a\r\n", `bad integer value "12a"`},
		{"integer with NUL", ":1\x00\r\n", `bad integer value "1\x00"`},
		{"integer 2^63", ":9223372036854775808\r\n", `bad integer value "9223372036854775808"`},
		{"integer -2^63-1", ":-9223372036854775809\r\n", `bad integer value "-9223372036854775809"`},
		{"integer 2^64", ":18446744073709551616\r\n", `bad integer value "18446744073709551616"`},
		{"integer 2^64+5", ":18446744073709551621\r\n", `bad integer value "18446744073709551621"`},
		{"integer of 30 digits", ":" + strings.Repeat("9", 30) + "\r\n", `bad integer value "` + strings.Repeat("9", 30) + `"`},
		{"integer ended by LF", ":1\n:2\r\n", `bad integer value "1\n:2"`},
		{"integer ended by CR", ":1\r:2\r\n", `bad integer value "1\r:2"`},
		{"boolean", "#x\r\n", `bad boolean value "x"`},
		{"empty boolean", "#\r\n", `bad boolean value ""`},
		{"long boolean", "#true\r\n", `bad boolean value "true"`},
		{"double", ",x\r\n", `bad double value "x"`},
		{"empty double", ",\r\n", `bad double value ""`},
		{"hexadecimal double", ",0x10\r\n", `bad double value "0x10"`},
		{"double with underscore", ",1_0\r\n", `bad double value "1_0"`},
		{"half an infinity", ",in\r\n", `bad double value "in"`},
		{"sign alone", ",-\r\n", `bad double value "-"`},
		{"two numbers", ",1,2\r\n", `bad double value "1,2"`},
		{"null", "_x\r\n", `bad null value "x"`},
		{"big number", "(12a\r\n", "bad big number value"},
		{"empty big number", "(\r\n", "bad big number value"},
		{"sign of a big number", "(-\r\n", "bad big number value"},
		{"big number that never ends", "(" + strings.Repeat("1", bufferSize), "big number is too long"},
		{"line that never ends", ":" + strings.Repeat("1", 1000), `no end of line after ":1111111111111111111111111111111"`},
		{"line longer than any number", ":" + strings.Repeat("1", 513) + "\r\n", `no end of line after ":1111111111111111111111111111111"`},
	}
}

func malformedStrings() []malformed {
	return []malformed{
		{"length -2", "$-2\r\n", `invalid length "-2" of bulk string`},
		{"length of letters", "$abc\r\n", `invalid length "abc" of bulk string`},
		{"no length", "$\r\n", `invalid length "" of bulk string`},
		{"length 2^40", "$1099511627776\r\n", "bulk string of 1099511627776 bytes is over the limit of 4294967296"},
		{"length 2^63", "$9223372036854775808\r\n", `invalid length "9223372036854775808" of bulk string`},
		{"length 2^63-1", "$9223372036854775807\r\n", "bulk string of 9223372036854775807 bytes is over the limit of 4294967296"},
		{"length beyond 64 bits", "$99999999999999999999999\r\n", `invalid length "99999999999999999999999" of bulk string`},
		{"length with fraction", "$1.5\r\n", `invalid length "1.5" of bulk string`},
		{"bulk error of length -1", "!-1\r\n", `invalid length "-1" of bulk error`},
		{"verbatim string of length -1", "=-1\r\n", `invalid length "-1" of verbatim string`},
		{"streamed bulk error", "!?\r\n", `invalid length "?" of bulk error`},
		{"streamed verbatim string", "=?\r\n", `invalid length "?" of verbatim string`},
		{"bulk longer than said", "$3\r\nabcd\r\n", "bulk string is not followed by CRLF"},
		{"bulk followed by LF", "$3\r\nabc\n:1\r\n", "bulk string is not followed by CRLF"},
		{"bulk followed by LF at the right place", "$3\r\nabcd\n:1\r\n", "bulk string is not followed by CRLF"},
		{"bulk followed by CR only", "$3\r\nabc\r:1\r\n", "bulk string is not followed by CRLF"},
		{"large bulk not followed by CRLF", "$70000\r\n" + strings.Repeat("x", 70_002), "bulk string is not followed by CRLF"},
		{"empty bulk without CRLF", "$0\r\n:1\r\n", "bulk string is not followed by CRLF"},
		{"bulk error without CRLF", "!1\r\nabc", "bulk error is not followed by CRLF"},
		{"chunk without CRLF", "$?\r\n;1\r\nabc", "bulk string is not followed by CRLF"},
		{"chunk of length -1", "$?\r\n;-1\r\n", `invalid chunk "-1" of a streamed string`},
		{"chunk of letters", "$?\r\n;x\r\n", `invalid chunk "x" of a streamed string`},
		{"chunk of 2^40", "$?\r\n;1099511627776\r\n", `invalid chunk "1099511627776" of a streamed string`},
		{"empty line for a chunk", "$?\r\n\r\n", `got "\r" where a chunk of a streamed string should begin`},
		{"no chunk", "$?\r\n:", `got ":" where a chunk of a streamed string should begin`},
		{"something behind a chunk", "$?\r\n;1\r\na\r\n$1\r\na\r\n", `got "$" where a chunk of a streamed string should begin`},
	}
}

func malformedAggregates() []malformed {
	return []malformed{
		{"length -2", "*-2\r\n", `invalid length "-2" of array`},
		{"length of letters", "*x\r\n", `invalid length "x" of array`},
		{"map of length -1", "%-1\r\n", `invalid length "-1" of map`},
		{"set of length -1", "~-1\r\n", `invalid length "-1" of set`},
		{"push of length -1", ">-1\r\n", `invalid length "-1" of push`},
		{"attribute of length -1", "|-1\r\n", `invalid length "-1" of attribute`},
		{"streamed push", ">?\r\n", `invalid length "?" of push`},
		{"streamed attribute", "|?\r\n", `invalid length "?" of attribute`},
		{"array of 2^32", "*4294967296\r\n", "array of 4294967296 elements is over the limit of 4294967295"},
		{"map of 2^32", "%4294967296\r\n", "map of 4294967296 elements is over the limit of 4294967295"},
		{"array of 2^63-1", "*9223372036854775807\r\n", "array of 9223372036854775807 elements is over the limit of 4294967295"},
		{"array of 2^63", "*9223372036854775808\r\n", `invalid length "9223372036854775808" of array`},
		{"end of an announced array", "*1\r\n.\r\n", `got "." as reply type byte`},
		{"end inside an announced array in a streamed one", "*?\r\n*1\r\n.\r\n", `got "." as reply type byte`},
		{"end behind an end", "*?\r\n.\r\n.\r\n", `got "." as reply type byte`},
		{"end with text", "*?\r\n.x\r\n", `bad end "x" of array`},
		{"streamed map without a last value", "%?\r\n:1\r\n:2\r\n:3\r\n.\r\n", "map ends after a key without its value"},
		{"attribute last in a streamed array", "*?\r\n:1\r\n|1\r\n:1\r\n:2\r\n.\r\n", "array ends after an attribute without its value"},
		{"attribute last in a streamed map", "%?\r\n|0\r\n.\r\n", "map ends after an attribute without its value"},
	}
}

func TestMalformed(t *testing.T) {
	cases := append(append(malformedScalars(), malformedStrings()...), malformedAggregates()...)
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			// What begins in an empty buffer and what lies there already are read by different code.
			for _, before := range []string{"", ":1\r\n"} {
				for _, way := range deliveries() {
					_, err := reads(resp.NewReader(way.of([]byte(before + tt.wire))))
					if detail(err) != tt.detail {
						t.Errorf("%s behind %q: error is %v, want %s", way.name, before, err, tt.detail)
					}
				}
			}
		})
	}
}

// detail is what a protocol error says; no other error has one.
func detail(err error) string {
	if protocol, ok := errors.AsType[*resp.ProtocolError](err); ok {
		return protocol.Detail
	}
	return ""
}

// Whatever is cut off is an unexpected end, except between replies.
func TestTruncated(t *testing.T) {
	long := strings.Repeat("x", bufferSize+10)
	replies := append(wellFormed(),
		reply{name: "long status", wire: "+" + long + "\r\n"},
		reply{name: "long bulk", wire: "$65546\r\n" + long + "\r\n"},
		reply{name: "long chunk", wire: "$?\r\n;65546\r\n" + long + "\r\n;0\r\n"},
	)
	for _, tt := range replies {
		for _, way := range deliveries() {
			for _, cut := range cuts(len(tt.wire)) {
				want := io.ErrUnexpectedEOF
				if cut == 0 {
					want = io.EOF
				}
				values, err := reads(resp.NewReader(way.of([]byte(tt.wire[:cut]))))
				if len(values) != 0 || !errors.Is(err, want) || errors.Is(err, io.EOF) != (cut == 0) {
					t.Fatalf("%s, %s: cut after %d bytes: %d values, %v", tt.name, way.name, cut, len(values), err)
				}
			}
		}
	}
}

// cuts are the lengths to which n bytes are cut: all if there are few.
func cuts(n int) []int {
	var all []int
	for i := 0; i < n; i++ {
		if i > 50 && i < n-5 {
			i = n - 5
		}
		all = append(all, i)
	}
	return all
}

// A peer that stops inside a reply must not make the reader wait for more than it needs.
func TestErrorsComeAsSoonAsTheyCan(t *testing.T) {
	for _, wire := range []string{"H", ":x\r\n", "$-2\r\n", "*?\r\n:1\r\n.x\r\n", "$?\r\n:", "$?\r\n\r", "$1\r\nabc", "*1\r\n."} {
		_, err := reads(resp.NewReader(&scripted{{data: wire}, {err: errBroken}}))
		if detail(err) == "" {
			t.Errorf("%q: %v", wire, err)
		}
	}
}
