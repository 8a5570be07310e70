package keyspace

import "strings"

// Below returns the glob that SCAN finds the keys with that begin with prefix: any bytes, of which those that mean something in a glob are
// escaped. What the server returns is to be compared with the prefix all the same: servers that are not Redis have globs of their own.
func Below(prefix string) string {
	var b strings.Builder
	for i := range len(prefix) {
		if strings.IndexByte(`*?[]\`, prefix[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(prefix[i])
	}
	b.WriteByte('*')
	return b.String()
}
