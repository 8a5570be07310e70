package cli

import (
	"cmp"

	"redan/conn"
	"redan/ui/format"
	"redan/ui/modes"
)

// longestShown is how many bytes of a name a terminal is shown.
const longestShown = 256

// ending is how the reading ended.
func (k *keyAnalysis) ending(code int, interrupted bool) modes.Ending {
	p := k.sweep.Progress()
	e := modes.Ending{Expected: p.Expected, Scanned: p.Scanned, Interrupted: interrupted, Quoted: k.printer.Mode == format.QuotedJSON}
	if k.sys.OutTTY {
		e.LongestName = longestShown
	}
	addrs := k.sweep.Addrs()
	for _, at := range addrs {
		e.Nodes = append(e.Nodes, at.String())
	}
	for i, cursor := range k.cursors {
		switch {
		case cursor == "0":
		case interrupted:
			e.Resume = append(e.Resume, k.resume(addrs[i], cursor))
		case code != exitOK:
			e.Failed = append(e.Failed, addrs[i].String())
		}
	}
	for _, r := range k.sweep.Refusals() {
		e.Refusals = append(e.Refusals, modes.Refused{Command: r.Command, Node: addrs[r.Node].String(), Error: r.Err.Error(), Keys: r.Count})
	}
	return e
}

// resume is the command line that goes on at a cursor, without secrets.
func (k *keyAnalysis) resume(at conn.Addr, cursor string) string {
	o := k.reach.options
	if at != o.Addr() {
		o.Host, o.Port, o.Socket = at.Host, at.Port, ""
	}
	line := o.Invocation()
	line.Program = k.programName()
	switch {
	case k.demo != nil:
		line.Program += " demo"
		line = line.Without("-h", "-p")
	case o.Profile == "" && at.Host == conn.DefaultHost:
		line = line.Without("-h")
	}
	return line.Doing(append([]string{"--" + k.mode, "--cursor", cmp.Or(cursor, k.inv.options.Cursor, "0")}, k.furtherOptions()...)...).String()
}

// furtherOptions are what else the command line said of the analysis.
func (k *keyAnalysis) furtherOptions() []string {
	flags := &k.inv.options
	var words []string
	for _, o := range []struct{ name, word, value string }{
		{"memkeys-samples", "--memkeys-samples", flags.MemKeysSamples},
		{"keystats-samples", "--keystats-samples", flags.KeyStatsSamples},
		{"top", "--top", flags.Top},
		{"type", "--type", flags.Type},
		{"count", "--count", flags.Count},
		{"interval", "-i", flags.Interval},
	} {
		if k.inv.given(o.name) {
			words = append(words, o.word, o.value)
		}
	}
	switch k.inv.last("pattern", "quoted-pattern") {
	case "pattern":
		words = append(words, "--pattern", *flags.Pattern)
	case "quoted-pattern":
		words = append(words, "--quoted-pattern", *flags.QuotedPattern)
	}
	switch k.inv.last("resp2", "resp3") {
	case "resp2":
		words = append(words, "-2")
	case "resp3":
		words = append(words, "-3")
	}
	if k.json {
		words = append(words, "--"+k.inv.last("json", "quoted-json"))
	}
	return words
}
