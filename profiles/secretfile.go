package profiles

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"redan/profiles/safefile"
	"redan/profiles/secret"
)

// secretFile is the name of the encrypted file of one key of a profile. No profile's name has a ~ in it, so that none can be taken for
// another's.
func secretFile(name, key string) string {
	if key != "password" {
		name += "~" + key[strings.LastIndexByte(key, '.')+1:]
	}
	return name + ".age"
}

func (s Store) secretPath(name, key string) string {
	return filepath.Join(s.Folder(), secretFile(name, key))
}

// SecretFileReference is the reference to the file that [Store.PutSecretFile] makes.
func SecretFileReference(name, key string) Reference {
	return Reference(string(secret.Age) + ":" + secretFile(name, key))
}

// PutSecretFile makes a file beside a profile for an encrypted secret of one of its keys ("password", "tls.key_data"), and returns the
// reference to it. It refuses to replace one that is there.
func (s Store) PutSecretFile(ctx context.Context, name, key string, text []byte) (Reference, error) {
	path := s.secretPath(name, key)
	err := s.change(ctx, func() error {
		if s.files.Exists(path) {
			return fmt.Errorf("%s is there already: remove it, or give another place, such as age:PATH", path)
		}
		if err := safefile.MakeFolder(s.Folder()); err != nil {
			return err
		}
		return s.files.Replace(path, text)
	})
	return SecretFileReference(name, key), err
}

// ReplaceSecretFile puts another encrypted secret in the place of one that [Store.PutSecretFile] made. At every moment there is the old
// one or the new one.
func (s Store) ReplaceSecretFile(ctx context.Context, name, key string, text []byte) error {
	return s.change(ctx, func() error { return s.files.Replace(s.secretPath(name, key), text) })
}

// CopySecretFile gives another profile an encrypted secret, too, and returns the reference to it. It refuses to replace one that is there.
func (s Store) CopySecretFile(ctx context.Context, from, to, key string) (Reference, error) {
	text, err := s.files.Read(s.secretPath(from, key))
	if err != nil {
		return "", err
	}
	return s.PutSecretFile(ctx, to, key, text)
}

// RemoveSecretFile removes an encrypted secret of a profile that [Store.PutSecretFile] made.
func (s Store) RemoveSecretFile(ctx context.Context, name, key string) error {
	return s.change(ctx, func() error {
		path := s.secretPath(name, key)
		if !s.files.Exists(path) {
			return nil
		}
		return s.files.Remove(path)
	})
}

// HasOwnSecretFile reports whether a reference leads to the file that [Store.PutSecretFile] makes for the profile's key.
func (s Store) HasOwnSecretFile(name, key string, r Reference) bool {
	parsed, err := r.Parse()
	return err == nil && parsed.Kind == secret.Age && parsed.Identity == "" &&
		(parsed.Name == secretFile(name, key) || parsed.Name == s.secretPath(name, key))
}
