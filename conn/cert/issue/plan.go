package issue

import (
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Plan is a set of certificates that is wanted: a CA, nodes and clients.
type Plan struct {
	Now     time.Time
	Nodes   []Names // the files of a node are named after its first name
	Clients []string
	Days    int // of nodes and clients
	CADays  int
	RSABits int // of all keys made; 0 is ECDSA P-256

	CA           *Authority // issues instead of a new root, when not nil
	Intermediate bool       // makes a CA below the root, which then issues
	PKCS12       *string    // the passphrase of PKCS#12 files that are wanted too; nil for none
}

// Set is what came of a [Plan]. Nothing of it is written yet.
type Set struct {
	CA             *Authority // which issued the certificates
	CAFile         string     // the root, for everybody who verifies
	CAKeyFile      string     // of CA; empty when it is not of this set
	CACertFile     string     // of CA, with its chain and root, to issue more; empty like CAKeyFile
	Nodes, Clients []Made
	Files          []File
}

// Make makes the keys and certificates of the plan.
func (p Plan) Make() (Set, error) {
	if err := p.check(); err != nil {
		return Set{}, err
	}
	s := Set{CAFile: rootFile + ".crt"}
	if err := s.makeCA(p); err != nil {
		return Set{}, err
	}
	wanted := Request{Life: Life{Now: p.Now, Days: p.Days}, RSABits: p.RSABits, PKCS12: p.PKCS12}
	for _, names := range p.Nodes {
		wanted.Role, wanted.Name, wanted.Names = RoleNode, names.First, names
		made, err := s.CA.Issue(wanted)
		if err != nil {
			return Set{}, err
		}
		s.Nodes, s.Files = append(s.Nodes, made), append(s.Files, made.Files...)
	}
	for _, name := range p.Clients {
		wanted.Role, wanted.Name, wanted.Names = RoleClient, name, Names{}
		made, err := s.CA.Issue(wanted)
		if err != nil {
			return Set{}, err
		}
		s.Clients, s.Files = append(s.Clients, made), append(s.Files, made.Files...)
	}
	return s, nil
}

// check refuses what could not be made, or could not be written side by side, before a key is made.
func (p Plan) check() error {
	if err := CheckRSA(p.RSABits); err != nil {
		return err
	}
	taken := []string{rootFile, intermediateFile}
	take := func(name string) error {
		switch key := strings.ToLower(FileName(name)); {
		case slices.Contains(taken[:2], key):
			return refuse("the name '"+name+"' is taken by the files of the CA", "choose another")
		case slices.Contains(taken, key):
			return refuse("the name '"+name+"' is given twice, and so would its files be", "give each node and each client a name of its own")
		default:
			taken = append(taken, key)
			return nil
		}
	}
	for _, names := range p.Nodes {
		if err := take(names.First); err != nil {
			return err
		}
	}
	for _, name := range p.Clients {
		if err := CheckClient(name); err != nil {
			return err
		}
		if err := take(name); err != nil {
			return err
		}
	}
	return nil
}

// makeCA makes, or takes over, the CA, and its files.
func (s *Set) makeCA(p Plan) error {
	life := Life{Now: p.Now, Days: p.CADays}
	s.CA = p.CA
	if p.CA == nil {
		depth := 0
		if p.Intermediate {
			depth = 1
		}
		var err error
		if s.CA, err = NewRoot(life, p.RSABits, depth); err != nil {
			return err
		}
		if err := s.addCAKey(s.CA, rootFile); err != nil {
			return err
		}
	}
	if s.CA.Root == nil {
		return refuse("the root above the CA "+Subject(s.CA.Certificate)+" is not in its file, and Redis trusts nothing less",
			"put the root's certificate behind the CA's in one file: redan cert bundle --with-root CA.crt ROOT.crt --out FILE")
	}
	s.Files = append(s.Files, File{s.CAFile, EncodeCertificates(s.CA.Root), ModePrivate})
	if !p.Intermediate {
		return nil
	}
	var err error
	if s.CA, err = s.CA.Intermediate(life, p.RSABits); err != nil {
		return err
	}
	s.CACertFile = intermediateFile + ".crt"
	s.Files = append(s.Files, File{s.CACertFile, EncodeCertificates(s.CA.above()...), ModePrivate})
	return s.addCAKey(s.CA, intermediateFile)
}

func (s *Set) addCAKey(a *Authority, name string) error {
	key, err := encodeKey(a.key)
	if err != nil {
		return err
	}
	s.CACertFile, s.CAKeyFile = name+".crt", name+".key"
	s.Files = append(s.Files, File{s.CAKeyFile, key, ModePrivate})
	return nil
}

// FirstEnd returns when the first of the certificates ends.
func FirstEnd(made []Made) time.Time {
	var first *x509.Certificate
	for _, m := range made {
		if first == nil || m.Certificate.NotAfter.Before(first.NotAfter) {
			first = m.Certificate
		}
	}
	if first == nil {
		return time.Time{}
	}
	return first.NotAfter
}

// RenewBy returns the day from which on a certificate should be renewed: a month before its end, and of a short life when a third of it
// is left.
func RenewBy(now, end time.Time) time.Time {
	const month = 30 * 24 * time.Hour
	return end.Add(-min(month, end.Sub(now)/3))
}
