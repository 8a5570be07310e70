package cert

import (
	"errors"
	"fmt"
	"strings"
)

// unreadable explains a file that could not be read.
func (j *fileJudge) unreadable(file LocalFile, role Role) {
	e := unreadable(file.Path, role, file.Access.String(), file.Err)
	f := Finding{
		Code: CodeFileUnreadable, Severity: SeverityCrit, Scope: file.scope(), Evidence: file.facts(),
		Message: file.name() + " " + e.Detail + file.Setting.at(), Cause: j.refuses(), Fixes: []Fix{j.advice(e.Fix)},
	}
	if file.Setting.Line > 0 {
		f.Code = CodeFileMissing // a fault of the server's, while a file that is given to us is looked at here only
	}
	if isDenied(file.Err) {
		f.Code = CodeFileUnreadable
		j.unknown = true
		f.Severity, f.Cause = SeverityWarn, "so nothing can be said about it; the server may be another user, who may read it"
		f.Fixes = []Fix{j.shell("sudo "+j.set.Program+" cert files "+j.again(), "as a user who may read it")}
	}
	if role != RoleKey && j.set.Reader == ReaderRedis && file.Setting.Line > 0 && !strings.HasPrefix(file.Setting.Value, "/") {
		f.Cause += "; a relative path counts from dir, and without dir from where redis-server is started"
	}
	j.add(f)
}

// again is what was checked, as arguments.
func (j *fileJudge) again() string {
	if j.set.Conf.Path != "" {
		return ShellQuote(j.set.Conf.Path)
	}
	var words []string
	for _, file := range append([]LocalFile{j.set.Own.Cert, j.set.Own.Key}, j.set.CAs...) {
		if file.Given() {
			words = append(words, file.Setting.Name, ShellQuote(file.Path))
		}
	}
	for _, host := range j.set.Hosts {
		words = append(words, "--host", ShellQuote(host))
	}
	return strings.Join(words, " ")
}

// String is "owned by NAME, mode MODE", or empty when that is not known.
func (a FileAccess) String() string {
	switch {
	case !a.Known:
		return ""
	case a.Owner == "":
		return "mode " + a.Mode.String()
	default:
		return "owned by " + a.Owner + ", mode " + a.Mode.String()
	}
}

// fileFault makes a finding out of the error of a file that nobody can read.
func (j *fileJudge) fileFault(file LocalFile, err error) Finding {
	f := Finding{
		Severity: SeverityCrit, Scope: file.scope(), Evidence: file.facts(), Cause: j.refuses(),
		Code: CodeFileUnsupported, Message: file.name() + ": " + err.Error(),
	}
	e, ok := errors.AsType[*FileError](err)
	if !ok {
		return f
	}
	f.Code = e.Code
	f.Message = file.name() + " " + e.Detail + file.Setting.at()
	if e.Fix != "" && (file.Setting.Line == 0 || !strings.Contains(e.Fix, "--")) {
		f.Fixes = []Fix{j.advice(e.Fix)}
	} else {
		f.Fixes = []Fix{j.advice("check the path in " + file.Setting.Name)}
	}
	return f
}

// keyFault makes a finding out of the error of a key that cannot be opened.
func (j *fileJudge) keyFault(file LocalFile, err error) Finding {
	f := j.fileFault(file, err)
	passName, inConf := file.Setting.Name+"-pass", file.Setting.Line > 0
	output, value := file.beside(".plain")
	open := j.useInstead(file, "openssl pkey -in "+ShellQuote(file.Path)+" -out "+ShellQuote(output), value, "a copy without passphrase, for its owner only")
	switch f.Code {
	case CodeKeyEncrypted:
		f.Cause = j.refuses()
		switch {
		case j.set.Reader == ReaderStunnel:
			f.Message = file.name() + " is encrypted" + file.Setting.at()
			f.Cause = "stunnel asks for the passphrase on a terminal at every start, and does not start without one"
			f.Fixes = []Fix{open}
		case inConf:
			f.Message = file.name() + " is encrypted, and " + passName + " is not given" + file.Setting.at()
			f.Fixes = []Fix{j.placeholder(j.setInFile(passName, "PASSPHRASE")), open}
		default:
			f.Cause = "without it nothing can be said about the key"
			j.unknown = true
			f.Severity = SeverityWarn
		}
	case CodeKeyPassphrase:
		if inConf {
			f.Message = file.name() + " cannot be decrypted: the passphrase in " + passName + " is wrong" + file.Setting.at()
			f.Fixes = []Fix{j.placeholder(j.setInFile(passName, "PASSPHRASE")), open}
		}
	}
	return f
}

// notForOpenSSL explains a file that this program reads and OpenSSL does not. err says where OpenSSL gives up, when that is within PEM.
func (j *fileJudge) notForOpenSSL(file LocalFile, role Role, err error) Finding {
	form, command, value := j.conversion(file, role, err)
	f := Finding{
		Code: CodeFileNotPEM, Severity: SeverityCrit, Scope: file.scope(), Evidence: file.facts(),
		Message: file.name() + " " + form + file.Setting.at(),
		Cause:   fmt.Sprintf("redis-server, redis-cli and stunnel read PEM only (\"no start line\"): %s; %s itself reads it", j.refuses(), j.set.Program),
	}
	if err != nil {
		f.Code = CodeFileGarbled
		f.Cause = fmt.Sprintf("OpenSSL gives up there: %s; %s itself reads the rest", j.refuses(), j.set.Program)
	}
	if j.set.Reader == ReaderAny {
		f.Severity = SeverityWarn
	}
	f.Fixes = []Fix{j.useInstead(file, command, value, "")}
	return f
}

// conversion says what form a file has, and how to make PEM of it: the command, and the file it makes as the configuration would name it.
func (j *fileJudge) conversion(file LocalFile, role Role, err error) (form, command, value string) {
	in := " -in " + ShellQuote(file.Path)
	ending := ".pem"
	if role == RoleKey {
		ending = ".key"
	}
	output, value := file.beside(ending)
	out := " -out " + ShellQuote(output)
	pass := ""
	if _, openErr := (source{path: file.Path, role: role}).open(file.Data); openErr == nil {
		pass = " -passin pass:"
	}
	switch {
	case err != nil:
		form = "is not whole PEM, " + err.Error()
	case isPKCS12(file.Data) && role == RoleKey:
		return "is PKCS#12, not PEM", "openssl pkcs12" + in + pass + " -nocerts -nodes" + out, value
	case isPKCS12(file.Data):
		return "is PKCS#12, not PEM", "openssl pkcs12" + in + pass + " -nokeys" + out, value
	case isPKCS7(file.Data):
		return "is PKCS#7 in DER, not PEM", "openssl pkcs7 -inform DER -print_certs" + in + out, value
	case strings.Contains(string(file.Data), "-----BEGIN PKCS"):
		return "holds its certificates inside PKCS#7", "openssl pkcs7 -print_certs" + in + out, value
	case isSequence(file.Data) && role == RoleKey:
		return "is DER, not PEM", "openssl pkey -inform DER" + in + out, value
	case isSequence(file.Data):
		return "is DER, not PEM", "openssl x509 -inform DER" + in + out, value
	default:
		form = "has PEM marks that do not stand at the beginning of a line, or not alone on it"
	}
	if role == RoleKey {
		return form, `sed 's/^[ \t]*//' ` + ShellQuote(file.Path) + " > " + ShellQuote(output) + " && chmod 600 " + ShellQuote(output), value
	}
	return form, j.set.Program + " cert show --pem " + ShellQuote(file.Path) + " > " + ShellQuote(output), value
}

// judgeAccess looks at who may read the key, and whether the server's user may read both.
func (j *fileJudge) judgeAccess(pair FilePair) {
	key := pair.Key
	if !key.Given() {
		key = pair.Cert
	}
	const group, others = 0o070, 0o007
	mode := key.Access.Mode.Perm()
	if key.Access.Known && key.Err == nil && holdsKey(key) && mode&(group|others) != 0 {
		f := Finding{
			Code: CodeKeyExposed, Severity: SeverityWarn, Scope: key.scope(), Evidence: append(key.facts(), Fact{"access", key.Access.String()}),
			Message: "everybody on this computer may read the private key " + key.name() + " (" + key.Access.String() + ")",
			Cause:   "whoever has the key can pose as its owner",
			Fixes:   []Fix{j.shell(fmt.Sprintf("chmod %o %s", mode&0o700, ShellQuote(key.Path)), "")},
		}
		if mode&others == 0 {
			f.Severity = SeverityInfo
			f.Message = "the group of the private key " + key.name() + " may read it too (" + key.Access.String() + ")"
			f.Cause = "that is right when the group is the server's alone"
		}
		j.add(f)
	}
	for _, file := range []LocalFile{pair.Cert, pair.Key} {
		j.judgeDenied(file)
	}
}

// holdsKey reports whether there is a private key in a file.
func holdsKey(file LocalFile) bool {
	held, err := source{path: file.Path, role: RoleKey}.open(file.Data)
	return err == nil && len(held.keys) > 0 || isPKCS12(file.Data)
}

// judgeDenied says which user of the server may not read a file.
func (j *fileJudge) judgeDenied(file LocalFile) {
	if !file.Given() || j.set.Reader == ReaderAny || file.Err != nil && !isDenied(file.Err) {
		return
	}
	for _, denial := range file.Access.Denied {
		f := Finding{
			Code: CodeFileDenied, Severity: SeverityInfo, Scope: file.scope(), Evidence: append(file.facts(), Fact{"access", file.Access.String()}),
			Message: fmt.Sprintf("the user %s may not read %s: %s%s", printable(denial.User), file.name(), denial.Reason, file.Setting.at()),
			Cause:   "if the server runs as that user, it does not start",
			Fixes:   []Fix{j.shell("chown "+denial.User+" "+ShellQuote(file.Path), "and let that user into the folders above it")},
		}
		if denial.Sure {
			f.Severity = SeverityWarn
			f.Cause = "the configuration file is that user's, so the server most probably runs as it, and does not start"
		}
		j.add(f)
	}
}
