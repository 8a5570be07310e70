//go:build !linux

package conn

// Gather is a hint that this system does not take.
func (c *Conn) Gather(int) {}
