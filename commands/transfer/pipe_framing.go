package transfer

import (
	"bytes"
	"slices"
)

// framing follows where commands begin and end in a stream of RESP or inline commands, by a server's own rules, without looking at the
// contents of arguments. It knows so what an end of the stream cuts off, and how many replies are to be expected.
type framing struct {
	offset   int64 // bytes seen
	begun    int64 // where the command in progress begins
	commands int64 // whole ones
	state    frameState
	count    int64  // arguments of the command in progress
	args     int64  // of these, still to come
	length   int64  // of the argument in progress
	skip     int64  // of it, bytes still to come, the line break included
	head     []byte // a header line so far, or the first bytes of an inline command or of a command's name
	uneven   bool   // there was a command that is not answered with exactly one reply
	nul      int64  // where a line has a NUL, from 1 on; 0 is nowhere. Servers do not find its end then
	garbage  *Garbage
}

type frameState int

const (
	between frameState = iota
	inCount
	inLength
	inArgument
	inLine
)

// longestHead is more than any number takes, and any name that is of interest here.
const longestHead = 24

// feed takes the next bytes of the stream.
func (f *framing) feed(b []byte) {
	base := f.offset
	f.offset += int64(len(b))
	for at := 0; at < len(b) && f.garbage == nil; {
		switch f.state {
		case between:
			if at += f.whole(b[at:]); at < len(b) {
				at += f.begin(b[at], base+int64(at))
			}
		case inCount, inLength:
			at += f.header(b[at:], base+int64(at))
		case inArgument:
			at += f.argument(b[at:])
		case inLine:
			at += f.line(b[at:], base+int64(at))
		}
	}
}

// whole passes over the commands that lie whole at the beginning of b. Nearly all do, and this is several times as fast as the rest,
// which does the same.
func (f *framing) whole(b []byte) (n int) {
	for n < len(b) {
		var size int
		if b[n] == '*' {
			size = f.request(b[n:])
		} else if size = bytes.IndexByte(b[n:], '\n') + 1; size > 0 {
			f.inline(b[n:n+size-1], f.offset-int64(len(b))+int64(n))
		}
		if size == 0 {
			break
		}
		n += size
	}
	return n
}

// request returns the size of the command at the beginning of b, and 0 if it is not whole or anything else than usual.
func (f *framing) request(b []byte) int {
	count, at := number(b, 1)
	if at == 0 || count == 0 {
		return 0
	}
	uneven := false
	for i := range count {
		if at >= len(b) || b[at] != '$' {
			return 0
		}
		length, text := number(b, at+1)
		if text == 0 || length > int64(len(b)-text-len(lineBreak)) {
			return 0
		}
		at = text + int(length)
		if i == 0 {
			uneven = answersUnevenly(b[text:at])
		}
		at += len(lineBreak)
	}
	f.commands++
	f.uneven = f.uneven || uneven
	return at
}

const lineBreak = "\r\n"

// number reads a number of few digits and the line break behind it, and returns where that ends; 0 if there is anything else.
func number(b []byte, at int) (n int64, end int) {
	const few = 9
	begin := at
	for ; at < len(b)-1; at++ {
		digit := b[at] - '0'
		if digit > 9 {
			if b[at] == '\r' && b[at+1] == '\n' && at > begin && (b[begin] != '0' || at == begin+1) {
				return n, at + len(lineBreak)
			}
			break
		}
		if at-begin == few {
			break
		}
		n = n*10 + int64(digit)
	}
	return 0, 0
}

// inline accounts for a whole line that is a command, or blank. A server takes no notice of a blank one.
func (f *framing) inline(line []byte, offset int64) {
	if f.nul == 0 {
		if at := bytes.IndexByte(line, 0); at >= 0 {
			f.nul = offset + int64(at) + 1
		}
	}
	f.lineEnded(line)
}

func (f *framing) lineEnded(line []byte) {
	if len(line) > 0 && isBlank(line[0]) {
		line = bytes.TrimLeft(line, blanks)
	}
	if len(line) == 0 || line[0] == 0 {
		return
	}
	f.commands++
	word := 0
	for word < len(line) && word < longestHead && !isBlank(line[word]) {
		word++
	}
	f.uneven = f.uneven || answersUnevenly(line[:word])
}

const blanks = " \t\r\n\v\f"

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// begin takes the first byte of a command that is not whole.
func (f *framing) begin(c byte, offset int64) int {
	f.begun, f.head = offset, f.head[:0]
	if c == '*' {
		f.state = inCount
		return 1
	}
	f.state = inLine
	return 0
}

// header takes bytes of the line that says how many arguments come, or how long one is. The byte behind the CR is not looked at.
func (f *framing) header(b []byte, offset int64) int {
	for i, c := range b {
		if c == 0 && f.nul == 0 {
			f.nul = offset + int64(i) + 1
		}
		if n := len(f.head); n > 0 && f.head[n-1] == '\r' {
			line := f.head[:n-1]
			f.head = f.head[:0]
			f.announced(line, offset+int64(i))
			return i + 1
		}
		if f.state == inLength && len(f.head) == 0 && c != '$' {
			f.lose(offset+int64(i), "\"$\" should begin an argument")
			return i
		}
		if len(f.head) == longestHead {
			f.lose(offset+int64(i), "a number should end here")
			return i
		}
		f.head = append(f.head, c)
	}
	return len(b)
}

// announced takes the number that a header line holds.
func (f *framing) announced(line []byte, offset int64) {
	if f.state == inCount {
		n, ok := decimal(line)
		switch {
		case !ok:
			f.lose(offset, "the number of arguments is none")
		case n <= 0: // no command, and no reply
			f.state = between
		default:
			f.count, f.args, f.state = n, n, inLength
		}
		return
	}
	n, ok := decimal(line[1:])
	if !ok || n < 0 {
		f.lose(offset, "the length of an argument is none")
		return
	}
	f.length, f.skip, f.state = n, n+int64(len(lineBreak)), inArgument
}

func (f *framing) lose(offset int64, detail string) {
	f.garbage = &Garbage{Offset: offset, Command: f.commands + 1, Detail: detail}
}

// decimal reads a number as a server does: no sign but -, no leading zeros.
func decimal(digits []byte) (n int64, ok bool) {
	negative := len(digits) > 0 && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	const most = 18
	if len(digits) == 0 || len(digits) > most || digits[0] == '0' && (negative || len(digits) > 1) {
		return 0, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// argument passes over the bytes of an argument and its line break, whatever they are.
func (f *framing) argument(b []byte) int {
	n := min(f.skip, int64(len(b)))
	if f.args == f.count { // the command's name
		text := min(max(f.skip-int64(len(lineBreak)), 0), n, int64(longestHead-len(f.head)))
		f.head = append(f.head, b[:text]...)
	}
	if f.skip -= n; f.skip > 0 {
		return int(n)
	}
	if f.args == f.count {
		f.uneven = f.uneven || f.length < longestHead && answersUnevenly(f.head)
		f.head = f.head[:0]
	}
	f.state = inLength
	if f.args--; f.args == 0 {
		f.commands++
		f.state = between
	}
	return int(n)
}

// line takes bytes of an inline command.
func (f *framing) line(b []byte, offset int64) int {
	end := bytes.IndexByte(b, '\n')
	text := b
	if end >= 0 {
		text = b[:end]
	}
	if at := bytes.IndexByte(text, 0); at >= 0 && f.nul == 0 {
		f.nul = offset + int64(at) + 1
	}
	if len(f.head) == 0 {
		text = bytes.TrimLeft(text, blanks)
	}
	f.head = append(f.head, text[:min(len(text), longestHead-len(f.head))]...)
	if end < 0 {
		return len(b)
	}
	f.state = between
	f.lineEnded(f.head)
	return end + 1
}

// end is the end of the stream, behind which comes a line break. It returns what that cuts off; nil is nothing.
func (f *framing) end() *Cut {
	switch {
	case f.garbage != nil || f.state == between:
		return nil
	case f.state == inLine:
		f.lineEnded(f.head)
		f.state = between
		return nil
	case f.state == inArgument && f.args == 1 && f.skip <= int64(len(lineBreak)): // only the line break is missing
		f.argument([]byte(lineBreak)[:f.skip])
		return nil
	}
	c := &Cut{Offset: f.offset, Begun: f.begun, Command: f.commands + 1}
	if f.state != inCount {
		c.Arguments, c.Argument = f.count, f.count-f.args+1
	}
	if f.state == inArgument {
		c.Length, c.Missing = f.length, f.skip
	}
	return c
}

// answersUnevenly reports whether a command is not answered with exactly one reply, or makes others be.
func answersUnevenly(name []byte) bool {
	if len(name) < len("sync") || len(name) > len("punsubscribe") {
		return false
	}
	switch name[0] | ' ' {
	case 's', 'p', 'c', 'm', 'u':
		list := unevenCommands()
		return slices.ContainsFunc(list[:], func(uneven string) bool {
			return len(uneven) == len(name) && bytes.EqualFold([]byte(uneven), name)
		})
	}
	return false
}

// unevenCommands go on answering, answer once for each of their words, or can make the server answer nothing.
func unevenCommands() [11]string {
	return [11]string{
		"sync", "psync", "client", "monitor", "subscribe", "psubscribe", "ssubscribe",
		"unsubscribe", "punsubscribe", "sunsubscribe", "shutdown",
	}
}
