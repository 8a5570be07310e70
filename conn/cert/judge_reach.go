package cert

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strconv"
	"syscall"
)

// judgeReach explains a target that was not reached.
func (j *judge) judgeReach() {
	switch j.o.Stage {
	case StageDNS:
		j.add(j.nameUnknown())
	case StageConnect:
		j.add(j.notConnected())
	default:
	}
}

func (j *judge) nameUnknown() Finding {
	host := printable(j.o.Target.Host)
	f := Finding{
		Code: CodeDNS, Severity: SeverityCrit, Scope: ScopeTarget,
		Message: "the name " + host + " is not known", Cause: "the name is misspelt, or belongs to another network, such as a cluster's or a VPN's",
		Evidence: []Fact{{"host", host}},
		Fixes: []Fix{
			fillIn(j.byClient(j.inv().With("-h", "HOST"), "the name as the server's operator gives it, or its address; getent hosts NAME shows what is known")),
		},
	}
	if failed, ok := errors.AsType[*net.DNSError](j.o.Err); ok && !failed.IsNotFound {
		f.Message = "the name " + host + " could not be looked up"
		f.Cause = "the name server did not answer: " + printable(failed.Err)
		f.Evidence = append(f.Evidence, Fact{"name_server", printable(failed.Server)})
	}
	return f
}

func (j *judge) notConnected() Finding {
	t, err := j.o.Target, j.o.Err
	f := Finding{Severity: SeverityCrit, Scope: ScopeTarget, Evidence: []Fact{{"error", errorText(err)}}}
	switch {
	case t.Network == "unix":
		j.noSocket(&f)
	case errors.Is(err, syscall.ECONNREFUSED):
		f.Code = CodeRefused
		f.Message = "nothing listens at " + printable(t.Name)
		f.Cause = "the server is not running, listens on another port (port, tls-port) or another address (bind), or a firewall refuses"
		f.Fixes = append(j.siblingFixes(), Fix{
			Side: SideServer, Note: "start it, or look where it listens (ss -ltn): port, tls-port and bind in its redis.conf; port 0 means TLS only",
		})
	default:
		f.Code = CodeUnreachable
		f.Message = fmt.Sprintf("%s cannot be reached: %s", printable(t.Name), errorText(err))
		f.Cause = "a firewall drops the packets, the host is down, or there is no route to its network"
		if isTimeout(err) || errors.Is(err, context.DeadlineExceeded) {
			f.Message = printable(t.Name) + " did not answer: no TCP connection in time"
		}
		f.Fixes = []Fix{
			{Side: SideServer, Note: "check that the host is up, and that its firewall or security group lets port " + strconv.Itoa(t.Port) + " through"},
			{Side: SideClient, Note: "check host and port, and whether a VPN or a tunnel is needed"},
		}
	}
	return f
}

func (j *judge) noSocket(f *Finding) {
	path := printable(j.o.Target.Address)
	f.Code = CodeNoSocket
	f.Cause = "the server makes the socket that unixsocket in its redis.conf names, and only while it runs"
	switch {
	case errors.Is(j.o.Err, fs.ErrNotExist):
		f.Message = "there is no socket " + path
	case errors.Is(j.o.Err, fs.ErrPermission):
		f.Message = "the socket " + path + " may not be opened by you"
		f.Cause = "the mode and the owner of the socket decide who may: unixsocketperm in redis.conf"
	default:
		f.Message = "nothing listens at the socket " + path
	}
	f.Fixes = []Fix{{Side: SideServer, Note: "look up unixsocket and unixsocketperm in redis.conf, and start the server"}}
}

// siblingFixes are the other ports of the host where something answered.
func (j *judge) siblingFixes() []Fix {
	var fixes []Fix
	siblings := slices.Clone(j.o.Siblings)
	slices.SortStableFunc(siblings, func(a, b Sibling) int {
		if a.TLS == b.TLS {
			return 0
		}
		if a.TLS != j.o.Target.Plain {
			return -1
		}
		return 1
	})
	for _, s := range siblings {
		port := strconv.Itoa(s.Port)
		switch {
		case s.TLS && !j.o.Target.Plain:
			fixes = append(fixes, j.byClient(j.inv().With("-p", port), "TLS is spoken at port "+port))
		case s.TLS:
			f := j.byClient(j.inv().With("-p", port).WithSwitch("--tls").With("--cacert", "CA.crt"), "TLS is spoken at port "+port)
			fixes = append(fixes, fillIn(f))
		case opensReply(s.Reply):
			note := "a Redis answers at port " + port
			i := j.inv().With("-p", port)
			if !j.o.Target.Plain {
				note += ", without TLS: nothing is encrypted then"
				i = i.Without(tlsOptions()...)
			}
			fixes = append(fixes, j.byClient(i, note))
		}
	}
	return fixes
}

// errorText is an error fit for one line of a terminal.
func errorText(err error) string {
	if err == nil {
		return "no reason given"
	}
	var number syscall.Errno
	switch {
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "timeout"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "connection closed"
	}
	return printable(err.Error())
}
