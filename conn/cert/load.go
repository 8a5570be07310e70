package cert

import (
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// maxFileSize bounds what is read of one file, in bytes: a path may be a mistake, and the largest bundles have a few hundred kilobytes.
const maxFileSize = 8 << 20

var errTooLarge = errors.New("larger than any certificate file")

// Passphrase returns the passphrase of the encrypted file at path. It is asked only when a file turns out to need one. Its error means
// that none is to be had.
type Passphrase func(path string) ([]byte, error)

// ReadFile returns the content of a file, as [os.ReadFile] does.
type ReadFile func(path string) ([]byte, error)

// Loader reads certificate files. The zero value reads the real ones and has no passphrase.
type Loader struct {
	ReadFile   ReadFile                                 // nil means the real file, up to 8 MiB of it
	ReadDir    func(path string) ([]fs.DirEntry, error) // nil means [os.ReadDir]
	Stat       func(path string) (fs.FileInfo, error)   // nil means [os.Stat]
	Passphrase Passphrase                               // nil refuses encrypted files
}

// LoadRoots is [Loader.LoadRoots] with the real files and no passphrase.
func LoadRoots(from RootSources) (Roots, error) { return Loader{}.LoadRoots(from) }

// RootSources are where CA certificates come from. They all add up.
type RootSources struct {
	Files []string
	Dirs  []string
	Data  []byte // certificates given inline, in any format a file may have
}

// Root is a certificate trusted as issuer, and the file it comes from.
type Root struct {
	Certificate *x509.Certificate
	Path        string
}

// Roots are the certificates trusted as issuers. The zero value stands for the system's store, which the first verification loads and
// nothing before it.
type Roots struct {
	Pool  *x509.CertPool // nil means the system's store
	List  []Root         // what Pool holds, each certificate once
	Notes []string       // what was repaired or passed over in the files, for those who ask for details
}

// LoadRoots loads CA certificates. Of a directory it takes every regular file and every link to one that holds certificates, whatever
// its name, and passes over the others. Without any source it returns the zero value, the system's store. Errors are [*FileError].
func (l Loader) LoadRoots(from RootSources) (Roots, error) {
	var roots Roots
	for _, path := range from.Files {
		data, err := l.read(path, RoleCA)
		if err != nil {
			return Roots{}, err
		}
		bundle, err := LoadCertificates(path, data, l.Passphrase)
		if err != nil {
			return Roots{}, err
		}
		roots.add(bundle, path)
	}
	if len(from.Data) > 0 {
		const inline = "the CA certificate given inline"
		bundle, err := LoadCertificates(inline, from.Data, l.Passphrase)
		if err != nil {
			return Roots{}, err
		}
		roots.add(bundle, inline)
	}
	for _, dir := range from.Dirs {
		if err := l.addDir(&roots, dir); err != nil {
			return Roots{}, err
		}
	}
	return roots, nil
}

func (r *Roots) add(bundle Bundle, path string) {
	if r.Pool == nil {
		r.Pool = x509.NewCertPool()
	}
	r.Notes = append(r.Notes, bundle.Notes...)
	for _, c := range bundle.Certificates {
		if !r.contains(c) {
			r.Pool.AddCert(c)
			r.List = append(r.List, Root{Certificate: c, Path: path})
		}
	}
}

func (r Roots) contains(c *x509.Certificate) bool {
	for _, root := range r.List {
		if root.Certificate.Equal(c) {
			return true
		}
	}
	return false
}

func (l Loader) addDir(roots *Roots, dir string) error {
	entries, err := l.readDir(dir)
	if err != nil {
		return l.unreadableDir(dir, err)
	}
	found, denied := false, 0
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		// Stat follows the links that openssl rehash makes.
		if info, err := l.stat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		data, err := l.read(path, RoleCA)
		if errors.Is(err, fs.ErrPermission) {
			denied++
		}
		if err != nil {
			continue
		}
		// No passphrase: nobody expects to be asked for those of whatever else lies in the directory.
		bundle, err := LoadCertificates(path, data, nil)
		if err != nil {
			continue
		}
		roots.add(bundle, path)
		found = true
	}
	if found {
		return nil
	}
	e := &FileError{
		Code: CodeDirEmpty, Role: RoleCA, Path: dir, Detail: "holds no file with a certificate",
		Fix: "put the CA certificates there (*.crt, *.pem; no hash names needed), or name one file with --cacert",
	}
	if denied > 0 {
		e.Detail = "holds no certificate that you may read (files refused: " + strconv.Itoa(denied) + ")"
		e.Fix = "change the permissions of the files, or run as a user who may read them"
	}
	return e
}

func (l Loader) unreadableDir(dir string, err error) error {
	if info, statErr := l.stat(dir); statErr == nil && !info.IsDir() {
		return &FileError{
			Code: CodeFileUnreadable, Role: RoleCA, Path: dir, Detail: "is a file, not a directory", Fix: "use --cacert " + dir, Err: err,
		}
	}
	return unreadable(dir, RoleCA, l.owner(dir), err)
}

// read returns the content of a file, or a *FileError.
func (l Loader) read(path string, role Role) ([]byte, error) {
	readFile := l.ReadFile
	if readFile == nil {
		readFile = readBounded
	}
	data, err := readFile(path)
	if err != nil {
		return nil, unreadable(path, role, l.owner(path), err)
	}
	return data, nil
}

// owner says who owns a file and who may read it, or nothing when that is not known.
func (l Loader) owner(path string) string {
	info, err := l.stat(path)
	if err != nil {
		return ""
	}
	text := "mode " + info.Mode().String()
	if name := ownerName(info); name != "" {
		text = "owned by " + name + ", " + text
	}
	return text
}

func (l Loader) stat(path string) (fs.FileInfo, error) {
	if l.Stat != nil {
		return l.Stat(path)
	}
	return os.Stat(path)
}

func (l Loader) readDir(path string) ([]fs.DirEntry, error) {
	if l.ReadDir != nil {
		return l.ReadDir(path)
	}
	return os.ReadDir(path)
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	data, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err == nil && len(data) > maxFileSize {
		err = errTooLarge
	}
	return data, err
}
