package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"redan/conn"
	"redan/conn/cert"
	"redan/profiles"
	"redan/profiles/secret"
)

// form asks for a profile, one thing after the other. Nothing is made before the last answer, so that Ctrl-C leaves nothing behind.
func (r *profileRun) form(ctx context.Context) error {
	q := &questions{run: r}
	_, _ = io.WriteString(r.sys.Stderr, "A new profile. Enter takes what stands in [brackets], Ctrl-C leaves nothing behind.\n")
	name := q.ask("Name", "", r.vacant)
	q.server()
	q.security()
	want, known := q.secret(ctx, name)
	q.character(r)
	if q.err != nil {
		return q.err
	}
	secrets := []placing{}
	if want != "" {
		p, err := r.place(ctx, name, passwordKey(), want, known)
		if err != nil {
			return err
		}
		secrets = append(secrets, p)
	}
	return r.create(ctx, name, q.changes, secrets)
}

// questions collects answers. After an error it asks nothing more.
type questions struct {
	run     *profileRun
	changes []profiles.Change
	secure  bool // TLS is wanted
	user    string
	err     error
}

func (q *questions) set(value any, path ...string) {
	q.changes = append(q.changes, profiles.Set(value, path...))
}

// errFormLeft is standard input that ended among the questions.
var errFormLeft = errors.New("no profile is made")

// ask asks until check has nothing against the answer.
func (q *questions) ask(question, otherwise string, check func(string) error) string {
	for q.err == nil {
		prompt := question + ": "
		if otherwise != "" {
			prompt = question + " [" + otherwise + "]: "
		}
		_, _ = io.WriteString(q.run.sys.Stderr, prompt)
		line, err := q.run.stdin.ReadString('\n')
		if err != nil {
			q.err = errFormLeft
			return ""
		}
		answer := strings.TrimSpace(line)
		if answer == "" {
			answer = otherwise
		}
		wrong := check(answer)
		if wrong == nil {
			return answer
		}
		_, _ = io.WriteString(q.run.sys.Stderr, "  "+printable(wrong.Error())+"\n")
	}
	return ""
}

// isSure asks for yes or no.
func (q *questions) isSure(question string, otherwise bool) bool {
	word := "n"
	if otherwise {
		word = "y"
	}
	answer := q.ask(question+" (y/n)", word, func(text string) error {
		switch strings.ToLower(text) {
		case "y", "yes", "n", "no":
			return nil
		}
		return errors.New("y or n")
	})
	return strings.HasPrefix(strings.ToLower(answer), "y")
}

func anything(string) error { return nil }

// server asks where the server is, and as whom to go there.
func (q *questions) server() {
	var o conn.Options
	address := q.ask("Address: HOST, HOST:PORT or a URI", "127.0.0.1:6379", func(text string) error {
		o = conn.DefaultOptions()
		if strings.Contains(text, "://") {
			if err := o.ApplyURI(text); err != nil {
				return err
			}
			if o.Password.Reveal() != "" {
				return errors.New("the URI has a password in it; leave it out, it is asked for in a moment")
			}
			return nil
		}
		host, port, err := splitTarget(text, o.Port)
		o.Host, o.Port = host, port
		return err
	})
	if address == "" {
		return
	}
	if o.Socket != "" {
		q.set(o.Socket, "socket")
	} else {
		q.set(o.Host, "host")
		q.set(o.Port, "port")
	}
	q.secure = o.TLS != nil
	q.user = q.ask("User (empty: default)", o.User, anything)
	if q.user != "" {
		q.set(q.user, "user")
	}
	db := o.DB
	q.ask("Database", strconv.Itoa(o.DB), func(text string) (err error) {
		db, err = parseDB(text)
		return err
	})
	if db != 0 {
		q.set(db, "db")
	}
}

// security asks about TLS.
func (q *questions) security() {
	if !q.secure {
		q.secure = q.isSure("TLS", false)
	}
	if !q.secure {
		return
	}
	q.set(true, "tls", "enabled")
	loader := cert.Loader{ReadFile: q.run.sys.ReadFile}
	file := func(question, key string) string {
		path := q.ask(question, "", func(text string) error {
			path, err := q.run.typedPath(text)
			if err != nil || text == "" {
				return err
			}
			_, err = loader.Content(path)
			return err
		})
		if path == "" {
			return ""
		}
		path, err := q.run.typedPath(path)
		if err != nil {
			q.err = err
			return ""
		}
		if key == "ca" {
			q.set([]string{path}, "tls", key)
		} else {
			q.set(path, "tls", key)
		}
		return path
	}
	file("File of the CA (empty: the system's)", "ca")
	if file("File of a client certificate (empty: none)", "cert") != "" {
		file("File of its key (empty: in the same file)", "key")
	}
	if name := q.ask("Name in the server's certificate (empty: the host)", "", anything); name != "" {
		q.set(name, "tls", "server_name")
	}
}

// typedPath is a path as a person types it, where no shell has expanded ~.
func (r *profileRun) typedPath(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, _ := r.sys.Getenv("HOME"); home != "" {
			path = home + "/" + rest
		}
	}
	return absolute(path)
}

// secret asks where the password is to be, and for it where it is for us to keep.
func (q *questions) secret(ctx context.Context, name string) (want string, known conn.Secret) {
	if q.err != nil {
		return "", known
	}
	otherwise := string(secret.Keyring)
	_, err := q.run.secretSources().Resolve(ctx, secret.Reference{Kind: secret.Keyring, Name: name}, "")
	noKeyring := err != nil && !errors.Is(err, secret.ErrNotInKeyring)
	if noKeyring {
		otherwise = string(secret.Prompt)
		_, _ = io.WriteString(q.run.sys.Stderr, "  (no keyring answers here)\n")
	}
	if q.user == "" {
		otherwise = "none"
	}
	places := []string{"none", string(secret.Keyring), string(secret.Age), string(secret.Prompt)}
	want = q.ask("Password: none, keyring, prompt, age, env:NAME, file:PATH, command:PROGRAM", otherwise, func(text string) error {
		reference, err := secret.Parse(text)
		switch {
		case slices.Contains(places, text):
			if text == string(secret.Keyring) && noKeyring {
				return secret.ErrNoKeyring
			}
			return nil
		case err != nil:
			return err
		case reference.Clear():
			return errors.New("that is no place for a password; the password itself is asked for in a moment")
		}
		return nil
	})
	switch {
	case want == "none" || q.err != nil:
		return "", known
	case want == string(secret.Keyring):
		text, err := q.run.sys.ReadPassword("Password: ")
		if err != nil {
			q.err = err
			return "", known
		}
		known = conn.NewSecret(text)
	}
	return want, known
}

// character asks what the server is for.
func (q *questions) character(r *profileRun) {
	environment := q.ask("Environment: production, staging ... (empty: none)", "", func(text string) error {
		e := profiles.Environment(text)
		return e.Check()
	})
	if environment != "" {
		q.set(environment, "environment")
	}
	if profiles.Environment(environment).IsProduction() && q.isSure("Read-only", true) {
		q.set(true, "read_only")
	}
	question := "Group (empty: none)"
	if groups := r.groups(); len(groups) > 0 {
		question = "Group: " + strings.Join(groups, ", ") + " ... (empty: none)"
	}
	if group := q.ask(question, "", anything); group != "" {
		q.set(group, "group")
	}
}

// groups are those that there are.
func (r *profileRun) groups() []string {
	const most = 6
	entries, err := r.store.List()
	if err != nil {
		return nil
	}
	var groups []string
	for _, e := range entries {
		if g := e.Profile.Group; g != "" && !slices.Contains(groups, g) && len(groups) < most {
			groups = append(groups, g)
		}
	}
	return groups
}
