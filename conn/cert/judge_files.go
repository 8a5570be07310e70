package cert

import (
	"crypto/x509"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"redan/commands/nearest"
)

// judgeFiles explains the files and lists of the invocation that cannot be used.
func (j *judge) judgeFiles() {
	for _, err := range j.want.FileErrors {
		if ciphers, ok := errors.AsType[*CipherError](err); ok {
			j.add(j.cipherError(ciphers))
			continue
		}
		if file, ok := errors.AsType[*FileError](err); ok {
			j.add(j.fileFinding(file))
			continue
		}
		j.add(Finding{
			Code: CodeFileUnreadable, Severity: SeverityCrit, Scope: ScopeTarget, Message: "a file of the options cannot be used: " + sentence(err.Error()),
		})
	}
}

// cipherError explains a list of ciphers that cannot be used.
func (j *judge) cipherError(e *CipherError) Finding {
	f := Finding{Code: CodeCiphers, Severity: SeverityCrit, Scope: ScopeTarget, Message: sentence(e.Detail)}
	if e.Option == "" {
		f.Fixes = []Fix{{Side: SideClient, Note: sentence(e.Fix)}}
		return f
	}
	f.Message = e.Option + ": " + f.Message
	f.Evidence = []Fact{{"option", e.Option}}
	if e.Word != "" {
		f.Evidence = append(f.Evidence, Fact{"word", printable(e.Word)})
	}
	if given, _ := j.want.Invocation.Value(e.Option); e.Nearest != "" && given == e.Word {
		f.Fixes = append(f.Fixes, j.byClient(j.inv().With(e.Option, e.Nearest), "if "+e.Nearest+" is meant"))
	}
	f.Fixes = append(f.Fixes, j.byClient(j.inv().Without(e.Option), "all that this program has"))
	return f
}

// fileFinding explains a file that cannot be used.
func (j *judge) fileFinding(e *FileError) Finding {
	f := Finding{
		Code: e.Code, Severity: SeverityCrit, Scope: ScopeFilePrefix + printable(e.Path), Message: printable(e.Path) + " " + sentence(e.Detail),
		Cause: fileCause(e), Evidence: []Fact{{"file", printable(e.Path)}, {"option", e.Role.option()}},
	}
	f.Fixes = j.fileFixes(e)
	note := sentence(e.Fix)
	if note != "" && !slices.ContainsFunc(f.Fixes, func(fix Fix) bool { return !fix.Placeholders }) {
		f.Fixes = append(f.Fixes, Fix{Side: SideClient, Note: note})
	}
	return f
}

// sentence is a text of ours, with names in it that may be anybody's, fit for a terminal.
func sentence(text string) string {
	const longest = 1000
	return printableUpTo(text, longest)
}

// option is the option by which a file in that role is given.
func (r Role) option() string {
	switch r {
	case RoleCert:
		return "--cert"
	case RoleKey:
		return "--key"
	default:
		return "--cacert"
	}
}

func fileCause(e *FileError) string {
	switch e.Code {
	case CodeKeyMismatch:
		return "key and certificate are made together; one of the two was replaced, or they are from different sets"
	case CodeKeyEncrypted:
		return "nobody was there to be asked for its passphrase"
	case CodeFilesSwapped:
		return "redis-cli says no more than \"Invalid client certificate\""
	default:
		return ""
	}
}

func (j *judge) fileFixes(e *FileError) []Fix {
	switch e.Code {
	case CodeFilesSwapped:
		return []Fix{j.byClient(j.inv().With("--cert", j.want.KeyFile).With("--key", j.want.CertFile), "the other way round")}
	case CodeKeyEncrypted, CodeKeyPassphrase:
		return []Fix{fillIn(j.byClient(j.inv().With("--key-pass-file", "FILE"), "FILE holds the passphrase; REDAN_KEY_PASS may hold it too"))}
	case CodeKeyMismatch, CodeKeyMissing, CodeCertMissing, CodeFileNoKey:
		return j.pairFixes()
	}
	if e.Role == RoleCA {
		return j.caFileFixes(e)
	}
	if fixes := j.pairFixes(); len(fixes) > 0 && !fixes[0].Placeholders {
		return fixes
	}
	if similar := j.similarFile(e.Path, e.Role); similar != "" {
		return []Fix{j.byClient(j.inv().With(e.Role.option(), similar), "a file of nearly that name")}
	}
	if pair, ok := j.nearbyPair(j.sent); ok && e.Role == RoleCert {
		return []Fix{j.byClient(pair.invocation(j.inv()), "certificate and key that belong together")}
	}
	return nil
}

// pairFixes complete a pair of certificate and key, of which one half is there.
func (j *judge) pairFixes() []Fix {
	certFile, keyFile := j.nearby(j.want.CertFile), j.nearby(j.want.KeyFile)
	const note = "the two belong together"
	if certFile != nil && len(certFile.Certificates) > 0 {
		for _, file := range j.want.Nearby {
			if file.KeySPKI != "" && file.KeySPKI == SPKI(certFile.Certificates[0].PublicKey) {
				return []Fix{j.byClient(j.inv().With("--key", file.Path).Without("--key-pass-file"), note)}
			}
		}
	}
	if keyFile != nil && keyFile.KeySPKI != "" {
		for _, file := range j.want.Nearby {
			if len(file.Certificates) > 0 && SPKI(file.Certificates[0].PublicKey) == keyFile.KeySPKI {
				return []Fix{j.byClient(j.inv().With("--cert", file.Path), note)}
			}
		}
	}
	i := j.inv()
	if j.want.CertFile == "" {
		i = i.With("--cert", "CLIENT.crt")
	} else {
		i = i.With("--key", "CLIENT.key")
	}
	return []Fix{fillIn(j.byClient(i, "the file that belongs to the other"))}
}

// nearby returns the file given with an option as it was read among those nearby, or nil.
func (j *judge) nearby(path string) *NearbyFile {
	if path == "" {
		return nil
	}
	for i := range j.want.Nearby {
		if filepath.Clean(j.want.Nearby[i].Path) == filepath.Clean(path) {
			return &j.want.Nearby[i]
		}
	}
	return nil
}

// caFileFixes name the file of CA certificates that is meant: the one with which the server is trusted, or one of nearly that name.
func (j *judge) caFileFixes(e *FileError) []Fix {
	if len(j.sent) > 0 {
		if ca, ok := j.trustedIn(Roots{}, anyChain); ok {
			return []Fix{j.byClient(j.inv().With("--cacert", ca.path), ca.note())}
		}
	}
	if similar := j.similarFile(e.Path, e.Role); similar != "" {
		return []Fix{j.byClient(j.inv().With("--cacert", similar), "a file of nearly that name")}
	}
	return nil
}

// similarFile returns the file nearby whose name is most like that of path, and that can serve in the role.
func (j *judge) similarFile(path string, role Role) string {
	byName := map[string]string{}
	var names []string
	for _, file := range j.want.Nearby {
		fits := len(file.Certificates) > 0
		switch role {
		case RoleKey:
			fits = file.KeySPKI != ""
		case RoleCA:
			fits = fits && slices.ContainsFunc(file.Certificates, func(c *x509.Certificate) bool { return c.IsCA || isSelfIssued(c) })
		default:
		}
		name := filepath.Base(file.Path)
		if !fits || filepath.Clean(file.Path) == filepath.Clean(path) {
			continue
		}
		if _, again := byName[name]; !again {
			byName[name] = file.Path
			names = append(names, name)
		}
	}
	const most = 64 // characters of a name worth comparing
	wanted := filepath.Base(path)
	if len(wanted) > most {
		return ""
	}
	best, least := "", max(2, len(wanted)/3)+1 // ca.txt may stand for ca.crt: there are few files to choose from
	for _, name := range names {
		if n := nearest.Slips(strings.ToLower(wanted), strings.ToLower(name)); n < least {
			best, least = name, n
		}
	}
	return byName[best]
}
