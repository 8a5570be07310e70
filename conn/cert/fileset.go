package cert

import (
	"crypto/x509"
	"io/fs"
	"time"
)

// FileReader is the program that files are for. Programs differ in what they can read.
type FileReader string

// The readers of files.
const (
	ReaderAny      FileReader = ""         // not known: the files were given one by one
	ReaderRedis    FileReader = "redis"    // redis-server
	ReaderSentinel FileReader = "sentinel" // redis-sentinel
	ReaderStunnel  FileReader = "stunnel"
)

// FileUse is what a certificate is to be used for.
type FileUse string

// The uses of a certificate. UseAuto takes the certificate's own word for it.
const (
	UseAuto   FileUse = ""
	UseServer FileUse = "server"
	UseClient FileUse = "client"
	UseBoth   FileUse = "both" // a node of a cluster, a replica, a sentinel
)

// FileSet is what a server or a client would load: the settings that name files, and what those files hold now. [Loader.ReadFile] and
// [Loader.ReadDirFiles] fill in the files.
type FileSet struct {
	Title   string // how a report calls it: "redis.conf", "stunnel.conf [redis]", "server.crt"
	Program string // this program, for commands: "redan"
	Reader  FileReader
	Use     FileUse

	Own    FilePair // the certificate that is shown
	Client FilePair // of tls-client-cert-file: the one shown when the server is a client itself
	CAs    []LocalFile
	CADirs []LocalDir

	Hosts []string // names and addresses that the certificate must cover, because somebody asked
	Conf  Conf     // of a configuration file; the zero value otherwise

	Warn, Crit        Threshold
	DefaultThresholds bool // see [Expectation.DefaultThresholds]
}

// FilePair is a certificate and its key.
type FilePair struct {
	Cert, Key LocalFile // Path is empty for what is not given
	// Passphrase opens the key; nil when the reader has none.
	Passphrase Passphrase
}

// Setting is a value, and where it was given.
type Setting struct {
	Name  string // "tls-cert-file", "--cert"
	Value string // as it was given
	File  string // the configuration file; "" for an option of the command line, and for a default
	Line  int    // in File; 0 for a default
}

// Given reports whether somebody gave the value, and it is no default.
func (s Setting) Given() bool { return s.Line > 0 }

// LocalFile is a file that a setting names.
type LocalFile struct {
	Setting Setting
	Path    string // as it is opened from here, which is not how Setting has it when that is relative to another directory
	Data    []byte
	Err     error // why there is no Data
	Access  FileAccess
}

// Given reports whether there is such a file.
func (f LocalFile) Given() bool { return f.Path != "" }

// FileAccess is who may read a file.
type FileAccess struct {
	Known bool // the rest was found out
	Mode  fs.FileMode
	Owner string // "root", "user 1001"
	// Denied are the users the server may run as who may not read the file, and why: "redis: the file's mode does not allow it".
	Denied []Denial
}

// Denial is a user who may not read a file.
type Denial struct {
	User   string
	Reason string // continues "USER may not read it: "
	Sure   bool   // the server runs as this user, as far as can be told
}

// LocalDir is a directory of CA certificates.
type LocalDir struct {
	Setting Setting
	Path    string
	Err     error
	Files   []LocalFile // those that hold something
}

// Conf is what a configuration file says beside its files.
type Conf struct {
	Path string
	// Settings are by name: those of redis.conf with their defaults, or the options of a section of stunnel.conf in lower case.
	Settings map[string]Setting
	Hosts    []Setting // checkHost of stunnel
	Bind     []string  // addresses listened on, * and -:: left as they are
	Masters  []Master  // of sentinel monitor
	Bad      []BadLine
	DH       LocalFile // tls-dh-params-file

	ReplicaOf Setting // "10.0.0.11 6379"; not given on a master
	HasUsers  bool    // passwords or users are set up
	// ConfigCommand is the name of CONFIG: rename-command may have given it another. "" means that it was taken away.
	ConfigCommand string
	// OpenEnd says that the file does not end with a line break: what is appended to it must begin with one.
	OpenEnd bool
	// After is the line of the section's head in stunnel.conf, behind which an option can be put in.
	After Setting
}

// Master is a server that a sentinel watches.
type Master struct {
	Setting          Setting // of sentinel monitor
	Name, Host, Port string
}

// BadLine is a line that the server refuses to start with.
type BadLine struct {
	Setting Setting
	Detail  string // continues a sentence that begins with the name of the directive
	Meant   string // the directive that was probably meant, or ""
	Edit    string // the command of sed for the line that mends it, or ""
}

// JudgeFiles says what will happen when set is loaded, at now: every fault and not only the first, and for each the commands that mend it.
// Of the report's observation only the name of the target is set, which is the title of set. It is pure, but that set.Own.Passphrase and set.Client.Passphrase may ask for one.
func JudgeFiles(set FileSet, now time.Time) Report {
	j := &fileJudge{set: set, now: now, useServer: true}
	j.judgeLines()
	if set.Reader == ReaderRedis || set.Reader == ReaderSentinel {
		j.judgeSwitch()
	}
	j.own = j.loadPair(set.Own)
	if j.hasClientPair() {
		j.client = j.loadPair(set.Client)
	}
	j.settleUse()
	j.loadRoots()
	switch set.Reader {
	case ReaderRedis, ReaderSentinel:
		j.judgeRedis()
	case ReaderStunnel:
		j.judgeStunnel()
	default:
		j.judgeLoose()
	}
	return j.report()
}

// fileJudge is a judgement in progress.
type fileJudge struct {
	set         FileSet
	now         time.Time
	own, client loadedPair
	roots       Roots
	// useServer and useClient are what the own certificate is used for.
	useServer, useClient bool

	findings []Finding
	checks   []Check
	unknown  bool
	links    []Link
	// ceiling, when set, bounds the severity of what is found in files that are not loaded.
	ceiling Severity
}

// loadedPair is a certificate file and a key file, as far as they could be read.
type loadedPair struct {
	pair  FilePair
	certs []*x509.Certificate // what the reader would load, its own first; none when that fails
	all   []*x509.Certificate // what the file holds for a more patient reader
	whole bool                // certificate and key would be loaded
}

func (p loadedPair) leaf() *x509.Certificate {
	if len(p.certs) > 0 {
		return p.certs[0]
	}
	return nil
}
