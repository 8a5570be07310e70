package cert

import (
	"fmt"
	"slices"
	"strings"
)

// shell is a fix typed at a shell.
func (j *fileJudge) shell(command, note string) Fix {
	return Fix{Side: j.side(), Language: LanguageShell, Command: command, Note: note}
}

// advice is a fix that only a person can make.
func (j *fileJudge) advice(note string) Fix { return Fix{Side: j.side(), Note: note} }

// setLines are the fixes that give settings of the configuration file new values, in pairs of name and value: in the file, and for a server
// that runs already. Without a configuration file they are advice.
func (j *fileJudge) setLines(pairs ...string) []Fix {
	fixes := make([]Fix, 0, len(pairs))
	fixes = append(fixes, j.setInFile(pairs...))
	conf := j.set.Conf
	if j.set.Reader != ReaderRedis || conf.ConfigCommand == "" {
		return fixes
	}
	var command strings.Builder
	command.WriteString(conf.ConfigCommand + " SET")
	for pair := range slices.Chunk(pairs, 2) {
		if startOnly(pair[0]) {
			return fixes
		}
		command.WriteString(" " + pair[0] + " " + ConfQuote(pair[1]))
	}
	return append(fixes, Fix{
		Side: SideServer, Language: LanguageRedis, Command: command.String(), Note: "when it runs already; beside the line in the file",
	})
}

// startOnly reports whether a directive cannot be changed while the server runs.
func startOnly(name string) bool {
	switch name {
	case "cluster-enabled", "unixsocket", "aclfile":
		return true
	}
	return false
}

// setInFile gives settings new values in the configuration file. The last of several lines counts in redis.conf, so that one more does it;
// in stunnel.conf it has to stand in the section.
func (j *fileJudge) setInFile(pairs ...string) Fix {
	conf := j.set.Conf
	if j.set.Reader == ReaderStunnel {
		return j.setInSection(pairs...)
	}
	var lines strings.Builder
	for pair := range slices.Chunk(pairs, 2) {
		lines.WriteString(pair[0] + " " + ConfQuote(pair[1]) + "\n")
	}
	text := strings.TrimSuffix(lines.String(), "\n")
	if conf.Path == "" {
		return j.advice("in its configuration: " + strings.ReplaceAll(text, "\n", ", "))
	}
	path := ShellQuote(conf.Path)
	switch {
	case conf.OpenEnd || strings.Contains(text, "\n"):
		start := ""
		if conf.OpenEnd {
			start = `\n`
		}
		format := start + strings.Repeat(`%s\n`, len(pairs)/2)
		var words strings.Builder
		for line := range strings.SplitSeq(text, "\n") {
			words.WriteString(" " + ShellQuote(line))
		}
		return j.shell("printf '"+format+"'"+words.String()+" >> "+path, "")
	default:
		return j.shell("echo "+ShellQuote(text)+" >> "+path, "")
	}
}

// setInSection gives an option of a section of stunnel.conf a new value: in the place of the line that has it, else behind the section's head.
func (j *fileJudge) setInSection(pairs ...string) Fix {
	var commands []string
	for pair := range slices.Chunk(pairs, 2) {
		old, after := j.set.Conf.Settings[strings.ToLower(pair[0])], j.set.Conf.After
		line := pair[0] + " = " + pair[1]
		edit, file := fmt.Sprintf("%da %s", after.Line, line), after.File
		if old.Line > after.Line && old.File == after.File {
			edit = fmt.Sprintf("%dc %s", old.Line, line)
		}
		commands = append(commands, "sed -i "+ShellQuote(edit)+" "+ShellQuote(file))
	}
	return j.shell(strings.Join(commands, " && "), "")
}

// dropLine removes a line.
func (j *fileJudge) dropLine(s Setting, note string) Fix {
	return j.shell(fmt.Sprintf("sed -i %dd %s", s.Line, ShellQuote(s.File)), note)
}

// beside returns the name of a file to be made out of f, as it is opened from here and as the configuration would name it. The ending is added to
// the whole name of f, so that it hardly ever is the name of something that is there.
func (f LocalFile) beside(ending string) (path, value string) {
	return f.Path + ending, f.Setting.Value + ending
}

// useInstead is a command that makes a file out of f, and the line that has the server use it.
func (j *fileJudge) useInstead(f LocalFile, command, value, note string) Fix {
	if f.Setting.Line == 0 {
		return j.shell(command, note)
	}
	set := j.setInFile(f.Setting.Name, value)
	if set.Command == "" {
		return j.shell(command, note)
	}
	return j.shell(command+" && "+set.Command, note)
}

// bundle makes a chain in the right order out of file and others, and has the server use it.
func (j *fileJudge) bundle(file LocalFile, note string, others ...string) Fix {
	output, value := file.beside(".chain.pem")
	const around = 6
	words := append(make([]string, 0, around+len(others)), j.set.Program, "cert", "bundle", ShellQuote(file.Path))
	for _, other := range others {
		words = append(words, ShellQuote(other))
	}
	words = append(words, "--out", ShellQuote(output))
	return j.useInstead(file, strings.Join(words, " "), value, note)
}
