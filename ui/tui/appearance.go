package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/theme"
	"redan/ui/tui/kit"
)

// appearance is what the colours hang on.
type appearance struct {
	theme    string
	colors   map[string]string
	plain    bool // no colours: NO_COLOR, or a terminal that has none
	dark     bool
	answered bool // the terminal tells its background: it is worth asking again
	rest     rest
}

func newAppearance(c Config) appearance {
	return appearance{theme: c.Theme, colors: c.Colors, plain: !c.Look.Theme.Color(), dark: darkByEnvironment(c.Environ)}
}

// darkByEnvironment is what the background is taken for until the terminal tells. Some put it into COLORFGBG, as one of the first sixteen
// colours behind the last semicolon.
func darkByEnvironment(environ []string) bool {
	const name = "COLORFGBG="
	i := slices.IndexFunc(environ, func(s string) bool { return strings.HasPrefix(s, name) })
	if i < 0 {
		return true
	}
	value := environ[i]
	color, err := strconv.Atoi(value[strings.LastIndexAny(value, ";=")+1:])
	return err != nil || color < 7 || color == 8
}

// make returns the theme. It is of use even with an error, which tells what is wrong with the user's choice.
func (a appearance) make() (theme.Theme, error) {
	if a.plain {
		return theme.Named(theme.Mono, a.dark, nil)
	}
	return theme.Named(a.theme, a.dark, a.colors)
}

// name is the theme on screen.
func (a appearance) name() string {
	switch {
	case a.plain:
		return theme.Mono
	case a.theme == "":
		return theme.Auto
	}
	return a.theme
}

// dress draws everything in the theme from now on, also what is not on screen.
func (m model) dress() (model, tea.Cmd) {
	m.look.Theme, _ = m.style.make() // what is wrong was told when it was chosen
	restyle := kit.Restyle{Look: m.look}
	aside := map[int]parked{}
	for db, p := range m.panes.parked {
		p.keys, _ = p.keys.Update(restyle)
		p.viewer, _ = p.viewer.Update(restyle)
		aside[db] = p
	}
	m.panes.parked = aside
	others := slices.Clone(m.away)
	for i, a := range others {
		others[i].panes.keys, _ = a.panes.keys.Update(restyle)
		others[i].panes.viewer, _ = a.panes.viewer.Update(restyle)
	}
	m.away = others
	return m.named().tell(restyle)
}

// background takes in whether the terminal is dark.
func (m model) background(dark bool) (model, tea.Cmd) {
	changed := m.style.dark != dark
	m.style.dark, m.style.answered, m.style.rest = dark, true, rest{}
	if !changed {
		return m, nil
	}
	return m.dress()
}

// askBackground asks again: it may have changed while nobody looked. A terminal that did not answer once is left alone.
func (m model) askBackground() tea.Cmd {
	if !m.style.answered {
		return nil
	}
	return tea.RequestBackgroundColor
}

// wear changes the theme until the program ends.
func (m model) wear(name string) (model, tea.Cmd) {
	m.style.theme = name
	return m.dress()
}

// colourless says why there is no theme to choose.
const colourless = "there are no colours to choose from: NO_COLOR is set, or the terminal has none"

// chooseTheme is the verb: a theme by its name, or the list of them.
func (m model) chooseTheme(args []string) (model, tea.Cmd) {
	switch {
	case m.style.plain:
		return m.say(kit.Warn, colourless)
	case len(args) == 0:
		return m.push(newThemes(m)), nil
	}
	if _, err := theme.Named(args[0], m.style.dark, nil); err != nil {
		return m.say(kit.Warn, err.Error())
	}
	m, cmd := m.wear(args[0])
	m, said := m.say(kit.Good, "theme "+args[0])
	return m, tea.Batch(cmd, said)
}

// themeItems are the themes to choose from.
func (m model) themeItems() []item {
	if m.style.plain {
		return nil
	}
	var items []item
	for _, t := range theme.List() {
		about := t.About
		if t.Name == m.style.name() {
			about += "   now"
		}
		items = append(items, item{
			group: "theme", title: t.Name, detail: about,
			run: func(m model) (model, tea.Cmd) { return m.chooseTheme([]string{t.Name}) },
		})
	}
	return items
}

// newThemes lists the themes, and shows each as the cursor comes to it.
func newThemes(m model) chooser {
	before := m.style.theme
	c := newChooser(m, "Theme", m.themeItems())
	c.list.Cursor = max(0, slices.Index(theme.Names(), m.style.name()))
	c.preview = func(m model, i item) (model, tea.Cmd) { return m.wear(i.title) }
	c.undo = func(m model) (model, tea.Cmd) { return m.wear(before) }
	return c
}

// rest is what may still come of an answer about the background that arrived in pieces: Bubble Tea takes the first for an unknown
// sequence, and what follows for keys that nobody pressed.
type rest struct {
	keys  int // how many at most
	until time.Time
}

// The longest answer is "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", and its pieces are not far from each other.
const (
	restKeys = 24
	restFor  = time.Second
)

// restOf returns what may follow a message that is the beginning of an answer.
func restOf(msg tea.Msg, now time.Time) rest {
	text, ok := msg.(fmt.Stringer) // the type is not exported by Bubble Tea; its text is quoted
	if !ok || !strings.HasPrefix(text.String(), `"\x1b]1`) {
		return rest{}
	}
	return rest{keys: restKeys, until: now.Add(restFor)}
}

// swallow reports whether a key is a part of an answer and not pressed.
func (r rest) swallow(msg tea.KeyPressMsg, now time.Time) (rest, bool) {
	if r.keys == 0 || now.After(r.until) {
		return rest{}, false
	}
	switch key := msg.String(); {
	case key == `alt+\`, key == `\`, key == "ctrl+g": // the end of it
		return rest{}, true
	case len(key) == 1 && strings.IndexByte("0123456789abcdefABCDEF/rg:;", key[0]) >= 0:
		r.keys--
		return r, true
	}
	return rest{}, false
}
