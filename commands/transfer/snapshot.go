package transfer

import (
	"io"
)

// Snapshot is what is known of an RDB file that was saved.
type Snapshot struct {
	Bytes    int64
	Version  int // of the format
	Checksum Checksum
	// Length tells that the server announced the length; otherwise a mark stood behind the snapshot.
	Length bool
}

// Save writes a snapshot to w and tells whether what was written is a whole RDB file. What does not begin like one is not written at
// all. It returns the errors of w as they are; others are *[ReplicationError] or those of the context.
func Save(p *Payload, w io.Writer) (Snapshot, error) {
	_, err := p.WriteTo(&headed{check: p.check, w: w})
	if err != nil {
		return Snapshot{}, err
	}
	checksum, err := p.Whole()
	if err != nil {
		return Snapshot{}, notWhole(err)
	}
	_, length := p.Size()
	return Snapshot{Bytes: p.Received(), Version: p.check.Version(), Checksum: checksum, Length: length}, nil
}

// headed lets through what begins as an RDB file does.
type headed struct {
	check *RDBCheck
	w     io.Writer
}

func (h *headed) Write(b []byte) (int, error) {
	if err := h.check.Header(); err != nil {
		return 0, notWhole(err)
	}
	return h.w.Write(b)
}

func notWhole(err error) error {
	return &ReplicationError{
		Line: "Error: what the server sent is " + err.Error(), Err: err,
		Fix: "try again; if it comes the same way, a proxy in between may change it, or the server's memory is damaged",
	}
}
