package conn

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"redan/conn/cert"
)

// Bounds of the look at what lies beside the files of an invocation: it is made after a failure, and must not become one.
const (
	maxNearbyFiles = 200
	maxNearbySize  = 64 << 10 // bytes
)

// nearbyFiles returns the certificates and keys that lie beside the files that o names, and in the working directory, so that a fix
// can name the file that really fits. Encrypted keys are passed over: nobody is asked for a passphrase by the way. So are directories that
// everybody may write to, such as /tmp: a CA certificate that lies there may have been laid there, to be recommended.
func (o TLSOptions) nearbyFiles() []cert.NearbyFile {
	var found []cert.NearbyFile
	left := maxNearbyFiles
	for _, dir := range o.nearbyDirs() {
		entries, err := os.ReadDir(dir)
		if err != nil || isEverybodys(dir) {
			continue
		}
		for _, entry := range entries {
			info, err := entry.Info()
			if err != nil || !info.Mode().IsRegular() || info.Size() > maxNearbySize || left == 0 {
				continue
			}
			left--
			if file, ok := readNearby(filepath.Join(dir, entry.Name())); ok {
				found = append(found, file)
			}
		}
	}
	return found
}

// isEverybodys reports whether all users of this host may put files into dir. On Windows the mode does not tell.
func isEverybodys(dir string) bool {
	const writable = 0o002
	info, err := os.Stat(dir)
	return err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&writable != 0
}

// nearbyDirs are the directories of the files that o names, each once, and the working directory.
func (o TLSOptions) nearbyDirs() []string {
	var dirs []string
	for _, path := range slices.Concat(o.CAFiles, []string{o.CertFile, o.KeyFile}) {
		if path != "" {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	dirs = append(append(dirs, o.CADirs...), ".")
	var once []string
	for _, dir := range dirs {
		if !slices.Contains(once, dir) {
			once = append(once, dir)
		}
	}
	return once
}

func readNearby(path string) (cert.NearbyFile, bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return cert.NearbyFile{}, false
	}
	return cert.ReadNearby(path, data)
}

// certificatesIn returns the certificates in the file at path, which counts from dir, if it holds any.
func certificatesIn(dir, path string) []*x509.Certificate {
	if path != "" && !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if !filepath.IsAbs(path) {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxNearbySize {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	bundle, err := cert.LoadCertificates(path, data, nil)
	if err != nil {
		return nil
	}
	return bundle.Certificates
}
