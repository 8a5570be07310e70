package exchange

import (
	"errors"
	"net"
	"strings"
)

// errNoObject is the fault of an entry that is a number, a text or a list.
var errNoObject = errors.New("it is no object with the settings of a server")

// behindSentinel notes that the address is a sentinel's. The profile keeps it.
func (s *server) behindSentinel(master string, hasPassword bool) {
	text := "the address is a sentinel's, and the profile reaches the sentinel itself: redan does not ask it for the master"
	if master = short(master); master != "" {
		text += " " + master
	}
	text += " yet"
	if hasPassword {
		text += ", whose password was left out"
	}
	s.notes = append(s.notes, text)
}

// behindSSH notes that the server was reached through SSH, with the keys in o that say where.
func (s *server) behindSSH(o object, host, port, user string) {
	text := "it was reached through SSH"
	if at := short(o.text(host)); at != "" {
		if digits := strings.TrimSpace(o.text(port)); digits != "" && digits != "22" && len(digits) < 6 {
			at = net.JoinHostPort(at, short(digits))
		}
		if name := short(o.text(user)); name != "" {
			at = name + "@" + at
		}
		text += " by " + at
	}
	s.notes = append(s.notes, text+", which redan cannot yet: open the tunnel with [before] command, or otherwise")
}

// behindProxy notes that a proxy was used.
func (s *server) behindProxy() { s.notef("it was reached through a proxy, which redan cannot yet") }
