package resp

import "strconv"

// AppendCommand appends a command as clients send it: an array of bulk strings.
func AppendCommand[T ~string | ~[]byte](dst []byte, args ...T) []byte {
	dst = appendHeader(dst, Array, int64(len(args)))
	for _, arg := range args {
		dst = appendHeader(dst, BulkString, int64(len(arg)))
		dst = append(dst, arg...)
		dst = append(dst, "\r\n"...)
	}
	return dst
}

// Append appends v as a server would send it, so that a reply that was read can
// be written again. Streamed strings become one chunk.
func Append(dst []byte, v Value) []byte {
	if len(v.Attrs) > 0 {
		dst = appendHeader(dst, Attribute, int64(len(v.Attrs)/2))
		for _, attr := range v.Attrs {
			dst = Append(dst, attr)
		}
	}
	switch v.Kind {
	case SimpleString, SimpleError, BigNumber, Double:
		dst = append(dst, byte(v.Kind))
		dst = append(dst, v.Text...)
		return append(dst, "\r\n"...)
	case Integer:
		return appendHeader(dst, Integer, v.Int)
	case Boolean:
		return append(dst, '#', "ft"[v.Int&1], '\r', '\n')
	case Null:
		return append(dst, "_\r\n"...)
	case NullBulk:
		return append(dst, "$-1\r\n"...)
	case NullArray:
		return append(dst, "*-1\r\n"...)
	case BulkString, BulkError, VerbatimString:
		return appendBulk(dst, v)
	default:
		return appendAggregate(dst, v)
	}
}

func appendBulk(dst []byte, v Value) []byte {
	mark := v.Kind
	if v.Streamed {
		dst = append(dst, "$?\r\n"...)
		if len(v.Text) == 0 {
			return append(dst, ";0\r\n"...)
		}
		mark = ';'
	}
	dst = appendHeader(dst, mark, int64(len(v.Text)))
	dst = append(dst, v.Text...)
	dst = append(dst, "\r\n"...)
	if v.Streamed {
		dst = append(dst, ";0\r\n"...)
	}
	return dst
}

func appendAggregate(dst []byte, v Value) []byte {
	n := int64(len(v.Elems))
	switch {
	case v.Streamed:
		dst = append(dst, byte(v.Kind), '?', '\r', '\n')
	case v.Kind == Map || v.Kind == Attribute:
		dst = appendHeader(dst, v.Kind, n/2)
	default:
		dst = appendHeader(dst, v.Kind, n)
	}
	for _, elem := range v.Elems {
		dst = Append(dst, elem)
	}
	if v.Streamed {
		dst = append(dst, ".\r\n"...)
	}
	return dst
}

func appendHeader(dst []byte, mark Kind, n int64) []byte {
	dst = append(dst, byte(mark))
	dst = strconv.AppendInt(dst, n, 10)
	return append(dst, "\r\n"...)
}
