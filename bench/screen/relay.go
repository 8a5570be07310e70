package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// relay stands between a program and a server: it notes when the program connects, and can make the way longer.
type relay struct {
	listener net.Listener
	server   string
	delay    time.Duration // of each direction

	mu      sync.Mutex
	dialled time.Time // when the first connection came
}

func newRelay(server string, delay time.Duration) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener: listener, server: server, delay: delay}
	go r.accept()
	return r, nil
}

func (r *relay) addr() string { return r.listener.Addr().String() }

func (r *relay) close() { _ = r.listener.Close() }

// connected is when the first connection came.
func (r *relay) connected() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dialled
}

func (r *relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		if r.dialled.IsZero() {
			r.dialled = time.Now()
		}
		r.mu.Unlock()
		go r.join(near)
	}
}

// join carries one connection.
func (r *relay) join(near net.Conn) {
	defer func() { _ = near.Close() }()
	if r.delay > 0 {
		time.Sleep(2 * r.delay) // TCP's own greeting
	}
	far, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	over := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			carry(way[1], way[0], r.delay)
			over <- struct{}{}
		}()
	}
	<-over
}

// parcel is what was read, and when it may arrive.
type parcel struct {
	data []byte
	due  time.Time
}

// carry copies from one side to the other; everything takes as long, and what comes later does not wait for what came before.
func carry(to io.Writer, from io.Reader, delay time.Duration) {
	if delay == 0 {
		_, _ = io.Copy(to, from)
		return
	}
	parcels := make(chan parcel, 4096)
	go func() {
		defer close(parcels)
		for {
			buffer := make([]byte, 64<<10)
			n, err := from.Read(buffer)
			if n > 0 {
				parcels <- parcel{buffer[:n], time.Now().Add(delay)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range parcels {
		time.Sleep(time.Until(p.due))
		_, _ = to.Write(p.data) // one that is gone ends the reading too
	}
}
