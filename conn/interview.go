package conn

import (
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"redan/conn/cert"
	"redan/conn/resp"
)

// parameters are what an interview asks of the server's configuration, each by its full name: a pattern such as tls-* would fetch
// the passphrase of the key as well.
func parameters() []string {
	return []string{
		"port", "tls-port", "tls-cert-file", "tls-key-file", "tls-ca-cert-file", "tls-ca-cert-dir", "tls-auth-clients",
		"tls-protocols", "tls-ciphers", "tls-ciphersuites", "tls-replication", "tls-cluster", "cluster-announce-hostname", "dir",
	}
}

// maxInterview bounds what is read of the answers, in bytes: the server need not be a friendly one.
const maxInterview = 1 << 20

// interview asks the server at the other end of c about itself, in one write. What it may not ask or the server does not know is left out.
// The password goes out only when trusted says that the server has proven who it is, as on a normal connection.
func (o Options) interview(ctx context.Context, c net.Conn, trusted bool) cert.Server {
	var server cert.Server
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	var out []byte
	auth := o.Password.IsSet() && trusted
	server.AuthWithheld = o.Password.IsSet() && !trusted
	switch {
	case auth && o.User != "":
		out = resp.AppendCommand(out, "AUTH", o.User, o.Password.Reveal())
	case auth:
		out = resp.AppendCommand(out, "AUTH", o.Password.Reveal())
	}
	if auth {
		out = resp.AppendCommand(out, "PING")
	}
	out = resp.AppendCommand(out, "TIME")
	out = resp.AppendCommand(out, "INFO", "server")
	out = resp.AppendCommand(out, "ROLE")
	for _, name := range parameters() {
		out = resp.AppendCommand(out, "CONFIG", "GET", name)
	}
	asked := time.Now()
	if _, err := c.Write(out); err != nil {
		return server
	}
	reader := resp.NewReader(io.LimitReader(c, maxInterview))
	if auth {
		reply, err := reader.Read()
		if err != nil {
			return server
		}
		refusal := reply.Err()
		server.LoggedIn = refusal == nil
		if refusal != nil && authRefused(o.Addr(), refusal.Error()) != nil {
			server.AuthRefused = o.Password.mask(refusal.Error())
		}
		if reply, err = reader.Read(); err != nil {
			return server
		}
		server.Reply = "+" + string(reply.Text)
		if refusal := reply.Err(); refusal != nil {
			server.Reply = "-" + refusal.Error()
		}
	}
	readAbout(reader, &server, asked)
	return server
}

// readAbout reads the replies to what interview asked.
func readAbout(reader *resp.Reader, server *cert.Server, asked time.Time) {
	clock, err := reader.Read()
	if err != nil {
		return
	}
	if at, ok := serverTime(clock); ok {
		answered := time.Now()
		server.Clock, server.AskedAt = at, asked.Add(answered.Sub(asked)/2)
	}
	info, err := reader.Read()
	if err != nil {
		return
	}
	if server.Info = accessOf(info); server.Info == cert.AccessOK {
		readInfo(string(info.Text), server)
	}
	role, err := reader.Read()
	if err != nil {
		return
	}
	if len(role.Elems) > 0 {
		server.Role = string(role.Elems[0].Text)
	}
	for range parameters() {
		reply, err := reader.Read()
		if err != nil {
			return
		}
		access := accessOf(reply)
		if server.Config == cert.AccessUnasked || access == cert.AccessOK {
			server.Config = access
		}
		if len(reply.Elems) == 2 && access == cert.AccessOK {
			if server.Parameters == nil {
				server.Parameters = map[string]string{}
			}
			server.Parameters[string(reply.Elems[0].Text)] = string(reply.Elems[1].Text)
		}
	}
}

// serverTime reads the reply to TIME.
func serverTime(reply resp.Value) (time.Time, bool) {
	if len(reply.Elems) != 2 {
		return time.Time{}, false
	}
	seconds, err1 := strconv.ParseInt(string(reply.Elems[0].Text), 10, 64)
	micros, err2 := strconv.ParseInt(string(reply.Elems[1].Text), 10, 64)
	const farthest = 1 << 40 // seconds; what lies beyond is no time
	if err1 != nil || err2 != nil || seconds < 0 || seconds > farthest || micros < 0 || micros >= 1e6 {
		return time.Time{}, false
	}
	return time.Unix(seconds, micros*1000), true
}

func accessOf(reply resp.Value) cert.Access {
	refusal := reply.Err()
	switch {
	case refusal == nil:
		return cert.AccessOK
	case strings.HasPrefix(refusal.Error(), "NOPERM"), strings.HasPrefix(refusal.Error(), "NOAUTH"):
		return cert.AccessDenied
	default:
		return cert.AccessUnsupported
	}
}

// readInfo takes what a report needs out of INFO server.
func readInfo(text string, server *cert.Server) {
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch name {
		case "redis_version", "valkey_version":
			if server.Version == "" || name == "valkey_version" {
				server.Version = value
			}
			if name == "valkey_version" {
				server.Product = "Valkey"
			}
		case "redis_mode", "server_mode":
			server.Mode = value
		case "uptime_in_seconds":
			if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
				server.Uptime = time.Duration(seconds) * time.Second
			}
		case "process_id":
			if pid, err := strconv.Atoi(value); err == nil {
				server.ProcessID = pid
			}
		}
	}
}
