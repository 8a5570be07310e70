package conntest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// startTimeout covers a machine that runs several race-enabled tests.
	startTimeout = 30 * time.Second
	// pollInterval is the pause between two looks at a condition.
	pollInterval = 5 * time.Millisecond
	// bindAttempts is how often new ports are tried. Ports are found by opening
	// and closing a listener, so somebody else may be faster.
	bindAttempts = 20
	// logTail is how many lines of a log a failure shows.
	logTail = 15
)

// errPortTaken says that a server ended since one of its ports was in use.
var errPortTaken = errors.New("port already in use")

// Server is a running redis-server.
type Server struct {
	// Host is the address it listens on, 127.0.0.1 (with [IPv6] also ::1).
	Host string
	// Port is the plain port, 0 with [TLSOnly].
	Port int
	// TLSPort is 0 without TLS.
	TLSPort int
	// Socket is the path of the unix socket, empty without [UnixSocket].
	Socket string

	// CAFile is the certificate that vouches for the server, CertFile and
	// KeyFile are a client's certificate that the server accepts; all PEM,
	// all empty without TLS.
	CAFile, CertFile, KeyFile string
	// Authority issues more certificates that the server trusts.
	Authority *Authority
	// LogFile is where the server's output goes.
	LogFile string

	tb       TB
	settings settings
	dir      string
	binary   string
	busPort  int // of the cluster bus
	process  *process
}

// Start runs a redis-server on free loopback ports until the test ends. It keeps
// nothing on disk, so [Server.Restart] begins with no keys.
func Start(t TB, opts ...Option) *Server {
	t.Helper()
	return start(t, newSettings(opts))
}

func start(t TB, c settings) *Server {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatalf("conntest: these tests need redis-server in PATH (Debian: apt-get install redis-server): %v", err)
	}
	s := &Server{Host: c.bind[0], tb: t, settings: c, dir: newDir(t, t.TempDir()), binary: binary}
	s.LogFile = filepath.Join(s.dir, "redis.log")
	if c.tls {
		s.prepareTLS()
	}
	if c.socket {
		s.Socket = filepath.Join(socketDir(t), "redis.sock")
	}
	t.Cleanup(func() {
		// There is nothing to save, and a server that is asked looks up only ten
		// times a second.
		if s.process != nil {
			s.process.kill()
		}
	})
	for range bindAttempts {
		if err = s.assignPorts(); err != nil {
			break
		}
		if err = s.launch(); !errors.Is(err, errPortTaken) {
			break
		}
	}
	if err != nil {
		t.Fatalf("conntest: start redis-server: %v", err)
	}
	return s
}

// prepareTLS makes what certificates the options did not bring.
func (s *Server) prepareTLS() {
	c := &s.settings
	if c.authority == nil {
		c.authority = NewAuthority(s.tb)
	}
	if c.serverPair == nil {
		c.serverPair = c.authority.Issue(s.tb, IssueOptions{CN: "redis-server"})
	}
	client := c.authority.Issue(s.tb, IssueOptions{CN: "redis-client"})
	s.Authority = c.authority
	s.CAFile, s.CertFile, s.KeyFile = c.authority.CertFile, client.CertFile, client.KeyFile
}

// socketDir is for unix sockets, whose path may have about 100 bytes: a test's
// own directory contains the test's name.
func socketDir(t TB) string {
	t.Helper()
	dir := newDir(t, "") // the system's directory for temporary files
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Logf("conntest: remove the directory of a unix socket: %v", err)
		}
	})
	return dir
}

// newDir makes a directory inside another.
func newDir(t TB, parent string) string {
	t.Helper()
	dir, err := os.MkdirTemp(parent, "redan")
	if err != nil {
		t.Fatalf("conntest: %v", err)
	}
	return dir
}

// assignPorts chooses free ports for what the settings ask for.
func (s *Server) assignPorts() error {
	var want []*int
	if s.settings.plain {
		want = append(want, &s.Port)
	}
	if s.settings.tls {
		want = append(want, &s.TLSPort)
	}
	if s.settings.cluster {
		want = append(want, &s.busPort)
	}
	ports, err := s.settings.findPorts(s.Host, len(want))
	if err != nil {
		return err
	}
	for i, port := range ports {
		*want[i] = port
	}
	return nil
}

// launch starts the process on the ports it has, and returns once it answers.
func (s *Server) launch() error {
	config := filepath.Join(s.dir, "redis.conf")
	if err := os.WriteFile(config, []byte(s.config()), 0o600); err != nil {
		return err
	}
	// Each life has a log of its own, so that its ready line is its own.
	if err := os.Remove(s.LogFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	args := []string{config}
	if s.settings.sentinel {
		args = append(args, "--sentinel")
	}
	process, err := startProcess(s.binary, args, s.LogFile, s.settings.env...)
	if err != nil {
		return err
	}
	s.process = process
	if err := s.awaitReady(); err != nil {
		process.kill()
		return err
	}
	return nil
}

// config is the whole configuration file.
func (s *Server) config() string {
	c := &s.settings
	lines := []string{
		directive("bind", c.bind...),
		directive("port", strconv.Itoa(s.Port)),
		directive("dir", s.dir),
		directive("daemonize", "no"),
	}
	if !c.sentinel {
		lines = append(lines, directive("save", ""), directive("appendonly", "no"))
	}
	if s.Socket != "" {
		lines = append(lines, directive("unixsocket", s.Socket))
	}
	if c.tls {
		lines = append(lines,
			directive("tls-port", strconv.Itoa(s.TLSPort)),
			directive("tls-cert-file", c.serverPair.ChainFile),
			directive("tls-key-file", c.serverPair.KeyFile),
			directive("tls-ca-cert-file", c.authority.CertFile),
			directive("tls-auth-clients", c.clientAuth),
		)
	}
	if c.cluster {
		lines = append(lines,
			directive("cluster-enabled", "yes"),
			directive("cluster-config-file", "nodes.conf"),
			directive("cluster-port", strconv.Itoa(s.busPort)),
		)
	}
	lines = append(lines, c.directives...) // last, so that the test has the last word
	return strings.Join(lines, "\n") + "\n"
}

// awaitReady waits until every address of the server answers.
func (s *Server) awaitReady() error {
	var last error
	deadline := time.After(startTimeout)
	for {
		select {
		case <-s.process.done:
			if s.portTaken() {
				return errPortTaken
			}
			return fmt.Errorf("it ended at once; its log ends with:\n%s", s.logTail())
		case <-deadline:
			return fmt.Errorf("no answer within %s (%w); its log ends with:\n%s", startTimeout, last, s.logTail())
		case <-time.After(pollInterval):
		}
		// The log is asked too: another server may sit on the port that ours
		// is about to find taken.
		if last = s.saidReady(); last != nil {
			continue
		}
		if last = s.pingAll(); last == nil {
			return nil
		}
	}
}

// saidReady looks for the line a server logs once it has all its ports.
func (s *Server) saidReady() error {
	line := "Ready to accept connections"
	if s.settings.sentinel {
		line = "Sentinel ID is"
	}
	if !strings.Contains(s.log(), line) {
		return fmt.Errorf("its log lacks %q", line)
	}
	return nil
}

func (s *Server) portTaken() bool { return strings.Contains(s.log(), "Address already in use") }

func (s *Server) log() string {
	data, err := os.ReadFile(s.LogFile)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func (s *Server) logTail() string {
	lines := strings.Split(strings.TrimSpace(s.log()), "\n")
	return strings.Join(lines[max(0, len(lines)-logTail):], "\n")
}

// Addr is host:port of the plain port.
func (s *Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// TLSAddr is host:port of the TLS port.
func (s *Server) TLSAddr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.TLSPort)) }

// PID is the number of the server's process, also after it has ended.
func (s *Server) PID() int { return s.process.cmd.Process.Pid }

// Stop ends the server and waits for it. Stopping twice is fine.
func (s *Server) Stop() {
	if s.process != nil && s.process.running() {
		s.process.stop()
	}
}

// Kill ends the server without a chance to say goodbye, as a crash does.
func (s *Server) Kill() { s.process.kill() }

// Restart stops the server if it runs and starts it again on the same ports,
// without the keys it had.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Stop()
	if err := s.launch(); err != nil {
		s.tb.Fatalf("conntest: restart redis-server on %s: %v", s.mainAddr(), err)
	}
}

// mainAddr is the plain address, or where there is none the TLS address.
func (s *Server) mainAddr() string {
	if s.settings.plain {
		return s.Addr()
	}
	return s.TLSAddr()
}
