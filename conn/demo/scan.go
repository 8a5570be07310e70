package demo

import (
	"bufio"
	"bytes"
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// defaultCount is the COUNT of a scan that names none.
const defaultCount = 10

// page describes a command that pages.
type page struct {
	command string
	cursor  int // which argument the cursor is
	width   int // replies an element takes: 2 for a field and its value
}

// element is one element of a scan and its place in the order of the scan.
type element struct {
	place uint64
	parts []string
}

// snapshot is what a client's last scan found, in its order. As long as nothing changes, the next page is taken from it: a page would cost
// as much as all of them otherwise, and a client that leaves a slow server time would take ever smaller ones.
type snapshot struct {
	scanned  string // the command and its arguments, without cursor and COUNT
	changes  int    // of the server, when it was taken
	elements []element
}

// scan pages through what miniredis gives at once. The order is that of a hash, so
// that an element keeps its place while others come and go: as Redis promises, one that
// is there all the time is returned.
func (a *answers) scan(peer *server.Peer, c *client, p page, args []string) bool {
	if len(args) <= p.cursor {
		return false
	}
	cursor, err := strconv.ParseUint(args[p.cursor], 10, 64)
	if err != nil {
		peer.WriteError("ERR invalid cursor")
		return true
	}
	args, count, ok := takeCount(args, p.cursor+1)
	if !ok {
		return false
	}
	args[p.cursor] = "0"
	if refused := a.look(peer, c, p, args, cursor == 0); refused != nil {
		peer.WriteRaw(string(refused))
		return true
	}
	elements, next := pageOf(c.scan.elements, cursor, count)
	peer.Block(func(w *server.Writer) {
		w.WriteLen(2)
		w.WriteBulk(strconv.FormatUint(next, 10))
		w.WriteLen(len(elements) * p.width)
		for _, e := range elements {
			for _, part := range e.parts {
				w.WriteBulk(part)
			}
		}
	})
	return true
}

// look makes the client's snapshot one of what is to be scanned, and returns miniredis' reply if that is an error. A new scan always looks
// anew, since keys expire without a command.
func (a *answers) look(peer *server.Peer, c *client, p page, args []string, anew bool) (refused []byte) {
	scanned := p.command + "\x00" + strings.Join(args, "\x00")
	a.mu.Lock()
	changes := a.changes
	a.mu.Unlock()
	if !anew && c.scan.scanned == scanned && c.scan.changes == changes {
		return nil
	}
	reply := a.ask(peer, append([]string{p.command}, args...)...)
	elements, ok := parseScan(reply, p.width)
	if !ok {
		return reply
	}
	inOrder(elements)
	c.scan = snapshot{scanned: scanned, changes: changes, elements: elements}
	return nil
}

func inOrder(elements []element) {
	slices.SortFunc(elements, func(a, b element) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.parts[0], b.parts[0]))
	})
}

// takeCount copies the arguments without COUNT and its value. It fails on a value
// that is not a positive number, and leaves everything else to miniredis.
func takeCount(args []string, from int) (rest []string, count int, ok bool) {
	count = defaultCount
	rest = slices.Clone(args[:from])
	for i := from; i < len(args); i += 2 {
		if i+1 == len(args) {
			return append(rest, args[i]), count, true
		}
		if !strings.EqualFold(args[i], "COUNT") {
			rest = append(rest, args[i], args[i+1])
			continue
		}
		n, err := strconv.Atoi(args[i+1])
		if err != nil || n < 1 {
			return nil, 0, false
		}
		count = n
	}
	return rest, count, true
}

// parseScan reads a scan's reply; it is false for anything else.
func parseScan(reply []byte, width int) ([]element, bool) {
	value, err := server.ParseReply(bufio.NewReader(bytes.NewReader(reply)))
	pair, ok := value.([]any)
	if err != nil || !ok || len(pair) != 2 {
		return nil, false
	}
	list, _ := pair[1].([]any) // nil for an empty one
	elements := make([]element, 0, len(list)/width)
	for chunk := range slices.Chunk(list, width) {
		parts := make([]string, len(chunk))
		for i, part := range chunk {
			parts[i], _ = part.(string) // scans give nothing else
		}
		elements = append(elements, element{place: place(parts[0]), parts: parts})
	}
	return elements, true
}

// place orders elements. It is never 0, which begins and ends a scan.
func place(name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return max(1, h.Sum64())
}

// pageOf returns count elements from the cursor on, and the cursor behind them, of elements in their order. Those that share a place
// share a page.
func pageOf(elements []element, cursor uint64, count int) (page []element, next uint64) {
	first, _ := slices.BinarySearchFunc(elements, cursor, func(e element, place uint64) int { return cmp.Compare(e.place, place) })
	elements = elements[first:]
	for i := min(count, len(elements)); i < len(elements); i++ {
		if elements[i].place != elements[i-1].place {
			return elements[:i], elements[i].place
		}
	}
	return elements, 0
}
