package rig

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Server is a redis-server of our own.
type Server struct {
	Port    string
	TLSPort string // where it was started with certificates

	cmd    *exec.Cmd
	folder string
}

// Certificates are the files that a server with TLS needs.
type Certificates struct{ CA, Cert, Key string }

// StartServer starts an empty server that keeps nothing on disk, with more options if need be.
func StartServer(options ...string) (*Server, error) { return start(nil, options) }

// StartTLSServer starts one that speaks TLS beside plain TCP, and asks clients for no certificate.
func StartTLSServer(files Certificates, options ...string) (*Server, error) {
	return start(&files, options)
}

// start tries some ports: between finding a free one and using it, it may be taken.
func start(files *Certificates, options []string) (*Server, error) {
	var failures error
	for range 5 {
		s, err := try(files, options)
		if err == nil {
			return s, nil
		}
		failures = errors.Join(failures, err)
	}
	return nil, failures
}

func try(files *Certificates, options []string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{Port: port}
	args := []string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"}
	if files != nil {
		if s.TLSPort, err = freePort(); err != nil {
			return nil, err
		}
		args = append(args, "--tls-port", s.TLSPort, "--tls-auth-clients", "no",
			"--tls-cert-file", files.Cert, "--tls-key-file", files.Key, "--tls-ca-cert-file", files.CA)
	}
	if s.folder, err = os.MkdirTemp("", "redan-bench"); err != nil {
		return nil, err
	}
	s.cmd = exec.Command("redis-server", append(append(args, "--dir", s.folder), options...)...)
	var log strings.Builder
	s.cmd.Stdout = &log
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if info, err := s.CLI("info", "server"); err == nil && strings.Contains(info, fmt.Sprintf("process_id:%d\r", s.cmd.Process.Pid)) {
			return s, nil
		}
	}
	s.Close()
	return nil, fmt.Errorf("redis-server did not start on port %s:\n%s", port, log.String())
}

func freePort() (string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	return port, errors.Join(err, free.Close())
}

// Addr is where it speaks plain TCP.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", s.Port) }

// Close ends it, and nothing of it is left.
func (s *Server) Close() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	_ = os.RemoveAll(s.folder)
}

// CLI runs redis-cli and returns what it prints.
func (s *Server) CLI(args ...string) (string, error) {
	out, err := exec.Command("redis-cli", append([]string{"-p", s.Port}, args...)...).Output()
	if err != nil {
		return "", fmt.Errorf("redis-cli %s: %w", strings.Join(args[:1], " "), err)
	}
	return string(out), nil
}

// Fill makes the server hold so many keys and no others. The script makes those from ARGV[1] to ARGV[2]; it may read more words.
func (s *Server) Fill(script string, keys int, more ...string) error {
	if _, err := s.CLI("flushall"); err != nil {
		return err
	}
	const step = 100_000 // a script holds everything else up
	for from := 1; from <= keys; from += step {
		args := append([]string{"eval", script, "0", strconv.Itoa(from), strconv.Itoa(min(keys, from+step-1))}, more...)
		if out, err := s.CLI(args...); err != nil || strings.TrimSpace(out) != "" {
			return fmt.Errorf("filling the server: %s %w", out, err)
		}
	}
	if out, err := s.CLI("dbsize"); err != nil || strings.TrimSpace(out) != strconv.Itoa(keys) {
		return fmt.Errorf("the server has %s keys, not %d: %w", strings.TrimSpace(out), keys, err)
	}
	return nil
}
