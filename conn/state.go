package conn

import (
	"bytes"
	"strconv"
	"strings"

	"redan/conn/resp"
)

// State is what commands have made of a connection.
type State struct {
	DB       int
	Protocol int // 2 or 3
	// User and password of the last AUTH or HELLO that succeeded are kept aside.
	auth *credentials

	Multi      bool // between MULTI and EXEC or DISCARD
	Watching   bool
	Subscribed bool // at least one channel, pattern or shard channel
	Monitoring bool
	ReplyOff   bool // after CLIENT REPLY OFF

	beforeMulti int     // the database MULTI began in
	name        *string // given by CLIENT SETNAME
	skip        bool
}

type credentials struct {
	user     string
	password Secret
}

// Lost names what a reconnect cannot restore, in words for the user.
func (s State) Lost() []string {
	var lost []string
	if s.Multi {
		lost = append(lost, "the transaction (MULTI)")
	}
	if s.Watching {
		lost = append(lost, "the watched keys (WATCH)")
	}
	if s.Subscribed {
		lost = append(lost, "the subscriptions")
	}
	return lost
}

// silent reports whether no reply to args will come.
func (s State) silent(args []string) bool {
	switch {
	case isClientReply(args, "ON"):
		return false
	case s.ReplyOff || s.skip:
		return true
	}
	return !s.Multi && (isClientReply(args, "OFF") || isClientReply(args, "SKIP"))
}

func isClientReply(args []string, mode string) bool {
	return len(args) == 3 && strings.EqualFold(args[0], "client") &&
		strings.EqualFold(args[1], "reply") && strings.EqualFold(args[2], mode)
}

// isSubscribing reports whether the reply to args is a message of the
// publish/subscribe kind, which RESP3 sends as a push.
func isSubscribing(args []string) bool {
	if len(args) == 0 {
		return false
	}
	switch upperName(args[0]) {
	case "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE":
		return true
	}
	return false
}

// upperName returns the upper-case name of a command that [State] cares about,
// which are at most as long as PUNSUBSCRIBE, and "" for longer ones. Unlike
// strings.ToUpper it does not go through long words.
func upperName(word string) string {
	if len(word) > len("PUNSUBSCRIBE") {
		return ""
	}
	return strings.ToUpper(word)
}

// after follows a command whose reply began with first.
func (s *State) after(args []string, first resp.Token) {
	if len(args) == 0 {
		return
	}
	s.skip = false
	ok := !first.Kind.IsError()
	name := upperName(args[0])
	switch name {
	case "EXEC", "DISCARD":
		s.endMulti(name, first)
	case "RESET":
		if ok {
			*s = State{Protocol: 2}
		}
	case "CLIENT":
		if !s.Multi {
			s.afterClient(args, ok)
		}
	default:
		if ok {
			s.afterSuccess(name, args, first)
		}
	}
}

func (s *State) afterSuccess(name string, args []string, first resp.Token) {
	queued := s.Multi && first.Kind == resp.SimpleString && string(first.Text) == "QUEUED"
	switch name {
	case "SELECT":
		if len(args) == 2 {
			if db, err := strconv.Atoi(args[1]); err == nil {
				s.DB = db // also when queued, as redis-cli's prompt does
			}
		}
	case "MULTI":
		s.Multi, s.beforeMulti = true, s.DB
	case "WATCH":
		s.Watching = true
	case "UNWATCH":
		s.Watching = false
	case "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE":
		s.Subscribed = !queued
	case "MONITOR":
		s.Monitoring = !queued
	case "AUTH", "HELLO":
		if !queued {
			s.afterAuth(name, args)
		}
	}
}

func (s *State) afterClient(args []string, ok bool) {
	switch {
	case ok && len(args) == 3 && strings.EqualFold(args[1], "setname"):
		name := args[2]
		s.name = &name
	case isClientReply(args, "OFF"):
		s.ReplyOff = true
	case isClientReply(args, "ON"):
		s.ReplyOff = false
	case isClientReply(args, "SKIP"):
		s.skip = true
	}
}

// endMulti follows EXEC and DISCARD. A SELECT that was queued and not executed
// is taken back.
func (s *State) endMulti(name string, first resp.Token) {
	aborted := bytes.HasPrefix(first.Text, []byte("EXECABORT"))
	if first.Kind.IsError() && !aborted {
		return // such as "EXEC without MULTI"
	}
	if s.Multi && (name == "DISCARD" || aborted || first.Kind.IsNull()) {
		s.DB = s.beforeMulti
	}
	s.Multi, s.Watching = false, false
}

func (s *State) afterAuth(name string, args []string) {
	rest := args[1:]
	if name == "HELLO" {
		if len(rest) > 0 {
			if version, err := strconv.Atoi(rest[0]); err == nil {
				s.Protocol = version
			}
		}
		for i := 1; i+2 < len(rest); i++ {
			if strings.EqualFold(rest[i], "auth") {
				s.auth = &credentials{rest[i+1], NewSecret(rest[i+2])}
				return
			}
		}
		return
	}
	switch len(rest) {
	case 1:
		s.auth = &credentials{"", NewSecret(rest[0])}
	case 2:
		s.auth = &credentials{rest[0], NewSecret(rest[1])}
	}
}

// Visible returns s without what only the session needs.
func (s State) Visible() State {
	s.auth, s.beforeMulti, s.name, s.skip = nil, 0, nil, false
	return s
}
