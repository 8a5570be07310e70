package certreport

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"redan/conn/cert"
	"redan/ui/theme"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// scene is a report that has a golden file.
type scene struct {
	name    string
	reports []cert.Report
	style   Style
	options Options
}

func scenes(t testing.TB) []scene {
	t.Helper()
	wide := Style{Width: 100, Location: cet}
	narrow := Style{Width: 60, Location: cet}
	ascii := Style{Width: 80, Location: cet, ASCII: true}
	several := []cert.Report{
		renamed(healthy(t), "redis-1.lab:6380"), renamed(clientMissing(t), "redis-2.lab:6380"), renamed(healthy(t), "redis-3.lab:6380"),
		renamed(healthy(t), "redis-4.lab:6380"), renamed(shortLived(t), "redis-5.lab:6380"),
	}
	one := func(r cert.Report) []cert.Report { return []cert.Report{r} }
	return []scene{
		{name: "healthy_wide", reports: one(healthy(t)), style: wide},
		{name: "healthy_80", reports: one(healthy(t)), style: Style{Width: 80, Location: cet}},
		{name: "healthy_narrow", reports: one(healthy(t)), style: narrow},
		{name: "healthy_ascii", reports: one(healthy(t)), style: ascii},
		{name: "healthy_verbose", reports: one(healthy(t)), style: wide, options: Options{Verbose: true}},
		{name: "healthy_colour", reports: one(healthy(t)), style: Style{Width: 100, Location: cet, Theme: theme.New(true)}},
		{name: "three_faults_wide", reports: one(threeFaults(t)), style: wide},
		{name: "three_faults_80", reports: one(threeFaults(t)), style: Style{Width: 80, Location: cet}},
		{name: "three_faults_narrow", reports: one(threeFaults(t)), style: narrow},
		{name: "three_faults_ascii", reports: one(threeFaults(t)), style: ascii},
		{name: "three_faults_colour", reports: one(threeFaults(t)), style: Style{Width: 100, Location: cet, Theme: theme.New(true)}},
		{name: "three_faults_verbose", reports: one(threeFaults(t)), style: wide, options: Options{Verbose: true}},
		{name: "unknown_ca", reports: one(unknownCA(t)), style: wide},
		{name: "plain_port", reports: one(plainPort(t)), style: wide},
		{name: "plain_port_narrow", reports: one(plainPort(t)), style: narrow},
		{name: "refused", reports: one(refused(t)), style: wide},
		{name: "stalled", reports: one(stalled(t)), style: wide},
		{name: "client_missing", reports: one(clientMissing(t)), style: wide},
		{name: "client_missing_narrow", reports: one(clientMissing(t)), style: narrow},
		{name: "client_missing_unlimited", reports: one(clientMissing(t)), style: Style{}},
		{name: "short_lived", reports: one(shortLived(t)), style: wide},
		{name: "self_signed", reports: one(selfSigned(t)), style: wide},
		{name: "several", reports: several, style: wide},
		{name: "several_narrow", reports: several, style: narrow},
		{name: "unverified", reports: one(unverified(t)), style: wide},
		{name: "unverified_colour", reports: one(unverified(t)), style: Style{Width: 100, Location: cet, Theme: theme.New(true)}},
		{name: "plain_as_asked", reports: one(plainAsAsked(t)), style: wide},
		{name: "nothing", style: wide},
	}
}

func TestTextGolden(t *testing.T) {
	for _, s := range scenes(t) {
		t.Run(s.name, func(t *testing.T) {
			golden(t, s.name+".txt", Text(s.reports, s.style, s.options))
		})
	}
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update accepts it); got\n%s\nwant\n%s", path, got, want)
	}
}

func machineScene(t testing.TB) []cert.Report {
	t.Helper()
	return []cert.Report{healthy(t), renamed(threeFaults(t), "redis-3.lab:6380"), shortLived(t), refused(t), stalled(t)}
}

func TestMachineGolden(t *testing.T) {
	warn, crit := cert.DefaultThresholds()
	data, err := JSON([]cert.Report{clientMissing(t), refused(t)}, Meta{
		Time: night, Tool: "redan 0.1",
		Policy: Policy{Verify: "full", Warn: warn, Crit: crit, Roots: RootsSource{Source: "file", Path: "root.crt", Count: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", string(data))
	golden(t, "nagios.txt", Nagios([]cert.Report{shortLived(t)}, warn, crit))
	golden(t, "nagios_several.txt", Nagios(machineScene(t), warn, crit))
	golden(t, "metrics.prom", Prometheus(machineScene(t)))
}
