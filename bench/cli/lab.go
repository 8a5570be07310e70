package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"redan/bench/rig"
)

// lab is a ground that is ready: its server, and what words may name.
type lab struct {
	folder string
	server *rig.Server
	relay  *rig.Relay
	names  map[string]string // what $name stands for
	note   string            // what the reader of the table should know
}

func newLab(parent string) (*lab, error) {
	folder, err := os.MkdirTemp(parent, "ground")
	if err != nil {
		return nil, err
	}
	return &lab{folder: folder, names: map[string]string{"dump": filepath.Join(folder, "dump.rdb")}}, nil
}

// close ends the server and gives the space on disk back: the next ground may need it.
func (l *lab) close() {
	if l.relay != nil {
		l.relay.Close()
	}
	if l.server != nil {
		l.server.Close()
	}
	_ = os.RemoveAll(l.folder)
}

func (l *lab) file(name string) string { return filepath.Join(l.folder, name) }

// expand splits words and puts in what the names stand for.
func (l *lab) expand(words string) []string {
	args := strings.Fields(words)
	for i := range args {
		args[i] = os.Expand(args[i], func(name string) string { return l.names[name] })
	}
	return args
}

// serve keeps a server that has started.
func (l *lab) serve(s *rig.Server, err error) error {
	if err != nil {
		return err
	}
	l.server = s
	l.names["port"], l.names["tlsport"] = s.Port, s.TLSPort
	return nil
}

// write makes a file of so many pieces.
func (l *lab) write(name string, pieces int, piece func(w io.Writer, i int)) error {
	file, err := os.Create(l.file(name))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	for i := range pieces {
		piece(w, i)
	}
	return errors.Join(w.Flush(), file.Close())
}
