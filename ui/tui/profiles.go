package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"redan/conn"
	"redan/ui/tui/kit"
)

// Profile is a saved server, as welcome and palette offer it.
type Profile struct {
	Name string
	// Detail is told beside the name: the address, what it is for.
	Detail string
	// Production and ReadOnly are as in [Config]; Delimiter too, empty for the usual one.
	Production, ReadOnly bool
	Delimiter            string
	// Open returns what leads to the server. It may take as long as a keyring asks, and is called when the profile was chosen.
	Open func(ctx context.Context) (conn.Options, error)
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
		options conn.Options
		err     error
	}
)

// listProfiles reads the saved profiles.
func listProfiles(ctx context.Context, how func(context.Context) ([]Profile, error)) tea.Cmd {
	if how == nil {
		return nil
	}
	return kit.Task(ctx, func(ctx context.Context) profilesListed {
		list, err := how(ctx)
		return profilesListed{list: list, err: err}
	})
}

// openProfile finds out what a profile leads to.
func openProfile(ctx context.Context, p Profile, gen int) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) profileOpened {
		o, err := p.Open(ctx)
		return profileOpened{gen: gen, profile: p, options: o, err: err}
	})
}

func (m model) profilesListed(msg profilesListed) (model, tea.Cmd) {
	if msg.err != nil {
		return m.say(kit.Warn, "the saved profiles cannot be read: "+kit.Escape(oneLine(msg.err.Error())))
	}
	m.profiles = msg.list
	return m, nil
}

// chooseProfile goes to a saved server.
func (m model) chooseProfile(p Profile) (model, tea.Cmd) {
	m.link.gen++
	if m.link.server == nil {
		m.link.phase, m.link.since = connecting, m.now
	}
	return m, openProfile(m.ctx, p, m.link.gen)
}

func (m model) profileOpened(msg profileOpened) (model, tea.Cmd) {
	switch {
	case msg.gen != m.link.gen:
		return m, nil
	case msg.err != nil && m.link.server != nil:
		m, say := m.say(kit.Bad, "profile "+kit.Escape(msg.profile.Name)+": "+kit.Escape(oneLine(msg.err.Error())))
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
	m, cmd := m.goTo(msg.options)
	m.link.profile = &msg.profile
	return m, cmd
}

// adopt takes over what a profile says once its server answers. Another address than the profile's is no profile.
func (m model) adopt(p *Profile, o conn.Options) model {
	switch {
	case p != nil:
		m.config.Profile, m.config.Production, m.config.ReadOnly = p.Name, p.Production, p.ReadOnly
		m.config.Delimiter = p.Delimiter
	case m.link.server != nil && !sameServer(o, m.link.options):
		m.config.Profile, m.config.Production = "", false
	}
	return m
}

// profileItems are the saved servers, to choose from.
func (m model) profileItems() []item {
	items := make([]item, len(m.profiles))
	for i, p := range m.profiles {
		detail := kit.Escape(p.Detail)
		if p.Production {
			detail += "   PRODUCTION"
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
