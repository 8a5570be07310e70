package modes

import (
	"bufio"
	"bytes"
	"errors"
	"testing"
	"time"

	"redan/commands/transfer"
	"redan/conn/resp"
	"redan/ui/format"
)

func TestSnapshotSentences(t *testing.T) {
	counted := transfer.Snapshot{Bytes: 3 << 20, Version: 10, Checksum: transfer.ChecksumOK, Length: true}
	marked := transfer.Snapshot{Bytes: 171, Version: 12, Checksum: transfer.ChecksumNone}
	for _, c := range []struct{ got, want string }{
		{OptionSent(transfer.FollowOptions()[1]), "sending REPLCONF rdb-filter-only "},
		{OptionRefused(transfer.FollowOptions()[0], errors.New("ERR no")), "REPLCONF capa error: ERR no"},
		{SnapshotSaved(counted), "Transfer finished with success."},
		{SnapshotSaved(marked), "Transfer finished with success after 171 bytes"},
		{SnapshotDetails(counted, 2*time.Second), "RDB version 10, checksum ok, 3.0 MiB in 2.0 s, 1.5 MiB/s"},
		{SnapshotDetails(marked, 0), "RDB version 12, checksum none, 171 B in 0.0 s"},
		{
			string(SnapshotJSON(counted, "a \"b\"\n.rdb", 1500*time.Millisecond)),
			`{"schema":"redan.rdb/1","file":"a \"b\"\n.rdb","bytes":3145728,"seconds":1.500,"form":"length","rdb_version":10,"checksum":"ok"}` + "\n",
		},
		{
			string(SnapshotJSON(marked, "\xff", 0)),
			`{"schema":"redan.rdb/1","file":{"base64":"/w=="},"bytes":171,"seconds":0.000,"form":"mark","rdb_version":12,"checksum":"none"}` + "\n",
		},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestReplicatedCommands(t *testing.T) {
	for _, c := range []struct {
		lines ReplicatedCommands
		wire  string
		want  string
	}{
		{ReplicatedCommands{}, "*3\r\n$3\r\nset\r\n$1\r\na\r\n$4\r\n\r\n\x01\xff\r\n", `"set","a","\r\n\x01\xff"` + "\n"},
		{ReplicatedCommands{Mode: format.JSON}, "*2\r\n$3\r\nset\r\n$4\r\n\r\n\x01\xff\r\n", `["set",{"base64":"DQoB/w=="}]` + "\n"},
		{ReplicatedCommands{Mode: format.JSON}, "*2\r\n$4\r\nk\u20ac\r\n$2\r\n\u0085\r\n", "[\"k\u20ac\",\"\u0085\"]\n"},
		{ReplicatedCommands{Mode: format.JSON, Terminal: true}, "*2\r\n$4\r\nk\u20ac\r\n$2\r\n\u0085\r\n", "[\"k\u20ac\",\"\\u0085\"]\n"},
		{ReplicatedCommands{Mode: format.QuotedJSON}, "*2\r\n$3\r\nset\r\n$4\r\n\r\n\x01\xff\r\n", `["set","\\r\\n\\x01\\xff"]` + "\n"},
		{ReplicatedCommands{Mode: format.JSON}, "*0\r\n", "[]\n"},
		{ReplicatedCommands{}, "*1\r\n$4\r\nping\r\n", "\"ping\"\n"},
	} {
		var got bytes.Buffer
		w := bufio.NewWriter(&got)
		if err := c.lines.Print(w, resp.NewReader(bytes.NewReader([]byte(c.wire)))); err != nil {
			t.Fatal(err)
		}
		_ = w.Flush()
		if got.String() != c.want {
			t.Errorf("%q, want %q", got.String(), c.want)
		}
	}
}
