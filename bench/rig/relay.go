package rig

import (
	"bufio"
	"io"
	"net"
	"sync"
	"time"
)

// Relay stands between a program and a server: it notes when the program connects, and can make the way longer.
type Relay struct {
	listener net.Listener
	server   string
	trip     time.Duration

	mu      sync.Mutex
	dialled time.Time // when the first connection came
}

// NewRelay listens for programs that are to reach a server by a round trip that is so much longer.
func NewRelay(server string, trip time.Duration) (*Relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Relay{listener: listener, server: server, trip: trip}
	go r.accept()
	return r, nil
}

// Addr is where programs connect.
func (r *Relay) Addr() string { return r.listener.Addr().String() }

// Close accepts no more connections.
func (r *Relay) Close() { _ = r.listener.Close() }

// Connected is when the first connection came.
func (r *Relay) Connected() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dialled
}

func (r *Relay) accept() {
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

// join carries one connection. Answers are held back for the whole round trip: a program cannot tell that from a way that is as long in
// both directions, and of two sleeps each would be late by itself.
func (r *Relay) join(near net.Conn) {
	defer func() { _ = near.Close() }()
	time.Sleep(r.trip) // TCP's own greeting
	far, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	over := make(chan struct{}, 2)
	go func() {
		carry(far, near, 0)
		over <- struct{}{}
	}()
	go func() {
		carry(near, far, r.trip)
		over <- struct{}{}
	}()
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

// RoundTrip is how long a PING takes to an address: half of so many take no longer.
func RoundTrip(addr string, pings int) (time.Duration, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.Close() }()
	replies := bufio.NewReader(c)
	var all []time.Duration
	for range pings {
		start := time.Now()
		if _, err := c.Write([]byte("PING\r\n")); err != nil {
			return 0, err
		}
		if _, err := replies.ReadString('\n'); err != nil {
			return 0, err
		}
		all = append(all, time.Since(start))
	}
	return Median(all), nil
}
