package keyspace

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"redan/conn"
	"redan/conn/conntest"
	"redan/conn/resp"
)

func TestDatabasesOfARealServer(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t, conntest.Config("databases", "20"), conntest.ACL("user app on >pw ~* +@all -config"))
	server.Do("SET", "a", "1")
	other := conntest.Connect(t, "tcp", server.Addr())
	for _, words := range [][]string{{"SELECT", "17"}, {"SET", "b", "1", "EX", "1000"}, {"SET", "c", "1"}} {
		if _, err := other.TryDo(words...); err != nil {
			t.Fatal(err)
		}
	}
	want := func(list DatabaseList, count, listed int) {
		t.Helper()
		if list.Count != count || len(list.Databases) != listed || list.Counts != Known {
			t.Fatalf("%+v", list)
		}
		last := slices.IndexFunc(list.Databases, func(d Database) bool { return d.Index == 17 })
		if list.Databases[0].Keys != 1 || list.Databases[last].Keys != 2 || list.Databases[last].Expires != 1 {
			t.Errorf("%+v", list)
		}
	}
	for _, protocol := range []int{2, 3} {
		m := realMasters(t, server.Addr(), func(o *conn.Options) { o.Protocol = protocol })
		list, err := ListDatabases(t.Context(), m, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		want(list, 20, 20)
	}
	managed := realMasters(t, server.Addr(), func(o *conn.Options) { o.User, o.Password = "app", conn.NewSecret("pw") })
	list, err := ListDatabases(t.Context(), managed, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	want(list, 0, 3)
	o, d := served(t, server.Addr())
	session, err := conn.Open(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if list, err = ListDatabases(t.Context(), managed, 3, session); err != nil {
		t.Fatal(err)
	}
	want(list, 20, 20)
}

func TestProbingFindsTheNumber(t *testing.T) {
	for _, databases := range []int{1, 2, 8, 15, 16, 17, 31, 32, 100, 1000} {
		server := &fake{reply: func(words []string) resp.Value {
			if n, _ := strconv.Atoi(words[1]); n < databases {
				return status("OK")
			}
			return failure("ERR DB index is out of range")
		}}
		if got, err := probeDatabases(t.Context(), server); err != nil || got != databases {
			t.Errorf("%d databases: found %d, %v", databases, got, err)
		}
		if databases == 16 && len(server.asked) != 2 {
			t.Errorf("asked %q", server.asked)
		}
	}
	for name, tt := range map[string]struct {
		reply resp.Value
		want  int
	}{
		"no end":    {status("OK"), maxProbed},
		"none":      {failure("ERR no"), 0},
		"forbidden": {failure("NOPERM no"), 0},
	} {
		server := &fake{reply: func([]string) resp.Value { return tt.reply }}
		if got, err := probeDatabases(t.Context(), server); err != nil || got != tt.want {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
	if _, err := probeDatabases(t.Context(), &fake{fail: func() error { return errBroken }}); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

func TestDatabasesWhereInfoIsRefused(t *testing.T) {
	server := &fake{reply: func(words []string) resp.Value {
		if words[0] == "DBSIZE" {
			return number(42)
		}
		return failure("NOPERM no")
	}}
	list, err := ListDatabases(t.Context(), one(server), 2, nil)
	if err != nil || list.Counts != Forbidden || len(list.Databases) != 1 || list.Databases[0] != (Database{Index: 2, Keys: 42}) {
		t.Errorf("%+v, %v", list, err)
	}
	server.fail = func() error { return errBroken }
	if _, err := ListDatabases(t.Context(), one(server), 2, nil); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

func TestKeyspaceInfo(t *testing.T) {
	info := "# Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=5000,subexpiry=2\r\ndb12:keys=7\r\ndbx:keys=1\r\nother:1\r\n"
	want := []Database{{0, 3, 1, 5 * time.Second}, {12, 7, 0, 0}}
	if got := parseKeyspace(info); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	sum := Database{0, 10, 1, time.Second}.plus(Database{0, 5, 3, 5 * time.Second})
	if sum != (Database{0, 15, 4, 4 * time.Second}) {
		t.Errorf("%+v", sum)
	}
}

func TestDatabasesOfACluster(t *testing.T) {
	c := newFakeCluster(map[string][]string{"a": nil, "b": nil})
	for host, n := range c.nodes {
		plain := n.reply
		n.reply = func(words []string) resp.Value {
			if words[0] == "INFO" {
				return bulk(fmt.Sprintf("db0:keys=%d,expires=0,avg_ttl=0\r\n", host[0]))
			}
			return plain(words)
		}
	}
	c.slots = []resp.Value{slotsOf("a", 0, 8191), slotsOf("b", 8192, 16383)}
	list, err := ListDatabases(t.Context(), c.masters(t, "a"), 0, nil)
	if err != nil || list.Count != 1 || len(list.Databases) != 1 || list.Databases[0].Keys != 'a'+'b' {
		t.Errorf("%+v, %v", list, err)
	}
	if n := list.Nodes; len(n) != 2 || n[0].Keys+n[1].Keys != 'a'+'b' || n[0].Keys == n[1].Keys || n[0].Slots != 8192 {
		t.Errorf("nodes %+v", n)
	}
	c.nodes["b"].fail = func() error { return errBroken }
	if list, err = ListDatabases(t.Context(), c.masters(t, "a"), 0, nil); err != nil || list.Counts != Failed || list.Databases[0].Keys != 'a' {
		t.Errorf("with one node broken: %+v, %v", list, err)
	}
}
