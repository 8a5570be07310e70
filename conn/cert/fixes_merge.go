package cert

import "slices"

// mergeFixes makes every command line of this side mend all that this side can mend: who has three faults should not have to run into
// the second and the third. The change that a fault wants is that of its first fix.
func (j *judge) mergeFixes() {
	base := j.inv()
	changes := make([]lineChange, len(j.findings))
	for i, f := range j.findings {
		if f.Severity == SeverityCrit && len(f.Fixes) > 0 {
			changes[i] = changeOf(base, f.Fixes[0])
		}
	}
	for i := range j.findings {
		fixes := slices.Clone(j.findings[i].Fixes)
		for k, fix := range fixes {
			if fix.line == nil || !keepsTLS(base, *fix.line) {
				continue
			}
			for other, c := range changes {
				if other != i {
					fixes[k] = c.addTo(base, fixes[k])
				}
			}
		}
		j.findings[i].Fixes = fixes
	}
}

// lineChange is what a fix does to a command line.
type lineChange struct {
	before string   // the command that has to run first, with && behind it
	names  []string // the options whose values differ
	line   Invocation
}

// changeOf is the change of a fix that is complete and goes on speaking TLS.
func changeOf(base Invocation, fix Fix) lineChange {
	if fix.line == nil || fix.Placeholders || !keepsTLS(base, *fix.line) {
		return lineChange{}
	}
	c := lineChange{before: fix.before, line: *fix.line}
	for _, o := range slices.Concat(base.Options, fix.line.Options) {
		if !slices.Contains(c.names, o.Name) && !slices.Equal(base.valuesOf(o.Name), fix.line.valuesOf(o.Name)) {
			c.names = append(c.names, o.Name)
		}
	}
	return c
}

// addTo adds the change to a fix, as far as that leaves the same options alone.
func (c lineChange) addTo(base Invocation, fix Fix) Fix {
	line := *fix.line
	added := false
	for _, name := range c.names {
		if !slices.Equal(line.valuesOf(name), base.valuesOf(name)) {
			continue // it has another opinion about that
		}
		line = line.Without(name)
		for _, o := range c.line.Options {
			if o.Name == name {
				line.Options = append(slices.Clip(line.Options), o)
			}
		}
		added = true
	}
	if !added {
		return fix
	}
	if c.before != "" && fix.before != c.before {
		fix.before = c.before + fix.before
	}
	fix.line = &line
	fix.Command = fix.before + line.String()
	return fix
}

// keepsTLS reports whether line is for a TLS connection when base is.
func keepsTLS(base, line Invocation) bool {
	return len(base.valuesOf("--tls")) == 0 || len(line.valuesOf("--tls")) > 0
}

// valuesOf are the options of that name.
func (i Invocation) valuesOf(name string) []Option {
	var found []Option
	for _, o := range i.Options {
		if o.Name == name {
			found = append(found, o)
		}
	}
	return found
}
