package conn_test

import (
	"slices"
	"strings"
	"testing"

	"redan/conn"
	"redan/conn/conntest"
)

// TestOwns holds that a dialer knows its connections by the names that a server gives them, also a moment after their end.
func TestOwns(t *testing.T) {
	t.Parallel()
	server := conntest.Start(t)
	o := conn.DefaultOptions()
	o.Port = server.Port
	d, err := conn.NewDialer(o, conn.System())
	if err != nil {
		t.Fatal(err)
	}
	session, err := conn.Open(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := session.Do(t.Context(), "CLIENT", "INFO")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(reply.String(), " addr=")
	client, _, _ := strings.Cut(after, " ")
	if !d.Owns(client) || d.Owns("127.0.0.1:1") {
		t.Errorf("%s is ours: %v", client, d.Owns(client))
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	if !d.Owns(client) {
		t.Error("a connection that has just ended is not known any more")
	}
}

// TestOpening tells what a connection begins with, but for the password.
func TestOpening(t *testing.T) {
	t.Parallel()
	o := conn.DefaultOptions()
	o.User, o.Password, o.DB, o.Protocol, o.ClientName = "ann", conn.NewSecret("hunter2"), 3, 3, "redan"
	want := []string{"AUTH ***", "SELECT 3", "HELLO 3", "CLIENT SETNAME redan"}
	var got []string
	for _, words := range o.Opening() {
		got = append(got, strings.Join(words, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
