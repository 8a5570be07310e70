package modes

import (
	"encoding/base64"
	"unicode/utf8"

	"redan/conn/resp"
	"redan/ui/format"
)

// KeyLines writes names of keys, one a line.
type KeyLines struct {
	// Mode is how replies are printed. In CSV a name is its bytes, as it is in redis-cli.
	Mode format.Mode
	// Terminal keeps names from acting on a terminal.
	Terminal bool
}

// Append appends the line of a name.
func (l KeyLines) Append(dst []byte, name string) []byte { return append(l.append(dst, name), '\n') }

func (l KeyLines) append(dst []byte, name string) []byte {
	switch l.Mode {
	case format.Standard:
		dst = format.AppendQuoted(dst, []byte(name))
	case format.JSON:
		dst = appendKeyJSON(dst, name, l.Terminal)
	case format.QuotedJSON:
		quoted := format.AppendQuoted(nil, []byte(name))
		dst = format.AppendJSONString(dst, quoted[1:len(quoted)-1])
	default:
		if l.Terminal {
			dst = format.AppendTerminal(dst, []byte(name))
		} else {
			dst = append(dst, name...)
		}
	}
	return dst
}

// appendKeyJSON appends the name of a key as a JSON string. A name that is not UTF-8 cannot be one: it becomes {"base64":"..."}, so that nothing
// is lost and two names never look the same. On a terminal, control characters above 0x7f are escaped too.
func appendKeyJSON(dst []byte, name string, terminal bool) []byte {
	switch {
	case !utf8.ValidString(name):
		dst = append(dst, `{"base64":"`...)
		dst = base64.StdEncoding.AppendEncode(dst, []byte(name))
		return append(dst, `"}`...)
	case terminal:
		p := format.New(format.JSON)
		p.Terminal = true
		return p.Append(dst, resp.Value{Kind: resp.BulkString, Text: []byte(name)})
	}
	return format.AppendJSONString(dst, []byte(name))
}
