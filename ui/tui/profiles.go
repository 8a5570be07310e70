package tui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/profiles"
	"redan/ui/tui/kit"
)

// Profiles are the saved servers and what can be done to them. Its methods do I/O; they are called by tasks.
type Profiles interface {
	// List returns all profiles, broken ones with their fault.
	List(ctx context.Context) ([]Profile, error)
	// Open resolves the secrets of a profile, and returns what leads to its server. It may take as long as a keyring asks. A secret that
	// only the person knows is looked for in answers, by its question; the error is [*QuestionError] when it is not there.
	Open(ctx context.Context, name string, answers map[string]conn.Secret) (Way, error)
	// Used notes that a profile was used now.
	Used(ctx context.Context, name string) error
	// Save changes a profile, or makes one when from is empty; another name renames it.
	Save(ctx context.Context, from, name string, changes []profiles.Change) error
	Copy(ctx context.Context, from, to string) error
	Remove(ctx context.Context, name string) error
}

// QuestionError is a secret that must be asked of the person: "password of orders-prod".
type QuestionError struct{ Question string }

// Error implements error.
func (e *QuestionError) Error() string { return "the " + e.Question + " must be typed" }

// Profile is a saved server.
type Profile struct {
	Name string
	// Saved is what the profile says; with a Fault, as much of it as can be told.
	Saved profiles.Profile
	// Fault says why the profile cannot be used; nil when it can.
	Fault error
	// Used is when it was used last; zero for never.
	Used time.Time
}

// address is where the server is, without secrets.
func (p Profile) address() string {
	c, err := p.Saved.Connection()
	if err != nil {
		return ""
	}
	return c.Options.Addr().String()
}

// secured reports whether TLS is spoken.
func (p Profile) secured() bool {
	c, err := p.Saved.Connection()
	return err == nil && c.Options.TLS != nil
}

type (
	profilesListed struct {
		kit.Sealed
		list []Profile
		err  error
	}
	profileOpened struct {
		kit.Sealed
		gen     int
		profile Profile
		way     Way
		answers map[string]conn.Secret
		err     error
	}
	// profileChanged tells that profiles were written: what was done, in words, and to which it was.
	profileChanged struct {
		kit.Sealed
		form       bool // from the form on screen
		name, done string
		err        error
	}
	profileNoted struct {
		kit.Sealed
		err error
	}
)

// listProfiles reads the saved profiles.
func listProfiles(ctx context.Context, from Profiles) tea.Cmd {
	if from == nil {
		return nil
	}
	return kit.Task(ctx, func(ctx context.Context) profilesListed {
		list, err := from.List(ctx)
		return profilesListed{list: list, err: err}
	})
}

// openProfile finds out what a profile leads to.
func openProfile(ctx context.Context, from Profiles, p Profile, answers map[string]conn.Secret, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) profileOpened {
		way, err := from.Open(ctx, p.Name, answers)
		return profileOpened{gen: gen, profile: p, way: way, answers: answers, err: err}
	})
}

// changeProfiles writes profiles.
func changeProfiles(ctx context.Context, result profileChanged, work func(context.Context) error) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) profileChanged {
		result.err = work(ctx)
		return result
	})
}

func (m model) profilesListed(msg profilesListed) (model, tea.Cmd) {
	if msg.err != nil {
		return m.say(kit.Warn, "the saved profiles cannot be read: "+kit.Escape(oneLine(msg.err.Error())))
	}
	m.profiles = msg.list
	for i, o := range m.over {
		if c, ok := o.(colon); ok {
			c.profiles = m.profileNames()
			m.over = append([]overlay(nil), m.over...)
			m.over[i] = c
		}
	}
	return m, nil
}

// chooseProfile goes to a saved server.
func (m model) chooseProfile(p Profile) (model, tea.Cmd) {
	if p.Fault != nil {
		return m.say(kit.Bad, "profile "+kit.Escape(p.Name)+": "+kit.Escape(oneLine(faultText(p))))
	}
	if p.Name == m.config.Profile && m.link.server != nil {
		return m.show(keysView)
	}
	m, cmd, ok := m.comeBack(p)
	if ok {
		return m, cmd
	}
	m, open := m.openAnswered(p, nil)
	return m, tea.Batch(cmd, open)
}

// openAnswered goes to a saved server with what was answered so far.
func (m model) openAnswered(p Profile, answers map[string]conn.Secret) (model, tea.Cmd) {
	m.link.gen++
	m.link.picking = false
	if m.link.server == nil {
		m.link.phase, m.link.since = connecting, m.now
	}
	return m, openProfile(m.ctx, m.config.Profiles, p, answers, m.link.gen)
}

func (m model) profileOpened(msg profileOpened) (model, tea.Cmd) {
	question, asked := errors.AsType[*QuestionError](msg.err)
	switch {
	case msg.gen != m.link.gen:
		return m, msg.way.end()
	case asked:
		if m.link.server == nil {
			m.link.phase, m.link.cause, m.link.fix, m.link.refused = homeless, "the "+kit.Escape(question.Question)+" was not typed", "", true
		}
		p := msg.profile
		return m.askSecret(question.Question, msg.answers, func(m model, answers map[string]conn.Secret) (model, tea.Cmd) {
			return m.openAnswered(p, answers)
		}), nil
	case msg.err != nil && m.link.server != nil:
		m, say := m.say(kit.Bad, "profile "+kit.Escape(msg.profile.Name)+": "+kit.Escape(oneLine(inFolder(msg.profile, msg.err.Error()))))
		if m.link.phase != lost {
			return m, say
		}
		m, retry := m.retrySoon() // what was tried before was given up for this
		return m, tea.Batch(say, retry)
	case msg.err != nil:
		m.link = m.link.because(msg.err)
		m.link.phase, m.link.since, m.link.refused = homeless, m.now, true
		return m, nil
	}
	m, cmd := m.goTo(msg.way)
	m.link.profile = &msg.profile
	return m, cmd
}

// noteUse remembers that a profile was used now.
func (m model) noteUse(p *Profile) tea.Cmd {
	if p == nil || m.config.Profiles == nil {
		return nil
	}
	from, name := m.config.Profiles, p.Name
	note := kit.Task(m.ctx, func(ctx context.Context) profileNoted { return profileNoted{err: from.Used(ctx, name)} })
	return note
}

// profileNoted takes in that the use of a profile was noted: the order of the list is another now.
func (m model) profileNoted(msg profileNoted) (model, tea.Cmd) {
	if msg.err != nil {
		return m.say(kit.Warn, "which profiles were used is not kept: "+kit.Escape(oneLine(msg.err.Error())))
	}
	return m, listProfiles(m.ctx, m.config.Profiles)
}

// profileNames are the names of the profiles, those used lately first.
func (m model) profileNames() []string {
	list := byUse(m.profiles)
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return names
}

// profileNamed is ":profile NAME".
func (m model) profileNamed(args []string) (model, tea.Cmd) {
	if len(args) == 0 {
		return m.openPicker()
	}
	for _, p := range m.profiles {
		if p.Name == args[0] {
			return m.chooseProfile(p)
		}
	}
	return m.say(kit.Warn, m.noProfile(args[0]))
}

// noProfile says that there is no profile of a name, and which was probably meant.
func (m model) noProfile(name string) string {
	text := "there is no profile " + kit.Escape(name)
	for _, p := range byUse(m.profiles) {
		if _, near := kit.Fuzzy(name, p.Name); near || strings.EqualFold(name, p.Name) {
			return text + "; did you mean " + p.Name + "?"
		}
	}
	return text + "; :profiles shows all"
}

// profileItems are the saved servers, to choose from.
func (m model) profileItems() []item {
	list := byUse(m.profiles)
	items := make([]item, len(list))
	for i, p := range list {
		detail := kit.Escape(p.address())
		if p.Saved.Environment.IsProduction() {
			detail += "   PRODUCTION"
		}
		if p.Fault != nil {
			detail = "broken: " + kit.Escape(oneLine(p.Fault.Error()))
		}
		if p.Name == m.config.Profile {
			detail += "   here"
		}
		items[i] = item{
			id: "profile " + p.Name, group: "profile", title: p.Name, detail: detail,
			run: func(m model) (model, tea.Cmd) { return m.chooseProfile(p) },
		}
	}
	return items
}

// profileChanged takes in that profiles were written.
func (m model) profileChanged(msg profileChanged) (model, tea.Cmd) {
	if msg.err != nil {
		if msg.form {
			return m.formRefused(msg.err), nil
		}
		return m.say(kit.Bad, kit.Escape(oneLine(msg.err.Error())))
	}
	if msg.form {
		m = m.formSaved()
	}
	m = m.pickedName(msg.name)
	m, say := m.say(kit.Good, msg.done)
	return m, tea.Batch(say, listProfiles(m.ctx, m.config.Profiles))
}
