package modes

import (
	"bufio"
	"fmt"

	"redan/commands/transfer"
	"redan/conn/resp"
	"redan/ui/format"
)

// Discarding is the line when the snapshot before the commands begins to come, which nobody wants.
func Discarding(p *transfer.Payload) string {
	if size, known := p.Size(); known {
		return fmt.Sprintf("SYNC with master, discarding %d bytes of bulk transfer...", size)
	}
	return "SYNC with master, discarding bytes of bulk transfer until EOF marker..."
}

// Discarded is the line when it has come.
func Discarded(p *transfer.Payload) string {
	if _, known := p.Size(); known {
		return "SYNC done. Logging commands from master."
	}
	// As redis-cli counts, with the mark.
	return fmt.Sprintf("SYNC done after %d bytes. Logging commands from master.", p.Received()+transfer.MarkLength)
}

// ReplicatedCommands writes what a master sends to its replicas, a command a line.
type ReplicatedCommands struct {
	// Mode is how replies are printed: an array a line in JSON, else CSV. Terminal asks for nothing that a terminal may obey.
	Mode     format.Mode
	Terminal bool
}

// Print writes one command to w.
func (c ReplicatedCommands) Print(w *bufio.Writer, src resp.Source) error {
	if c.Mode != format.JSON && c.Mode != format.QuotedJSON {
		p := format.New(format.CSV)
		p.Terminal = c.Terminal
		_, err := p.Print(w, src)
		return err
	}
	v, err := resp.Collect(src)
	if err != nil {
		return err
	}
	_, err = w.Write(append(c.appendJSON(nil, v), '\n'))
	return err
}

func (c ReplicatedCommands) appendJSON(dst []byte, v resp.Value) []byte {
	switch {
	case v.Kind == resp.BulkString:
		return KeyLines(c).append(dst, string(v.Text))
	case v.Kind != resp.Array:
		p := format.New(format.JSON)
		p.Terminal = c.Terminal
		return p.Append(dst, v)
	}
	dst = append(dst, '[')
	for i, word := range v.Elems {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendJSON(dst, word)
	}
	return append(dst, ']')
}
