package keyspace

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"redan/conn"
)

// Database is one numbered database.
type Database struct {
	Index int
	// Keys is how many it has, Expires how many of them with a time to live, and AverageTTL what these have left on average, as
	// the server estimates (0 when it does not know).
	Keys, Expires int64
	AverageTTL    time.Duration
}

// DatabaseList are the databases of a server.
type DatabaseList struct {
	// Databases are those with keys, and where Count is known also the empty ones, by number. The current one is always there.
	Databases []Database
	// Count is how many there are, 0 when the server does not tell.
	Count int
	// Counts says whether the keys could be counted. If not, only those of the current database are, where DBSIZE is allowed.
	Counts Access
	// Nodes are the masters of a cluster that serve slots, each with the keys that it has in all; none without a cluster.
	Nodes []NodeKeys
}

// NodeKeys is how many keys one master has.
type NodeKeys struct {
	Node
	Keys int64
	// Counts says whether they could be counted.
	Counts Access
}

// maxListed bounds the empty databases that are listed: a server may have millions.
const maxListed = 1024

// ListDatabases lists the databases of m, which is connected to the current one. Where CONFIG is refused, as it is by managed servers,
// and probe is not nil, the number is found with SELECT on probe, which must be a connection of its own: it is left in some
// database. A cluster has database 0, and what its nodes tell beside; a node of it that cannot be reached is [Failed], and the rest is
// told. An error is about the connection.
func ListDatabases(ctx context.Context, m *Masters, current int, probe conn.Doer) (DatabaseList, error) {
	list := DatabaseList{Counts: Known}
	found := map[int]Database{current: {Index: current}}
	if err := list.count(ctx, m, current, found); err != nil {
		return DatabaseList{}, err
	}
	list.Count = 1
	if !m.Cluster() {
		var err error
		if list.Count, err = countDatabases(ctx, m.client(0), probe); err != nil {
			return DatabaseList{}, err
		}
		for i := range min(list.Count, maxListed) {
			if _, ok := found[i]; !ok {
				found[i] = Database{Index: i}
			}
		}
	}
	for _, db := range found {
		list.Databases = append(list.Databases, db)
	}
	slices.SortFunc(list.Databases, func(a, b Database) int { return a.Index - b.Index })
	return list, nil
}

// count adds up what the servers have in their databases.
func (l *DatabaseList) count(ctx context.Context, m *Masters, current int, found map[int]Database) error {
	for i, n := range m.Nodes() {
		if m.Cluster() && n.Slots == 0 {
			continue
		}
		mine := map[int]Database{current: {Index: current}}
		fate, err := keysOf(ctx, m.client(i), current, mine)
		if err != nil && (!m.Cluster() || ctx.Err() != nil) {
			return &NodeError{Node: i, Addr: n.Addr, Err: err}
		}
		l.Counts = max(l.Counts, fate)
		told := NodeKeys{Node: n, Counts: fate}
		for index, db := range mine {
			found[index] = found[index].plus(db)
			told.Keys += db.Keys
		}
		if m.Cluster() {
			l.Nodes = append(l.Nodes, told)
		}
	}
	return nil
}

// keysOf tells what one server has in its databases.
func keysOf(ctx context.Context, c conn.Doer, current int, found map[int]Database) (Access, error) {
	reply, err := c.Do(ctx, "INFO", "keyspace")
	if err != nil {
		return Failed, err
	}
	if !reply.Kind.IsError() {
		for _, db := range parseKeyspace(reply.String()) {
			found[db.Index] = db
		}
		return Known, nil
	}
	size, err := c.Do(ctx, "DBSIZE")
	if err != nil {
		return Failed, err
	}
	found[current] = Database{Index: current, Keys: size.Int}
	return fateOf(askSize, reply), nil
}

// plus is the same database on another node as well.
func (d Database) plus(more Database) Database {
	sum := Database{Index: more.Index, Keys: d.Keys + more.Keys, Expires: d.Expires + more.Expires}
	if sum.Expires > 0 {
		weighted := float64(d.AverageTTL)*float64(d.Expires) + float64(more.AverageTTL)*float64(more.Expires)
		sum.AverageTTL = time.Duration(weighted / float64(sum.Expires))
	}
	return sum
}

// parseKeyspace reads the lines "db0:keys=3,expires=1,avg_ttl=5000" of INFO; fields that it does not know are passed over.
func parseKeyspace(info string) []Database {
	var all []Database
	for line := range strings.Lines(info) {
		name, fields, ok := strings.Cut(strings.TrimSpace(line), ":")
		number, isDB := strings.CutPrefix(name, "db")
		index, err := strconv.Atoi(number)
		if !ok || !isDB || err != nil || index < 0 {
			continue
		}
		db := Database{Index: index}
		for pair := range strings.SplitSeq(fields, ",") {
			name, text, _ := strings.Cut(pair, "=")
			value, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				continue
			}
			switch name {
			case "keys":
				db.Keys = value
			case "expires":
				db.Expires = value
			case "avg_ttl":
				db.AverageTTL = time.Duration(value) * time.Millisecond
			}
		}
		all = append(all, db)
	}
	return all
}

// countDatabases asks how many databases there are; 0 when that cannot be known.
func countDatabases(ctx context.Context, c, probe conn.Doer) (int, error) {
	reply, err := c.Do(ctx, "CONFIG", "GET", "databases")
	if err != nil {
		return 0, err
	}
	if count, err := strconv.Atoi(field(reply, "databases").String()); err == nil && count > 0 {
		return count, nil
	}
	if probe == nil {
		return 0, nil
	}
	return probeDatabases(ctx, probe)
}

// maxProbed ends the search on servers that take any number.
const maxProbed = 1 << 20

// probeDatabases finds how many numbers SELECT takes. Nearly all servers have 16 databases, so two commands do.
func probeDatabases(ctx context.Context, probe conn.Doer) (int, error) {
	const usual, unknown = 16, -1
	atLeast, atMost := 0, unknown
	for try := usual; ; {
		reply, err := probe.Do(ctx, "SELECT", strconv.Itoa(try-1))
		switch {
		case err != nil:
			return 0, err
		case errorCode(reply) == codeNoPermission:
			return 0, nil
		case reply.Kind.IsError():
			atMost = try - 1
		default:
			atLeast = try
		}
		switch {
		case atLeast == atMost, atLeast >= maxProbed:
			return min(atLeast, maxProbed), nil
		case atMost != unknown:
			try = (atLeast + atMost + 1) / 2
		case atLeast == usual:
			try = usual + 1
		default:
			try = 2 * atLeast
		}
	}
}
