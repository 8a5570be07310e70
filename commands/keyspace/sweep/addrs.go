package sweep

import "redan/conn"

// Addrs are the addresses of the nodes, by their numbers.
func (s *Sweep) Addrs() []conn.Addr {
	addrs := make([]conn.Addr, len(s.nodes))
	for i, n := range s.nodes {
		addrs[i] = n.Addr
	}
	return addrs
}
