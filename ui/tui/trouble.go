package tui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/ui/tui/kit"
)

// trouble says what keeps a server that answers from doing its work, as far as it tells; empty when all is well.
func (i info) trouble() string {
	if i.values["loading"] == "1" {
		text := "the server reads its data into memory"
		if share, err := strconv.ParseFloat(i.values["loading_loaded_perc"], 64); err == nil {
			text += ": " + strconv.FormatFloat(share, 'f', 0, 64) + "%"
		}
		if eta, ok := i.number("loading_eta_seconds"); ok && eta > 0 {
			text += ", about " + kit.Life(time.Duration(eta)*time.Second) + " more"
		}
		return text + "; keys cannot be read until then"
	}
	if i.values["master_link_status"] == "down" {
		text := "this replica has lost its master"
		if host := i.values["master_host"]; host != "" {
			text += " " + kit.Escape(host+":"+i.values["master_port"])
		}
		if down, ok := i.number("master_link_down_since_seconds"); ok && down >= 0 {
			text += ", " + kit.Life(time.Duration(down)*time.Second) + " ago"
		}
		return text + "; what is read may be old"
	}
	return ""
}

// trouble is that of the server, and that it stopped telling: what is known of it is old then.
func (f facts) trouble() string {
	code, _, _ := strings.Cut(f.why, " ")
	switch {
	case !f.known || f.why == "":
		return f.info.trouble()
	case code == "BUSY":
		return "the server runs a script and does nothing else; SCRIPT KILL in the console ends it, if it has written nothing"
	}
	return "the server does not tell about itself any more: " + kit.Escape(f.why)
}

// changed tells what is new in what the server says of itself: it loads no more, or changed its role.
func (m model) changed(before, now facts) (model, tea.Cmd) {
	var cmds [2]tea.Cmd
	if before.trouble() != "" && now.trouble() == "" {
		m, cmds[0] = m.tell(kit.Online{}) // what was refused meanwhile is asked for again
	}
	was, is := before.info.values["role"], now.info.values["role"]
	switch {
	case was == is || was == "" || is == "":
	case is == "slave":
		m, cmds[1] = m.say(kit.Warn, "this server became a replica of "+
			kit.Escape(now.info.values["master_host"]+":"+now.info.values["master_port"])+": it refuses writes")
	default:
		m, cmds[1] = m.say(kit.Warn, "this server was a "+kit.Escape(roleName(was))+" and is a "+kit.Escape(roleName(is))+" now")
	}
	return m, tea.Batch(cmds[:]...)
}

// roleName is a role as people call it.
func roleName(role string) string {
	if role == "slave" {
		return "replica"
	}
	return role
}
