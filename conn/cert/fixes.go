package cert

import (
	"crypto/sha256"
	"strings"
)

// inv is the command line that led here, as it is the better for every fault: with a command that shows whether the fault is gone.
func (j *judge) inv() Invocation {
	if len(j.want.Invocation.Command) == 0 {
		return j.want.Invocation.Doing("ping")
	}
	return j.want.Invocation
}

// verifying is inv with verification, when that was switched off.
func (j *judge) verifying() Invocation {
	if j.want.Level == LevelNone {
		return j.inv().Without("--insecure", "--tls-verify")
	}
	return j.inv()
}

// byClient is a fix at this end.
func (j *judge) byClient(i Invocation, note string) Fix {
	return Fix{Side: SideClient, Language: LanguageShell, Command: i.String(), Note: note, line: &i}
}

// fillIn marks a fix that has words in capitals to be replaced.
func fillIn(f Fix) Fix {
	f.Placeholders = true
	return f
}

// redisFix is a fix made by a command to the server.
func redisFix(command, note string) Fix {
	return Fix{Side: SideServer, Language: LanguageRedis, Command: command, Note: note}
}

// tlsOptions are the options that make no sense without TLS.
func tlsOptions() []string {
	return []string{
		"--tls", "--cacert", "--cacertdir", "--certb64", "--cert", "--key", "--key-pass-file", "--sni", "--tls-verify", "--tls-verify-name",
		"--insecure", "--tls-min", "--tls-max", "--tls-ciphers", "--tls-ciphersuites",
	}
}

// unverified is the last resort of a chain that is not trusted. There is none when nothing is verified anyway.
func (j *judge) unverified() []Fix {
	if j.want.Level == LevelNone {
		return nil
	}
	return []Fix{{Side: SideClient, Note: "last resort: --insecure verifies nothing, and whoever is in between can read and change everything"}}
}

// certFiles are the files of certificate and key that the server says it uses, or words to be replaced.
func (j *judge) certFiles() (certFile, keyFile string, known bool) {
	certFile, keyFile = j.o.Server.Parameters["tls-cert-file"], j.o.Server.Parameters["tls-key-file"]
	if certFile == "" || keyFile == "" {
		return "SERVER.crt", "SERVER.key", false
	}
	return certFile, keyFile, true
}

// load is the command that makes the server read its certificate and key anew.
func (j *judge) load(note string) Fix {
	certFile, keyFile, known := j.certFiles()
	f := redisFix("CONFIG SET tls-cert-file "+ConfQuote(certFile)+" tls-key-file "+ConfQuote(keyFile), note)
	f.Placeholders = !known
	return f
}

// reissue is a new certificate for the server; how says what must be different.
func (j *judge) reissue(how string) []Fix {
	names := j.sanNames()
	words := []string{j.program(), "cert", "issue", "--ca", "CA.crt", "--ca-key", "CA.key"}
	for _, name := range names {
		words = append(words, ShellQuote(name))
	}
	if len(names) == 0 {
		words = append(words, "NAME")
	}
	note := "issues it anew with " + sanLine(names)
	if how != "" {
		note = "issues it anew " + how
	}
	return []Fix{fillIn(Fix{
		Side: SideServer, Language: LanguageShell, Command: strings.Join(words, " "), Note: note + j.thenLoad(),
	})}
}

// program is how redan was called.
func (j *judge) program() string {
	if j.want.Invocation.Program == "" {
		return "redan"
	}
	return ShellQuote(j.want.Invocation.Program)
}

func sum256(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}
