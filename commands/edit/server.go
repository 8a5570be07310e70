package edit

import (
	"context"
	"strconv"
	"strings"

	"redan/conn/resp"
)

// Server is what a server can do that matters here. The zero value is Redis 2.6.
type Server struct {
	Known    bool // it was asked
	KeepTTL  bool // SET ... KEEPTTL: Redis 6.0
	IfEqual  bool // SET ... IFEQ: Redis 8.4, Valkey 8.1
	Digest   bool // DIGEST and SET ... IFDEQ: Redis 8.4
	ExpireAt bool // PEXPIRETIME: Redis 7.0
	FieldTTL bool // HPEXPIRETIME: Redis 7.4, Valkey 9.0
	Copy     bool // COPY: Redis 6.2
	AbsTTL   bool // RESTORE ... ABSTTL: Redis 5.0
	Unlink   bool // UNLINK: Redis 4.0
}

// Detect finds out what the server can do, from INFO or, where that is refused, HELLO. Refusals are no errors: then what is old is used.
// Ask once a connection and hand the answer to [Read].
func Detect(ctx context.Context, s Session) (Server, error) {
	info, err := s.Do(ctx, "INFO", "server")
	if err != nil {
		return Server{}, err
	}
	if server, ok := serverOfInfo(string(info.Payload())); ok && !info.Kind.IsError() {
		return server, nil
	}
	hello, err := s.Do(ctx, "HELLO")
	if err != nil {
		return Server{}, err
	}
	return serverOfHello(hello), nil
}

// serverOfInfo reads the section "server" of INFO.
func serverOfInfo(info string) (Server, bool) {
	var redis, valkey version
	var known bool
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "redis_version":
			redis, known = parseVersion(value), true
		case "valkey_version":
			valkey, known = parseVersion(value), true
		}
	}
	return abilities(redis, valkey), known
}

// serverOfHello reads the reply to HELLO. A server that has it is at least Redis 6.0, even if it does not let this user see more.
func serverOfHello(hello resp.Value) Server {
	if hello.Kind.IsError() {
		if !strings.HasPrefix(string(hello.Text), "NOPERM") {
			return abilities(version{}, version{})
		}
		return abilities(version{6, 0}, version{})
	}
	fields := map[string]string{}
	for i := 0; i+1 < len(hello.Elems); i += 2 {
		fields[hello.Elems[i].String()] = hello.Elems[i+1].String()
	}
	v := parseVersion(fields["version"])
	if fields["server"] == "valkey" {
		return abilities(version{7, 2}, v)
	}
	return abilities(v, version{})
}

// version is major and minor.
type version [2]int

func (v version) atLeast(major, minor int) bool {
	return v[0] > major || v[0] == major && v[1] >= minor
}

// parseVersion reads as much as it understands: "8.4.0-rc1" is 8.4.
func parseVersion(text string) version {
	var v version
	parts := strings.SplitN(strings.TrimSpace(text), ".", 3)
	for i, part := range parts[:min(2, len(parts))] {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		v[i] = n
	}
	return v
}

// abilities follows from the versions. Valkey says it is Redis 7.2 and tells its own version beside that.
func abilities(redis, valkey version) Server {
	return Server{
		Known:    true,
		KeepTTL:  redis.atLeast(6, 0),
		IfEqual:  redis.atLeast(8, 4) || valkey.atLeast(8, 1),
		Digest:   redis.atLeast(8, 4),
		ExpireAt: redis.atLeast(7, 0),
		FieldTTL: redis.atLeast(7, 4) || valkey.atLeast(9, 0),
		Copy:     redis.atLeast(6, 2),
		AbsTTL:   redis.atLeast(5, 0),
		Unlink:   redis.atLeast(4, 0),
	}
}
