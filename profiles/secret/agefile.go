package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"

	"redan/conn"
)

// workFactorMost bounds what a file may cost to open: 2^22 takes some ten seconds, and more than that is no file of a person's own.
const workFactorMost = 22

// Encrypt makes a file for an age: reference, readable by the age program too: armoured text that passphrase opens.
func (s Sources) Encrypt(secret, passphrase conn.Secret) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	if s.WorkFactor != 0 {
		recipient.SetWorkFactor(s.WorkFactor)
	}
	var file bytes.Buffer
	armoured := armor.NewWriter(&file)
	w, err := age.Encrypt(armoured, recipient)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(w, secret.Reveal()+"\n")
	if err = errors.Join(err, w.Close(), armoured.Close()); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// decrypt opens a file encrypted by age. The passphrase, where one is needed, is asked for.
func (s Sources) decrypt(ctx context.Context, r Reference, subject string) (Resolved, error) {
	text, _, err := s.ReadFile(s.path(r.Name))
	if err != nil {
		return Resolved{}, err
	}
	identities, err := s.identities(ctx, r, subject)
	if err != nil {
		return Resolved{}, err
	}
	plain, err := age.Decrypt(unarmoured(text), identities...)
	if err != nil {
		return Resolved{}, &Error{Reference: r, Err: ageFailure(err), Fix: fixAge(r)}
	}
	secret, err := io.ReadAll(io.LimitReader(plain, most))
	if err != nil {
		return Resolved{}, fmt.Errorf("the file is damaged: %w", err)
	}
	line, err := s.secretIn(string(secret))
	if err != nil {
		return Resolved{}, err
	}
	return Resolved{Secret: conn.NewSecret(line)}, nil
}

func unarmoured(text []byte) io.Reader {
	if trimmed := bytes.TrimSpace(text); bytes.HasPrefix(trimmed, []byte(armor.Header)) {
		return armor.NewReader(bytes.NewReader(trimmed))
	}
	return bytes.NewReader(text)
}

func (s Sources) identities(ctx context.Context, r Reference, subject string) ([]age.Identity, error) {
	if r.Identity == "" {
		asked, err := s.ask(ctx, "passphrase of "+r.Name+", for the "+subject)
		if err != nil {
			return nil, err
		}
		identity, err := age.NewScryptIdentity(asked.Secret.Reveal())
		if err != nil {
			return nil, err
		}
		identity.SetMaxWorkFactor(workFactorMost)
		return []age.Identity{identity}, nil
	}
	path := s.path(r.Identity)
	text, info, err := s.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := checkMode(r, path, info); err != nil {
		return nil, err
	}
	identities, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, errors.New("the identity file holds no age identity")
	}
	return identities, nil
}

// ageFailure is why a file was not opened, in words that say nothing of what is in it.
func ageFailure(err error) error {
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return errors.New("the file does not open with this")
	}
	return fmt.Errorf("the file cannot be opened: %w", err)
}

func fixAge(r Reference) string {
	if r.Identity != "" {
		return "it was encrypted for another identity, or by a passphrase"
	}
	return "the passphrase is wrong, or the file was encrypted for an identity: age:PATH#IDENTITY"
}
