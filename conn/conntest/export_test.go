package conntest

// WithTB is the same server reporting to another test.
func (s *Server) WithTB(t TB) *Server {
	clone := *s
	clone.tb = t
	return &clone
}

// FreePorts is how ports are found.
func FreePorts(host string, n int) ([]int, error) { return freePorts(host, n) }

// FindPorts replaces how ports are found.
func FindPorts(find func(host string, n int) ([]int, error)) Option {
	return func(c *settings) { c.findPorts = find }
}
