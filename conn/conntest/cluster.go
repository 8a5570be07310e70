package conntest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	// slots is the number of hash slots that a cluster shares out.
	slots = 16384
	// clusterTimeout is long: nodes refuse to be well in their first two
	// seconds, and then tell each other by gossip.
	clusterTimeout = 60 * time.Second
	// MasterName is what a [Sentinel] calls the master it watches.
	MasterName = "mymaster"
)

// ClusterServers is a running cluster.
type ClusterServers struct {
	// Nodes are the masters, in the order of the slots they serve.
	Nodes []*Server
}

// Cluster runs masters without replicas that share all slots evenly, and waits
// until each of them says that the cluster is well. With TLS options the nodes
// speak TLS among themselves, with certificates of one authority.
func Cluster(t TB, masters int, opts ...Option) *ClusterServers {
	t.Helper()
	c := newSettings(opts)
	c.cluster = true
	if c.tls {
		if c.authority == nil {
			c.authority = NewAuthority(t)
		}
		c.directives = append(c.directives, directive("tls-cluster", "yes"))
	}
	cluster := &ClusterServers{}
	for i := range masters {
		node := start(t, c)
		first, last := i*slots/masters, (i+1)*slots/masters-1
		node.Do("CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(first), strconv.Itoa(last))
		// Equal epochs would be settled by a vote, which takes time.
		node.Do("CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
		cluster.Nodes = append(cluster.Nodes, node)
	}
	seed := cluster.Nodes[0]
	for _, node := range cluster.Nodes[1:] {
		seed.Do("CLUSTER", "MEET", node.Host, strconv.Itoa(node.clusterPort()), strconv.Itoa(node.busPort))
	}
	if err := poll(clusterTimeout, cluster.well); err != nil {
		t.Fatalf("conntest: cluster of %d: %v", masters, err)
	}
	return cluster
}

// clusterPort is the port by which the nodes know this one.
func (s *Server) clusterPort() int {
	if s.settings.tls {
		return s.TLSPort
	}
	return s.Port
}

// well asks every node whether it sees all nodes and slots.
func (c *ClusterServers) well() error {
	want := []string{
		"cluster_state:ok",
		fmt.Sprintf("cluster_slots_ok:%d", slots),
		fmt.Sprintf("cluster_known_nodes:%d", len(c.Nodes)),
	}
	for _, node := range c.Nodes {
		info, err := node.TryDo("CLUSTER", "INFO")
		if err != nil {
			return err
		}
		for _, line := range want {
			if !strings.Contains(info, line+"\r\n") {
				return fmt.Errorf("node %s does not say %s but\n%s", node.mainAddr(), line, info)
			}
		}
	}
	return nil
}

// Addrs are the addresses of all nodes, plain ones where there are any.
func (c *ClusterServers) Addrs() []string {
	addrs := make([]string, len(c.Nodes))
	for i, node := range c.Nodes {
		addrs[i] = node.mainAddr()
	}
	return addrs
}

// Node returns the node that serves a key, as a server says.
func (c *ClusterServers) Node(key string) *Server {
	seed := c.Nodes[0]
	slot, err := strconv.Atoi(seed.Do("CLUSTER", "KEYSLOT", key))
	if err != nil {
		seed.tb.Fatalf("conntest: slot of %q: %v", key, err)
	}
	for i, node := range c.Nodes {
		if slot < (i+1)*slots/len(c.Nodes) {
			return node
		}
	}
	return nil
}

// Sentinel runs a sentinel that watches master under the name [MasterName], and
// waits until it has seen it. A master with TLS is reached by TLS.
func Sentinel(t TB, master *Server, opts ...Option) *Server {
	t.Helper()
	c := newSettings(opts)
	c.sentinel = true
	port := master.Port
	if master.settings.tls {
		c.tls, c.authority, port = true, master.Authority, master.TLSPort
		c.directives = append(c.directives, directive("tls-replication", "yes"))
	}
	c.directives = append(c.directives,
		directive("sentinel", "monitor", MasterName, master.Host, strconv.Itoa(port), "1"))
	if master.settings.password != "" {
		c.directives = append(c.directives,
			directive("sentinel", "auth-pass", MasterName, master.settings.password))
	}
	s := start(t, c)
	if err := poll(startTimeout, s.seesMaster); err != nil {
		t.Fatalf("conntest: sentinel: %v", err)
	}
	return s
}

// seesMaster asks a sentinel whether it has had an answer from its master,
// whose run id it knows from then on.
func (s *Server) seesMaster() error {
	reply, err := s.TryDo("SENTINEL", "MASTER", MasterName)
	if err != nil {
		return err
	}
	fields := strings.Split(reply, "\n")
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "runid" && fields[i+1] != "" {
			return nil
		}
	}
	return errors.New("has not met its master:\n" + reply)
}

// poll asks until the answer is no error, or returns the last one.
func poll(timeout time.Duration, ask func() error) error {
	deadline := time.Now().Add(timeout)
	for {
		err := ask()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(pollInterval)
	}
}
