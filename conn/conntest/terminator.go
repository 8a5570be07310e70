package conntest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Stunnel runs stunnel before a plain server and returns where it listens. Without further lines of its configuration, clients need no
// certificate; "verifyPeer = yes" and "CAfile = FILE" let in those whose own certificate is in the file.
func Stunnel(t TB, backend string, pair *Pair, lines ...string) (addr string) {
	t.Helper()
	return terminator(t, "stunnel4", "stunnel4", func(dir, addr string) (args []string, config string) {
		return []string{filepath.Join(dir, "config")}, strings.Join(append([]string{
			"foreground = yes", "pid =", "syslog = no", "debug = notice",
			"[redis]", "accept = " + addr, "connect = " + backend, "cert = " + pair.ChainFile, "key = " + pair.KeyFile,
		}, lines...), "\n") + "\n"
	})
}

// HAProxy runs haproxy with the given lines behind "frontend front" and the line that binds it, which ends with bind. It returns where the
// frontend listens.
func HAProxy(t TB, bind string, lines ...string) (addr string) {
	t.Helper()
	return terminator(t, "haproxy", "haproxy", func(dir, addr string) (args []string, config string) {
		return []string{"-db", "-f", filepath.Join(dir, "config")}, "global\n maxconn 100\n" +
			"defaults\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n" +
			"frontend front\n bind " + addr + " " + bind + "\n " + strings.Join(lines, "\n ") + "\n"
	})
}

// Bundle writes the certificates of a pair and its key into one file, as haproxy wants them.
func (p *Pair) Bundle(t TB) (path string) {
	t.Helper()
	chain, err := os.ReadFile(p.ChainFile)
	key, keyErr := os.ReadFile(p.KeyFile)
	path = filepath.Join(filepath.Dir(p.ChainFile), "bundle.pem")
	if err := errors.Join(err, keyErr, os.WriteFile(path, append(chain, key...), 0o600)); err != nil {
		t.Fatalf("conntest: bundle a certificate with its key: %v", err)
	}
	return path
}

// HTTPS runs nginx with TLS and returns where it listens: a web server, and no Redis.
func HTTPS(t TB, pair *Pair) (addr string) {
	t.Helper()
	return terminator(t, "nginx", "nginx-light", func(dir, addr string) (args []string, config string) {
		return []string{"-p", dir, "-e", "stderr", "-c", "config"}, "daemon off; master_process off; pid nginx.pid; error_log stderr;\n" +
			"events {}\nhttp {\n access_log off;\n client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;\n" +
			" uwsgi_temp_path tmp; scgi_temp_path tmp;\n server {\n listen " + addr + " ssl;\n ssl_certificate " + pair.ChainFile +
			";\n ssl_certificate_key " + pair.KeyFile + ";\n return 200 hello;\n }\n}\n"
	})
}

// terminator runs a program that accepts TLS on an address of ours. configure returns its arguments and its configuration, which is
// written into the file config of dir.
func terminator(t TB, program, debian string, configure func(dir, addr string) (args []string, config string)) (addr string) {
	t.Helper()
	binary, err := exec.LookPath(program)
	if err != nil {
		t.Fatalf("conntest: these tests need %s in PATH (Debian: apt-get install %s): %v", program, debian, err)
	}
	for range bindAttempts {
		ports, err := freePorts("127.0.0.1", 1)
		if err != nil {
			t.Fatalf("conntest: %v", err)
		}
		addr = fmt.Sprintf("127.0.0.1:%d", ports[0])
		dir := newDir(t, t.TempDir())
		args, config := configure(dir, addr)
		if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
			t.Fatalf("conntest: %v", err)
		}
		log := filepath.Join(dir, "log")
		process, err := startProcess(binary, args, log)
		if err != nil {
			t.Fatalf("conntest: start %s: %v", program, err)
		}
		t.Cleanup(process.kill)
		if err = process.awaitListening(addr); err == nil {
			return addr
		}
		text, _ := os.ReadFile(log) // a log that is not there says nothing
		if !strings.Contains(strings.ToLower(string(text)), "address already in use") {
			t.Fatalf("conntest: start %s: %v\n%s", program, err, text)
		}
	}
	t.Fatalf("conntest: start %s: no port was free in %d attempts", program, bindAttempts)
	return ""
}

// awaitListening waits until somebody accepts connections on addr, while the program runs.
func (p *process) awaitListening(addr string) error {
	deadline := time.Now().Add(startTimeout)
	for {
		conn, err := dial("tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.done:
			return errors.New("it ended at once")
		case <-time.After(pollInterval):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no answer within %s: %w", startTimeout, err)
		}
	}
}
