package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"redan/conn/conntest"
)

// bench is where one fault is made: a working directory with files, servers, and a way past the fault to the server's configuration.
type bench struct {
	t   *testing.T
	dir string
	env []string
	// admin runs a command on the server, whatever ails its TLS. nil means that there is no Redis to command.
	admin func(args ...string) (string, error)
	// typed is what a person types when redan asks.
	typed string
	// secrets must not appear in anything that redan prints.
	secrets []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, dir: t.TempDir()}
}

// redis starts a server. What is sent to it to mend the fault goes to its plain port.
func (b *bench) redis(opts ...conntest.Option) *conntest.Server {
	b.t.Helper()
	s := conntest.Start(b.t, opts...)
	b.admin = s.TryDo
	return s
}

// authority makes a root of its own name, and puts its certificate into NAME.crt.
func (b *bench) authority(name string, change ...func(*conntest.IssueOptions)) *conntest.Authority {
	b.t.Helper()
	a := conntest.NewAuthority(b.t, append([]func(*conntest.IssueOptions){
		func(o *conntest.IssueOptions) { o.CN, o.NotAfter = "Lab "+name, time.Now().AddDate(10, 0, 0) },
	}, change...)...)
	b.put(name+".crt", a.CertFile)
	return a
}

// put copies files, one behind the other, into the working directory.
func (b *bench) put(name string, from ...string) {
	b.t.Helper()
	var all []byte
	for _, path := range from {
		data, err := os.ReadFile(path)
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, data...)
	}
	b.write(name, all)
}

// pair puts a certificate and its key into the working directory, as NAME.crt and NAME.key.
func (b *bench) pair(name string, pair *conntest.Pair) {
	b.t.Helper()
	b.put(name+".crt", pair.CertFile)
	b.put(name+".key", pair.KeyFile)
}

func (b *bench) write(name string, data []byte) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), data, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.secrets = append(b.secrets, keyLines(data)...)
}

// keepSecret notes that the key in a file must not be printed.
func (b *bench) keepSecret(keyFile string) {
	b.t.Helper()
	data, err := os.ReadFile(keyFile)
	if err != nil {
		b.t.Fatal(err)
	}
	b.secrets = append(b.secrets, keyLines(data)...)
}

// keyLines are the lines of the private keys in PEM data.
func keyLines(data []byte) []string {
	var secret []string
	inside := false
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "-----"):
			inside = strings.HasPrefix(line, "-----BEGIN") && strings.Contains(line, "PRIVATE KEY")
		case inside && len(line) > 16 && !strings.Contains(line, ":"):
			secret = append(secret, line)
		}
	}
	return secret
}

// labPatience is how long one run of a program may take on a busy machine.
const labPatience = time.Minute

// capped keeps what a program prints, and takes no more than a terminal's owner would bear.
type capped struct{ bytes.Buffer }

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	const most = 16 << 20
	if c.Len()+len(p) > most {
		return 0, errors.New("it prints without end")
	}
	return c.Buffer.Write(p)
}

// labRun is what a program left behind.
type labRun struct {
	stdout, stderr string
	exit           int
}

// redan runs redan with words as a shell takes them apart.
func (b *bench) redan(words string) labRun {
	b.t.Helper()
	return b.shell("redan " + words)
}

// shell runs a line as a person in the working directory does, who has redan in PATH, and looks for secrets in what it printed.
func (b *bench) shell(line string) labRun {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), labPatience)
	defer cancel()
	command := exec.CommandContext(ctx, "sh", "-c", line)
	command.Dir = b.dir
	command.Env = append([]string{
		"HOME=" + b.dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "LC_ALL=C", "GORACE=atexit_sleep_ms=0",
	}, b.env...)
	var stdout, stderr capped
	command.Stdout, command.Stderr = &stdout, &stderr
	command.Stdin = strings.NewReader(b.typed)
	command.WaitDelay = time.Second
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) || ctx.Err() != nil {
		b.t.Fatalf("%s: %v after %q", line, err, clip(stdout.String()+stderr.String()))
	}
	out := labRun{stdout.String(), stderr.String(), endCode(command.ProcessState)}
	for _, secret := range b.secrets {
		if strings.Contains(out.stdout+out.stderr, secret) {
			b.t.Errorf("%s\nprinted a secret, %q:\n%s%s", line, secret, out.stdout, out.stderr)
		}
	}
	return out
}

// check runs redan cert check and reads its report of one target.
func (b *bench) check(options string) (report labReport, exit int) {
	b.t.Helper()
	out := b.redan("cert check --json " + options)
	if err := json.Unmarshal([]byte(out.stdout), &report); err != nil {
		b.t.Fatalf("redan cert check --json %s\nended with %d and no report (%v):\n%s%s", options, out.exit, err, out.stdout, out.stderr)
	}
	if report.Schema != "redan.cert/1" || len(report.Targets) != 1 {
		b.t.Fatalf("redan cert check --json %s\ngave a report of %d targets in the schema %q:\n%s", options, len(report.Targets), report.Schema, out.stdout)
	}
	return report, out.exit
}

// configure runs Redis commands, one a line, as a person at the server does.
func (b *bench) configure(commands string) {
	b.t.Helper()
	if b.admin == nil {
		b.t.Errorf("%s\nis for a Redis, and there is none", commands)
		return
	}
	for _, line := range lines(commands) {
		if reply, err := b.admin(words(line)...); err != nil || reply != "OK" {
			b.t.Errorf("%s\nas printed, the server answered %q (%v)", line, reply, err)
		}
	}
}

// canRun reports whether a remedy is a command that can be run as it stands, here: a password that it asks for may be typed.
func (b *bench) canRun(r remedy) bool {
	switch {
	case r.Command == "", r.Language == redisCommand && b.admin == nil:
		return false
	case strings.Contains(r.Command, "--askpass") && !strings.Contains(r.Command, "NAME"):
		return b.typed != ""
	}
	return !r.Placeholders
}
