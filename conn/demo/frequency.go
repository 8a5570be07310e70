package demo

import (
	"hash/fnv"
	"math/bits"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// object answers OBJECT FREQ, which miniredis does not know: the sample data is used as keys are, a few of them a lot and most of them
// hardly. How much is made of the name, so that it is the same each time.
func (a *answers) object(peer *server.Peer, args []string) bool {
	if len(args) != 2 || !strings.EqualFold(args[0], "FREQ") {
		return false
	}
	if string(a.ask(peer, "EXISTS", args[1])) != ":1\r\n" {
		peer.WriteNull()
		return true
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(args[1]))
	sum := hash.Sum32()
	peer.WriteInt(14*bits.TrailingZeros32(sum|1<<16) + int(sum>>29))
	return true
}
