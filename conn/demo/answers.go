package demo

import (
	"bufio"
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

const (
	// emulated is the version of Redis that miniredis is tested against.
	emulated = "8.4.0"
	// databases is how many there are, as on a redis-server by default.
	databases = 16
	// innerName is the client name of the peers that the demo itself asks with.
	innerName = "\x00demo"
)

// answers is what the demo says in miniredis' place.
type answers struct {
	redis    *miniredis.Miniredis
	commands *server.Server
	table    commandTable
	port     string
	now      func() time.Time
	started  time.Time

	mu        sync.Mutex
	clients   map[*server.Peer]*client
	lastID    int
	processed int // commands of clients
	changes   int // commands that may have changed what a scan finds
}

// client is what is known of a connection.
type client struct {
	id   int
	inTx bool // between MULTI and its end
	scan snapshot
}

func newAnswers(s *Server, o Options) *answers {
	return &answers{
		redis: s.redis, commands: s.commands, table: parseCommands(),
		port: s.Port, now: o.Now, started: o.Now(),
		clients: map[*server.Peer]*client{},
	}
}

// hook runs before every command; true means that it has been answered.
func (a *answers) hook(peer *server.Peer, name string, args ...string) bool {
	c := a.client(peer)
	switch {
	case c == nil:
		return false
	case name == malformed && len(args) == 1:
		peer.WriteError(args[0])
		peer.Close()
		return true
	case c.inTx:
		a.note(name)
		return a.queue(peer, c, name, len(args))
	case name == "MULTI":
		c.inTx = len(args) == 0
		return false
	}
	a.note(name)
	return a.answer(peer, c, name, args)
}

// note counts a command that may change what scans find: one that writes, may run another that does, or changes the database.
func (a *answers) note(name string) {
	info, known := a.table.find(name)
	switch name {
	case "EXEC", "EVAL", "EVALSHA", "SELECT":
	default:
		if known && !slices.Contains(info.flags, "write") {
			return
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changes++
}

// client finds the connection of a peer. It is nil for the peers that scripts and
// [answers.ask] make: those go on in somebody else's context, and miniredis may hold
// its lock for them.
func (a *answers) client(peer *server.Peer) *client {
	if peer.ClientName == innerName {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.clients[peer]
	if !ok && peer.Ctx != nil {
		return nil
	}
	a.processed++
	if ok {
		return c
	}
	a.lastID++
	c = &client{id: a.lastID}
	a.clients[peer] = c
	peer.OnDisconnect(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.clients, peer)
	})
	return c
}

// queue watches a transaction, which miniredis keeps. It does not let a command it has
// never heard of spoil the transaction, as Redis does, and answers some at once.
func (a *answers) queue(peer *server.Peer, c *client, name string, args int) bool {
	switch {
	case name == "EXEC" || name == "DISCARD":
		c.inTx = args > 0
	case name == "INFO" || name == "COMMAND" || name == "HELLO":
		peer.WriteError("ERR the demo server has no " + name + " inside a transaction")
		a.ask(peer, "GET")
		return true
	case !a.commands.IsRegisteredCommand(name):
		a.ask(peer, "GET") // wrong arity: an error that does spoil it
	}
	return false
}

// answer replies to what miniredis does not know or says too little about.
func (a *answers) answer(peer *server.Peer, c *client, name string, args []string) bool {
	switch name {
	case "HELLO":
		return a.hello(peer, c, args)
	case "INFO":
		return a.info(peer, args)
	case "COMMAND":
		return a.command(peer, args)
	case "CONFIG":
		return a.config(peer, args)
	case "CLIENT":
		return clientID(peer, c, args)
	case "SELECT":
		return selectDB(peer, args)
	case "SCAN":
		return a.scan(peer, c, page{command: name, cursor: 0, width: 1}, args)
	case "SSCAN":
		return a.scan(peer, c, page{command: name, cursor: 1, width: 1}, args)
	case "HSCAN", "ZSCAN":
		return a.scan(peer, c, page{command: name, cursor: 1, width: 2}, args)
	case "XINFO":
		return a.xinfo(peer, args)
	case "MEMORY":
		return a.memory(peer, args)
	case "OBJECT":
		return a.object(peer, args)
	case "TYPE", "GET", "STRLEN", "GETRANGE":
		return a.sketch(peer, name, args)
	}
	return false
}

// ask runs a command as the peer, in its database, and returns the raw RESP2 reply.
func (a *answers) ask(peer *server.Peer, args ...string) []byte {
	var reply bytes.Buffer
	inner := server.NewPeer(bufio.NewWriter(&reply))
	inner.Ctx, inner.ClientName = peer.Ctx, innerName
	a.commands.Dispatch(inner, args)
	inner.Flush()
	peer.Ctx = inner.Ctx // made by the first command
	return reply.Bytes()
}

// clientID answers CLIENT ID; miniredis knows the client's name.
func clientID(peer *server.Peer, c *client, args []string) bool {
	if len(args) != 1 || !strings.EqualFold(args[0], "ID") {
		return false
	}
	peer.WriteInt(c.id)
	return true
}

// selectDB refuses the databases that a redis-server would not have.
func selectDB(peer *server.Peer, args []string) bool {
	if len(args) != 1 {
		return false
	}
	if db, err := strconv.Atoi(args[0]); err != nil || db < databases {
		return false
	}
	peer.WriteError("ERR DB index is out of range")
	return true
}

// hello negotiates the protocol. miniredis forgets a client's name here and says
// that it has modules.
func (a *answers) hello(peer *server.Peer, c *client, args []string) bool {
	proto := 2
	if peer.Resp3 {
		proto = 3
	}
	if len(args) > 0 {
		// miniredis checks the options, and its own refusal is as good.
		if refused := a.ask(peer, append([]string{"HELLO"}, args...)...); refused[0] == '-' {
			peer.WriteRaw(string(refused))
			return true
		}
		proto, _ = strconv.Atoi(args[0]) // which it has read before
	}
	if name := helloName(args); name != "" {
		peer.ClientName = name
	}
	peer.Block(func(*server.Writer) { peer.Resp3 = proto == 3 }) // which messages to subscribers read
	peer.Block(func(w *server.Writer) {
		w.WriteMapLen(7)
		for _, field := range [][2]string{{"server", "miniredis"}, {"version", emulated}} {
			w.WriteBulk(field[0])
			w.WriteBulk(field[1])
		}
		w.WriteBulk("proto")
		w.WriteInt(proto)
		w.WriteBulk("id")
		w.WriteInt(c.id)
		for _, field := range [][2]string{{"mode", "standalone"}, {"role", "master"}} {
			w.WriteBulk(field[0])
			w.WriteBulk(field[1])
		}
		w.WriteBulk("modules")
		w.WriteLen(0)
	})
	return true
}

// helloName is the argument of SETNAME among HELLO's, which are known to be well
// formed.
func helloName(args []string) string {
	for i := 1; i < len(args); {
		switch {
		case strings.EqualFold(args[i], "AUTH"):
			i += 3
		case strings.EqualFold(args[i], "SETNAME") && i+1 < len(args):
			return args[i+1]
		default:
			i++
		}
	}
	return ""
}

// memory takes SAMPLES off MEMORY USAGE: miniredis counts all there is.
func (a *answers) memory(peer *server.Peer, args []string) bool {
	if len(args) != 4 || !strings.EqualFold(args[0], "USAGE") || !strings.EqualFold(args[2], "SAMPLES") {
		return false
	}
	if n, err := strconv.Atoi(args[3]); err != nil || n < 0 {
		return false
	}
	peer.WriteRaw(string(a.ask(peer, "MEMORY", args[0], args[1])))
	return true
}
