package tui

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// picker is the list of saved servers: what each leads to, and whether it can be used.
type picker struct {
	at        string // the profile under the cursor
	top       int
	line      kit.Line
	searching bool
}

// pickerRow is a line of the list: a profile, or the heading of a group.
type pickerRow struct {
	heading string
	profile *Profile
}

// recentShown is how many profiles stand at the top because they were used last.
const recentShown = 5

// byUse are profiles in the order of their last use, those never used by name behind them.
func byUse(list []Profile) []Profile {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b Profile) int {
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.Name, b.Name))
	})
	return sorted
}

// pickerRows are the lines of the list: what was used last, then the groups; what is searched for, the best first, without headings.
func pickerRows(list []Profile, search string) []pickerRow {
	if search != "" {
		return foundRows(list, search)
	}
	used := byUse(list)
	recent := 0
	for recent < min(len(used), recentShown) && !used[recent].Used.IsZero() {
		recent++
	}
	var rows []pickerRow
	if recent > 0 {
		rows = append(rows, pickerRow{heading: "Recent"})
	}
	for i := range recent {
		rows = append(rows, pickerRow{profile: &used[i]})
	}
	rest := used[recent:]
	slices.SortStableFunc(rest, func(a, b Profile) int {
		none := func(p Profile) int { // those without a group stand last
			if p.Saved.Group == "" {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(none(a), none(b)), cmp.Compare(a.Saved.Group, b.Saved.Group), cmp.Compare(a.Name, b.Name))
	})
	for i := range rest {
		group := rest[i].Saved.Group
		if i == 0 && (recent > 0 || group != "") || i > 0 && group != rest[i-1].Saved.Group {
			rows = append(rows, pickerRow{heading: cmp.Or(group, "Without a group")})
		}
		rows = append(rows, pickerRow{profile: &rest[i]})
	}
	return rows
}

func foundRows(list []Profile, search string) []pickerRow {
	type scored struct {
		profile Profile
		score   int
	}
	var found []scored
	for _, p := range byUse(list) {
		s := p.Saved
		text := strings.Join(append([]string{p.Name, p.address(), s.Group, string(s.Environment), s.Description}, s.Tags...), " ")
		if score, ok := kit.Fuzzy(search, text); ok {
			if in, named := kit.Fuzzy(search, p.Name); named {
				score += in
			}
			found = append(found, scored{p, score})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	rows := make([]pickerRow, len(found))
	for i := range found {
		rows[i] = pickerRow{profile: &found[i].profile}
	}
	return rows
}

// profilesOff says why there are no profiles.
func (m model) profilesOff() string {
	if m.config.Profiles == nil {
		return "there is no place for profiles: no home directory"
	}
	return ""
}

// openPicker shows the saved servers, read anew: others may have changed them.
func (m model) openPicker() (model, tea.Cmd) {
	if off := m.profilesOff(); off != "" {
		return m.say(kit.Warn, off)
	}
	return m.push(picker{at: m.config.Profile}), listProfiles(m.ctx, m.config.Profiles)
}

// pickedName puts the cursor of the list on a profile.
func (m model) pickedName(name string) model {
	for i, o := range m.over {
		if p, ok := o.(picker); ok && name != "" {
			p.at = name
			m.over = append([]overlay(nil), m.over...)
			m.over[i] = p
		}
	}
	return m
}

// rows are the lines as they are now, and which of them is under the cursor: at first one that can be used; -1 when there is none.
func (p picker) rows(m model) (rows []pickerRow, at int) {
	rows = pickerRows(m.profiles, p.line.Text())
	first, useful := -1, -1
	for i, r := range rows {
		switch {
		case r.profile == nil:
			continue
		case r.profile.Name == p.at:
			return rows, i
		case first < 0:
			first = i
		}
		if useful < 0 && r.profile.Fault == nil {
			useful = i
		}
	}
	if useful >= 0 {
		return rows, useful
	}
	return rows, first
}

// current is the profile under the cursor; ok is false when there is none.
func (p picker) current(m model) (found Profile, ok bool) {
	rows, at := p.rows(m)
	if at < 0 {
		return Profile{}, false
	}
	return *rows[at].profile, true
}

func (p picker) bindings(m model) []kit.Binding {
	const group = "Profiles"
	current, some := p.current(m)
	none, leave := "", "leave"
	if !some {
		none = "there is no profile here; a adds one"
	}
	broken := none
	if current.Fault != nil {
		broken = "this profile is broken: e edits it"
	}
	if m.link.picking {
		leave = "without a profile"
	}
	if p.searching {
		return []kit.Binding{
			{ID: "profiles.search.up", Keys: []string{"up", "shift+tab"}, Help: "up", Group: group, Off: none},
			{ID: "profiles.search.down", Keys: []string{"down", "tab"}, Help: "down", Group: group, Footer: 10, Off: none},
			{ID: "profiles.search.open", Keys: []string{"enter"}, Help: "connect", Group: group, Footer: 20, Off: broken},
			{ID: "profiles.search.leave", Keys: []string{"esc"}, Help: "all profiles", Group: group, Footer: 30},
		}
	}
	away := none
	if some && current.Name == m.config.Profile {
		away = "this profile is in use"
	}
	return []kit.Binding{
		{ID: "profiles.up", Keys: []string{"up", "k"}, Help: "up", Group: group, Off: none},
		{ID: "profiles.down", Keys: []string{"down", "j"}, Help: "down", Group: group, Off: none},
		{ID: "profiles.pageup", Keys: []string{"pgup", "ctrl+b"}, Help: "a page up", Group: group, Off: none},
		{ID: "profiles.pagedown", Keys: []string{"pgdown", "ctrl+f"}, Help: "a page down", Group: group, Off: none},
		{ID: "profiles.first", Keys: []string{"home", "g"}, Help: "first", Group: group, Off: none},
		{ID: "profiles.last", Keys: []string{"end", "G"}, Help: "last", Group: group, Off: none},
		{ID: "profiles.open", Keys: []string{"enter"}, Help: "connect", Group: group, Footer: 10, Off: broken},
		{ID: "profiles.search", Keys: []string{"/"}, Help: "search", Group: group, Footer: 20},
		{ID: "profiles.test", Keys: []string{"t"}, Help: "test", Group: group, Footer: 30, Off: broken},
		{ID: "profiles.add", Keys: []string{"a", "+"}, Help: "add", Group: group, Footer: 40},
		{ID: "profiles.edit", Keys: []string{"e"}, Help: "edit", Group: group, Footer: 50, Off: none},
		{ID: "profiles.copy", Keys: []string{"c"}, Help: "duplicate", Group: group, Footer: 60, Off: none},
		{ID: "profiles.remove", Keys: []string{"d", "delete"}, Help: "remove", Group: group, Footer: 70, Off: away},
		{ID: "sheet.leave", Keys: []string{"esc"}, Help: leave, Group: group, Footer: 80},
	}
}

func (p picker) press(m model, msg tea.KeyPressMsg) (model, tea.Cmd) {
	b, ok := kit.Find(m.bound(p), msg)
	switch {
	case !ok && p.searching:
		p.line, _ = p.line.Update(msg)
		p.at, p.top = "", 0
		return m.swap(p), nil
	case !ok:
		return m, nil
	case b.Off != "":
		return m.say(kit.Plain, b.Off)
	}
	if step, moves := p.step(b.ID, m); moves {
		return m.swap(p.moved(m, step)), nil
	}
	return p.act(m, b.ID)
}

// step is how far a key moves the cursor.
func (p picker) step(id string, m model) (int, bool) {
	rows, _ := p.rows(m)
	page := max(1, p.height(m.picture().body.H))
	switch id {
	case "profiles.up", "profiles.search.up":
		return -1, true
	case "profiles.down", "profiles.search.down":
		return 1, true
	case "profiles.pageup":
		return -page, true
	case "profiles.pagedown":
		return page, true
	case "profiles.first":
		return -len(rows), true
	case "profiles.last":
		return len(rows), true
	}
	return 0, false
}

// moved moves the cursor by n profiles; headings do not count.
func (p picker) moved(m model, n int) picker {
	rows, at := p.rows(m)
	var names []string
	now := 0
	for i, r := range rows {
		if i == at {
			now = len(names)
		}
		if r.profile != nil {
			names = append(names, r.profile.Name)
		}
	}
	if len(names) > 0 {
		p.at = names[max(0, min(now+n, len(names)-1))]
		_, at = p.rows(m)
		p.top = p.fit(rows, at, p.height(m.picture().body.H))
	}
	return p
}

// act does what a key says that is not about moving.
func (p picker) act(m model, id string) (model, tea.Cmd) {
	current, _ := p.current(m)
	switch id {
	case "profiles.open", "profiles.search.open":
		return m.pop().chooseProfile(current)
	case "profiles.search":
		p.searching = true
		return m.swap(p), nil
	case "profiles.search.leave":
		p.searching, p.line, p.at = false, kit.Line{}, current.Name // what was found stays under the cursor
		rows, at := p.rows(m)
		p.top = p.fit(rows, at, p.height(m.picture().body.H))
		return m.swap(p), nil
	case "profiles.test":
		return m.testProfile(current, nil)
	case "profiles.add":
		return m.openForm(Profile{}), nil
	case "profiles.edit":
		return m.openForm(current), nil
	case "profiles.copy":
		return m.push(question{
			Ask:  kit.Ask{ID: askCopy, Title: "Duplicate " + current.Name, Example: "the name of the new profile: letters, digits, -, _ and ."},
			line: kit.NewLine(current.Name + "-copy"),
		}), nil
	case "profiles.remove":
		return m.confirm(kit.Confirm{
			ID: askRemove, Title: "Remove the profile " + current.Name, Word: current.Name, Action: "remove", Level: kit.Bad,
			Lines: []string{kit.Escape(current.Saved.Path), "its file is removed; the server and what is in the keyring stay"},
		})
	case "sheet.leave":
		return p.leave(m.pop())
	}
	return m, nil
}

func (p picker) paste(m model, text string) (model, tea.Cmd) {
	if p.searching {
		p.line, p.at, p.top = p.line.Insert(strings.TrimSpace(text)), "", 0
	}
	return m.swap(p), nil
}

// leave goes, at the start, to the server without a profile.
func (p picker) leave(m model) (model, tea.Cmd) {
	if !m.link.picking {
		return m, nil
	}
	m.link.picking = false
	return m.retryNow()
}

// picked is the profile that the list stands on.
func (m model) picked() (Profile, bool) {
	for _, o := range slices.Backward(m.over) {
		if p, ok := o.(picker); ok {
			return p.current(m)
		}
	}
	return Profile{}, false
}

// removeProfile removes the profile that the list stands on.
func (m model) removeProfile() (model, tea.Cmd) {
	p, ok := m.picked()
	if !ok {
		return m, nil
	}
	from := m.config.Profiles
	return m, changeProfiles(m.ctx, profileChanged{done: p.Name + " is removed"}, func(ctx context.Context) error { return from.Remove(ctx, p.Name) })
}

// copyProfile makes a profile like the one that the list stands on.
func (m model) copyProfile(name string) (model, tea.Cmd) {
	p, ok := m.picked()
	if !ok {
		return m, nil
	}
	from, to := m.config.Profiles, strings.TrimSpace(name)
	return m, changeProfiles(m.ctx, profileChanged{name: to, done: to + " is made like " + p.Name}, func(ctx context.Context) error { return from.Copy(ctx, p.Name, to) })
}

// ago is how long ago a profile was used.
func ago(used, now time.Time) string {
	switch d := now.Sub(used); {
	case used.IsZero():
		return ""
	case d < time.Minute:
		return "just now"
	default:
		largest, _, _ := strings.Cut(kit.Life(d), " ")
		return largest + " ago"
	}
}
