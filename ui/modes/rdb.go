package modes

import (
	"fmt"
	"strconv"
	"time"

	"redan/commands/transfer"
)

// OptionSent is the line before a replica's option is sent.
func OptionSent(o transfer.Option) string { return "sending " + o.String() }

// OptionRefused is the line about a server that does not take an option.
func OptionRefused(o transfer.Option, refusal error) string {
	return "REPLCONF " + o.Name + " error: " + refusal.Error()
}

// FunctionsRefused is the line that ends --functions-rdb on a server that cannot leave out the rest.
const FunctionsRefused = "Failed requesting functions only RDB from server, aborting"

// SnapshotBegins is the line when a snapshot begins to come.
func SnapshotBegins(p *transfer.Payload, file string) string {
	if size, known := p.Size(); known {
		return fmt.Sprintf("SYNC sent to master, writing %d bytes to '%s'", size, file)
	}
	return fmt.Sprintf("SYNC sent to master, writing bytes of bulk transfer until EOF marker to '%s'", file)
}

// SnapshotSaved is the line when it is whole and in its place.
func SnapshotSaved(s transfer.Snapshot) string {
	if s.Length {
		return "Transfer finished with success."
	}
	return fmt.Sprintf("Transfer finished with success after %d bytes", s.Bytes)
}

// SnapshotDetails is what there is to know about it.
func SnapshotDetails(s transfer.Snapshot, took time.Duration) string {
	rate := ""
	if took > 0 {
		rate = ", " + Bytes(int64(float64(s.Bytes)/took.Seconds())) + "/s"
	}
	return fmt.Sprintf("RDB version %d, checksum %s, %s in %.1f s%s", s.Version, s.Checksum, Bytes(s.Bytes), took.Seconds(), rate)
}

// SnapshotJSON is the same as a JSON document.
func SnapshotJSON(s transfer.Snapshot, file string, took time.Duration) []byte {
	form := "mark"
	if s.Length {
		form = "length"
	}
	dst := appendKeyJSON([]byte(`{"schema":"redan.rdb/1","file":`), file, false)
	dst = append(dst, `,"bytes":`...)
	dst = strconv.AppendInt(dst, s.Bytes, 10)
	dst = append(dst, `,"seconds":`...)
	dst = strconv.AppendFloat(dst, took.Seconds(), 'f', 3, 64)
	return fmt.Appendf(dst, `,"form":"%s","rdb_version":%d,"checksum":"%s"}`+"\n", form, s.Version, s.Checksum)
}
