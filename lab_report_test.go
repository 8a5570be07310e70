package main_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// labReport is redan cert check --json, as far as the laboratory looks.
type labReport struct {
	Schema  string
	Verdict string
	Exit    int
	Targets []struct {
		Target   string
		Findings []finding
	}
}

type finding struct {
	Code, Severity, Scope, Message, Cause string
	Fix                                   []remedy
}

// remedy is one way to mend a fault, as a report has it.
type remedy struct {
	Side, Language, Command, Note string
	Placeholders                  bool
}

// isLastResort reports whether the remedy is no more than to look away.
func (r remedy) isLastResort() bool { return strings.Contains(r.Command, "--insecure") }

// String shows the remedy in a failure.
func (r remedy) String() string {
	kind := r.Language
	if r.Placeholders {
		kind += ", to be filled in"
	}
	return fmt.Sprintf("%s (%s): %s [%s]", r.Side, kind, r.Command, r.Note)
}

// finding returns the worst finding of a code.
func (r labReport) finding(code string) (finding, bool) {
	var worst finding
	for _, f := range r.Targets[0].Findings {
		if f.Code == code && slices.Index(severities(), f.Severity) > slices.Index(severities(), worst.Severity) {
			worst = f
		}
	}
	return worst, worst.Code != ""
}

// first returns what is to be mended first, or where there is nothing to mend the finding of a code.
func (r labReport) first(code string) finding {
	for _, f := range r.Targets[0].Findings {
		if f.Severity != "info" {
			return f
		}
	}
	f, _ := r.finding(code)
	return f
}

func severities() []string { return []string{"info", "warn", "crit"} }

// alarms are the codes of what is a warning or worse, each once, sorted.
func (r labReport) alarms() []string {
	codes := []string{}
	for _, f := range r.Targets[0].Findings {
		if f.Severity != "info" {
			codes = append(codes, f.Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// String shows the findings in a failure.
func (r labReport) String() string {
	text, err := json.MarshalIndent(r.Targets[0].Findings, "  ", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
