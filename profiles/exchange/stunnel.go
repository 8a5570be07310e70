package exchange

import (
	"errors"
	"fmt"
	"strings"

	"redan/conn/cert/conffile"
)

// maxStunnel bounds a stunnel.conf, of which each line is looked at closely.
const maxStunnel = 256 << 10

// readStunnel reads the client services: a profile goes straight to where stunnel went, with TLS of its own.
func readStunnel(f file) (found, error) {
	if len(f.data) > maxStunnel {
		return found{}, fmt.Errorf("%w: at most %d KiB of a stunnel.conf are read", ErrTooLarge, maxStunnel>>10)
	}
	reader := conffile.Reader{
		ReadFile: func(path string) ([]byte, error) {
			if path == f.name {
				return f.data, nil
			}
			return nil, errors.New("only the file itself is read")
		},
		IsDir: func(string) bool { return false },
	}
	_, conf, err := reader.Read(f.name)
	if err != nil || conf == nil {
		return found{}, malformed(Stunnel, "it is to have services, [name], with accept and connect")
	}
	var all found
	for _, p := range conf.Problems {
		if strings.EqualFold(p.Name, "include") {
			all.notef("line %d: include is not followed; import the files it names", p.Origin.Line)
		}
	}
	for _, service := range conf.Services {
		switch {
		case !service.Value("client").Yes():
			all.notef("[%s] is no client service (client = yes), and was left out", short(service.Name))
		case !service.Value("connect").Given():
			all.notef("[%s] has no connect, and was left out", short(service.Name))
		default:
			all.add(stunnelServer(service, f.folder))
		}
	}
	return all, nil
}

func stunnelServer(service conffile.Service, folder string) server {
	s := server{label: service.Name}
	var err error
	if s.host, s.port, err = splitHostPort(service.Value("connect").Text); err != nil {
		s.failf("its connect %w", err)
	}
	if s.host == "" {
		s.host = "127.0.0.1"
	}
	if len(service.Values("connect")) > 1 {
		s.notef("the last of several connect was taken")
	}
	if protocol := service.Value("protocol"); protocol.Given() {
		s.notef("its protocol %q, which is spoken before TLS, is not taken over", short(protocol.Text))
	}
	if service.Value("PSKsecrets").Given() {
		s.notef("its pre-shared keys (PSKsecrets) are not taken over")
	}
	t := security{folder: folder, serverName: service.Value("sni").Text, ciphers: service.Value("ciphers").Text}
	t.ca, t.cert, t.key = service.Value("CAfile").Text, service.Value("cert").Text, service.Value("key").Text
	if dir := service.Value("CApath").Text; dir != "" {
		t.caDirs = []string{dir}
	}
	if t.key == "" { // the certificate's file has both
		t.key = t.cert
	}
	t.ciphersuite = service.Value("ciphersuites").Text
	t.min, t.max = stunnelVersion(service, "sslVersionMin"), stunnelVersion(service, "sslVersionMax")
	if only := stunnelVersion(service, "sslVersion"); only != "" {
		t.min, t.max = only, only
	}
	t.stunnelVerify(&s, service)
	s.tls = &t
	return s
}

// stunnelVerify takes how the server's certificate is verified. What stunnel verified, redan does, and no less; where it verified
// nothing, redan does what it always does.
func (t *security) stunnelVerify(s *server, service conffile.Service) {
	for _, option := range []string{"checkHost", "checkIP"} {
		for _, value := range service.Values(option) {
			t.verifyNames = append(t.verifyNames, value.Text)
		}
	}
	level := service.Value("verify").Text
	switch {
	case len(t.verifyNames) > 0:
		t.verify = "full"
	case service.Value("verifyChain").Yes(), service.Value("verifyPeer").Yes(), level >= "2":
		t.verify = "ca"
	default:
		s.notef("stunnel verified no certificate here; redan does (tls.verify)")
	}
}

func stunnelVersion(service conffile.Service, option string) string {
	version, ok := strings.CutPrefix(service.Value(option).Text, "TLSv")
	switch {
	case !ok:
		return ""
	case version == "1":
		return "1.0"
	}
	return version
}
