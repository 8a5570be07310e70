package tui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"redan/profiles"
	"redan/ui/tui/kit"
)

// pickerHead is how many lines stand above the list.
const pickerHead = 2

// detailHeight is how many lines tell of the profile under the cursor, where there is room.
func detailHeight(h int) int {
	const tall, most = 16, 5
	switch {
	case h >= tall:
		return most
	case h >= tall/2:
		return 2
	}
	return 0
}

// height is how many rows of the list are shown in a body of h lines.
func (picker) height(h int) int { return max(0, h-pickerHead-detailHeight(h)) }

// fit returns the first row shown, so that the row under the cursor is in sight, with its heading.
func (p picker) fit(rows []pickerRow, at, height int) int {
	top := max(0, min(p.top, len(rows)-height))
	switch {
	case at < 0:
		return 0
	case at <= top:
		top = at
		if at > 0 && rows[at-1].profile == nil {
			top--
		}
	case at >= top+height:
		top = at - height + 1
	}
	return max(0, top)
}

func (p picker) draw(m model, w, h int) []string {
	look := m.look
	rows, at := p.rows(m)
	lines := []string{look.Line(w), p.title(m, w)}
	height := p.height(h)
	top := p.fit(rows, at, height)
	for i := top; i < min(len(rows), top+height); i++ {
		lines = append(lines, p.row(m, rows[i], i == at, w))
	}
	if len(rows) == 0 {
		text := "   No profile matches."
		if p.line.Text() == "" {
			text = "   No server is saved yet. a adds one."
		}
		lines = append(lines, look.Dim(text))
	}
	for len(lines) < pickerHead+height {
		lines = append(lines, "")
	}
	current, some := p.current(m)
	if n := detailHeight(h); n > 0 {
		lines = append(lines, look.Rule(look.Line(w)))
		if some {
			lines = append(lines, profileDetail(m, current, w, n-1)...)
		}
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

func (p picker) title(m model, w int) string {
	look := m.look
	if p.searching {
		head, hint := " "+look.Strong("Profiles")+look.Accent("  / "), ""
		if p.line.Text() == "" {
			hint = "name, address, group, tag"
		}
		return head + p.line.View(max(1, w-kit.Width(head)-1), look, hint)
	}
	right := look.Dim(strconv.Itoa(len(m.profiles)) + " saved ")
	left := " " + look.Accent("Profiles")
	if m.link.picking {
		left += look.Dim("   which server?")
	}
	return justify(left, right, w, look)
}

// The columns of a row.
const (
	pickerName    = 24
	pickerBadge   = 12
	pickerAddress = 30
	pickerMarks   = 10
)

// row draws a line of the list.
func (p picker) row(m model, r pickerRow, cursor bool, w int) string {
	look := m.look
	if r.profile == nil {
		return " " + look.Dim(kit.Escape(r.heading))
	}
	q := *r.profile
	bar, name := " ", kit.Fit(kit.Escape(q.Name), min(pickerName, max(8, w/3)), look.ASCII)
	if cursor {
		bar, name = look.CursorBar(true), look.Strong(name)
	}
	sign := " "
	if q.Fault != nil {
		sign = look.Danger(kit.Broken().Of(look))
	}
	row := " " + bar + " " + sign + " " + name + " "
	if q.Fault != nil {
		row += look.Danger(kit.Cut(kit.Escape(oneLine(faultText(q))), max(1, w-kit.Width(row)-1), look.ASCII))
	} else {
		row += pickerFacts(m, q, w-kit.Width(row))
	}
	if cursor {
		return look.Selected(kit.Fit(row, w, look.ASCII))
	}
	return row
}

// pickerFacts are what stands behind a profile's name, in w columns: what matters least gives way.
func pickerFacts(m model, p Profile, w int) string {
	look := m.look
	badge := kit.Fit(kit.Escape(string(p.Saved.Environment)), pickerBadge, look.ASCII)
	if p.Saved.Environment.IsProduction() {
		badge = look.Production("PRODUCTION") + strings.Repeat(" ", pickerBadge-len("PRODUCTION"))
	}
	var marks []string
	if p.secured() {
		marks = append(marks, "TLS")
	}
	if p.Saved.ReadOnly {
		marks = append(marks, look.Warn("ro"))
	}
	state := ago(p.Used, m.now)
	if p.Name == m.config.Profile && m.link.server != nil {
		state = "here"
	}
	text := badge + " " + kit.Fit(kit.Escape(p.address()), min(pickerAddress, max(1, w-pickerBadge-1)), look.ASCII)
	for _, part := range []string{
		kit.Fit(strings.Join(marks, " "), pickerMarks, look.ASCII), kit.Fit(look.Dim(state), pickerMarks, look.ASCII), look.Dim(tagsText(p.Saved)),
	} {
		if kit.Width(text)+1+kit.Width(part) <= w {
			text += " " + part
		}
	}
	return text
}

func tagsText(p profiles.Profile) string {
	tags := make([]string, len(p.Tags))
	for i, tag := range p.Tags {
		tags[i] = "#" + kit.Escape(tag)
	}
	return strings.Join(tags, " ")
}

// faultText says what is wrong with a profile. The folder of its file would only push that out of the line.
func faultText(p Profile) string { return inFolder(p, p.Fault.Error()) }

// inFolder is a text without the folder of a profile's file.
func inFolder(p Profile, text string) string {
	if at := strings.LastIndexAny(p.Saved.Path, `/\`); at > 0 {
		text = strings.ReplaceAll(text, p.Saved.Path[:at+1], "")
	}
	return text
}

// profileDetail tells of a profile in at most h lines: what is wrong with it, or what it leads to and how.
func profileDetail(m model, p Profile, w, h int) []string {
	look, s := m.look, p.Saved
	if p.Fault != nil {
		lines := kit.Wrap(kit.Escape(oneLine(faultText(p))), "   ", w)
		for i := range lines {
			lines[i] = look.Danger(lines[i])
		}
		return lines[:min(len(lines), h)]
	}
	var lines []string
	for _, facts := range [][]string{
		{kit.Escape(s.Description), look.Dim(tagsText(s))},
		{kit.Escape(p.address()), said("user", s.User), passwordText(s), dbText(p), said("extends", s.Extends)},
		tlsText(p),
		guardText(s),
	} {
		var parts []string
		for _, fact := range facts {
			if fact != "" {
				parts = append(parts, fact)
			}
		}
		if len(parts) > 0 {
			lines = append(lines, "   "+strings.Join(parts, gap))
		}
	}
	return lines[:min(len(lines), h)]
}

// passwordText is where the password is.
func passwordText(p profiles.Profile) string {
	if !p.Password.IsSet() {
		return ""
	}
	return said("password", p.Password.String())
}

func said(what, value string) string {
	if value == "" {
		return ""
	}
	return what + " " + kit.Escape(value)
}

func dbText(p Profile) string {
	if c, err := p.Saved.Connection(); err == nil && c.Options.DB != 0 {
		return "db " + strconv.Itoa(c.Options.DB)
	}
	return ""
}

func tlsText(p Profile) []string {
	c, err := p.Saved.Connection()
	if err != nil || c.Options.TLS == nil {
		return nil
	}
	t := p.Saved.TLS
	return []string{"TLS", said("verify", string(t.Verify)), said("CA", beside(p.Saved, t.CA...)), said("certificate", beside(p.Saved, t.Cert)), said("key", beside(p.Saved, t.Key)), said("name", t.ServerName)}
}

// beside are paths without the folder of the profile's file: so they stand in it, more often than not.
func beside(p profiles.Profile, paths ...string) string {
	folder := p.Path[:strings.LastIndexAny(p.Path, `/\`)+1]
	short := make([]string, len(paths))
	for i, path := range paths {
		short[i] = strings.TrimPrefix(path, folder)
	}
	return strings.Join(short, ", ")
}

func guardText(p profiles.Profile) []string {
	var parts []string
	if p.ReadOnly {
		parts = append(parts, "read-only")
	}
	parts = append(parts, said("not asked about", strings.Join(p.Guard.Exceptions, ", ")), said("keys", p.Filter), said("parted by", p.Delimiter))
	if len(p.Before.Command) > 0 {
		parts = append(parts, "before: "+kit.Escape(p.Before.Command[0]))
	}
	return parts
}

// click chooses the profile on a line.
func (p picker) click(m model, y int) (model, tea.Cmd) {
	h := m.picture().body.H
	rows, at := p.rows(m)
	row := p.fit(rows, at, p.height(h)) + y - pickerHead
	if y < pickerHead || y >= pickerHead+p.height(h) || row >= len(rows) || rows[row].profile == nil {
		return m, nil
	}
	if row != at {
		p.at = rows[row].profile.Name
		return m.swap(p), nil
	}
	return p.act(m, "profiles.open")
}
