package main_test

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// This is the proof that redan is a drop-in: the same command lines run through redan and through the system's redis-cli, against
// the same server in the same state, and standard output, what standard error says, and the exit code must be equal.
//
//	go test -run 'TestRedanAgreesWithRedisCLI/one-shot/lrange'    one family of command lines
//
// Every command line of differential_commands_test.go and differential_server_commands_test.go runs in all output modes and both
// protocols; differential_scripts_test.go has what is piped in, differential_cases_test.go options, and
// differential_connections_test.go servers, good and bad. Where redan is not to be like redis-cli, the case names one of
// intendedDifferences and says what redan does instead. A failure shows the command line; to try it by hand, start
// redis-server --enable-debug-command yes, and put in the seeds it needs.

// leastCommandLines is how many command lines run in every output mode and both protocols at the least.
const leastCommandLines = 300

// patience is how long one run of a program may take on a busy machine.
const patience = 20 * time.Second

// boredom is how long a run is watched that should not end.
const boredom = 500 * time.Millisecond

func TestRedanAgreesWithRedisCLI(t *testing.T) {
	lines := commandLines()
	if len(lines) < leastCommandLines {
		t.Errorf("%d command lines, want at least %d", len(lines), leastCommandLines)
	}
	l := newLab(t)
	t.Run("one-shot", func(t *testing.T) {
		for i, line := range lines {
			l.run(t, comparison{name: line, line: "-p {port} " + line, renderings: oneShotRenderings(i)})
		}
	})
	t.Run("piped", func(t *testing.T) {
		stdin := pipedLines(lines)
		for _, r := range allRenderings() {
			l.run(t, comparison{name: r.name(), line: "-p {port}", stdin: stdin, renderings: []rendering{r}})
		}
	})
	t.Run("script", func(t *testing.T) {
		for _, c := range scripts() {
			c.line = strings.TrimSpace("-p {port} " + c.line)
			if c.renderings == nil && c.differs == "" {
				c.renderings = scriptRenderings()
			}
			l.run(t, c)
		}
	})
	t.Run("case", func(t *testing.T) {
		for _, c := range cases() {
			l.run(t, c)
		}
	})
	l.everyDifferenceSeen(t)
}

// comparison is one command line and all it takes to run it.
type comparison struct {
	name  string // the line, if empty
	line  string // see words; {port} and the like are filled in, see filler
	stdin string
	env   []string
	// renderings are run one after the other; none means as the line says.
	renderings []rendering
	// during says what happens while the program runs.
	during []step
	// differs names an intended difference; redan is what redan does then.
	differs string
	redan   outcome
	// hangs says that redis-cli never ends, which is the difference.
	hangs bool
	// slow says that some replies take more than half a second, which is printed.
	slow bool
	// shut says that nobody reads standard output, as in | true.
	shut bool
	// mask takes the intended differences masks away, where they are in lines that must be equal for the rest.
	mask  func(outcome) outcome
	masks []string
}

// step waits for a text on standard output or standard error and then lets something happen. Behind the last step, standard
// input ends.
type step struct {
	await  string
	do     string         // a command to the server, from a connection of its own
	signal syscall.Signal // or a signal to the program
	input  string         // or more standard input
}

// outcome is what a run of a program left behind.
type outcome struct {
	stdout string
	stderr []string // see stderrLines
	code   int      // as a shell tells it
}

func (o outcome) equal(p outcome) bool {
	return o.stdout == p.stdout && o.code == p.code && slices.Equal(o.stderr, p.stderr)
}

// andMore at the end of an expected standard output stands for any text.
const andMore = "..."

// meets is equal, for an outcome that a table of this test expects.
func (o outcome) meets(want outcome) bool {
	if begin, ok := strings.CutSuffix(want.stdout, andMore); ok && strings.HasPrefix(o.stdout, begin) {
		want.stdout = o.stdout
	}
	return o.equal(want)
}

// rendering is a way to ask for an output mode and a protocol.
type rendering struct {
	env   []string
	flags []string
}

func (r rendering) name() string {
	if name := strings.Join(append(slices.Clone(r.env), r.flags...), " "); name != "" {
		return name
	}
	return "default"
}

// outputModes are all ways to choose how replies are printed; standard output is never a terminal here.
func outputModes() []rendering {
	return []rendering{
		{},
		{env: []string{"FAKETTY=1"}},
		{flags: []string{"--csv"}},
		{flags: []string{"--json"}},
		{flags: []string{"--quoted-json"}},
		{env: []string{"FAKETTY=1"}, flags: []string{"--raw", "-d", ", ", "-D", "|"}},
		{env: []string{"FAKETTY=1"}, flags: []string{"--raw"}},
		{flags: []string{"--no-raw"}},
	}
}

// allRenderings are all modes in both protocols, and what one gets without asking.
func allRenderings() []rendering {
	all := []rendering{{}}
	for _, mode := range outputModes() {
		all = append(all, mode.with("-2"), mode.with("-3"))
	}
	return all
}

func (r rendering) with(protocol string) rendering {
	return rendering{env: r.env, flags: append(slices.Clone(r.flags), protocol)}
}

// oneShotRenderings takes turns, since each reply costs two processes here: a third of the modes, in one protocol or the other.
// Piped, every line runs in all modes and both protocols.
func oneShotRenderings(i int) []rendering {
	var some []rendering
	for k, mode := range outputModes() {
		if (i+k)%3 == 0 {
			some = append(some, mode.with([]string{"-3", "-2"}[(i+k)/3%2]))
		}
	}
	return some
}

// scriptRenderings are the modes in which built-ins, pushes and errors look different.
func scriptRenderings() []rendering {
	return []rendering{
		{},
		{env: []string{"FAKETTY=1"}},
		{env: []string{"FAKETTY=1"}, flags: []string{"-3"}},
		{flags: []string{"--csv"}},
		{flags: []string{"--json"}},
	}
}

// lab holds the two programs and the servers they talk to.
type lab struct {
	redisCLI, redan string
	home            string
	rigs            chan *rig         // servers that nobody uses at the moment
	elsewhere       map[string]string // what {name} means on every rig

	mu   sync.Mutex
	seen map[string]bool // intended differences
}

func newLab(t *testing.T) *lab {
	t.Helper()
	redisCLI, err := exec.LookPath("redis-cli")
	if err != nil {
		t.Fatalf("the comparison needs redis-cli in PATH (Debian: apt-get install redis-tools): %v", err)
	}
	l := &lab{redisCLI: redisCLI, redan: filepath.Join(t.TempDir(), "redan"), home: t.TempDir(), seen: map[string]bool{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", l.redan, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	count := runtime.GOMAXPROCS(0)
	l.rigs = make(chan *rig, count)
	for range count {
		l.rigs <- newRig(t)
	}
	l.elsewhere = newElsewhere(t, l.home)
	return l
}

// run compares the two programs in a subtest, and in one more for each rendering.
func (l *lab) run(t *testing.T, c comparison) {
	t.Helper()
	if c.name == "" {
		c.name = c.line
	}
	t.Run(c.name, func(t *testing.T) {
		t.Parallel()
		r := <-l.rigs
		defer func() { l.rigs <- r }()
		if len(c.renderings) == 0 {
			l.compare(t, r, c, rendering{})
			return
		}
		for _, form := range c.renderings {
			t.Run(form.name(), func(t *testing.T) { l.compare(t, r, c, form) })
		}
	})
}

func (l *lab) compare(t *testing.T, r *rig, c comparison, form rendering) {
	t.Helper()
	var outcomes [2]outcome
	var ran *run // redan's, for the failures
	for i, program := range []string{l.redisCLI, l.redan} {
		r.reset(t)
		ran = l.prepare(r, c, form, program)
		ran.hangs, ran.slow, ran.shut = c.hangs && program == l.redisCLI, c.slow, c.shut
		outcomes[i] = ran.finish(t, r)
		if c.mask != nil {
			outcomes[i] = c.mask(outcomes[i])
		}
	}
	for _, name := range c.masks {
		l.note(name)
	}
	theirs, ours := outcomes[0], outcomes[1]
	if c.differs == "" {
		if !ours.equal(theirs) {
			t.Errorf("%s\n%s", ran.shown(), differences(ours, theirs))
		}
		return
	}
	l.note(c.differs)
	if _, ok := intendedDifferences()[c.differs]; !ok {
		t.Errorf("%s\nthe difference %q is not in the list of those intended", ran.shown(), c.differs)
	}
	if ours.equal(theirs) {
		t.Errorf("%s\nno difference where one is intended (%s): both say\n%s", ran.shown(), c.differs, describe(ours))
	}
	if want := r.fillOutcome(l, c.redan); !ours.meets(want) {
		t.Errorf("%s\nintended difference (%s):\n%s", ran.shown(), c.differs, differencesFrom("intended", ours, want))
	}
}

func (l *lab) note(difference string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[difference] = true
}

// everyDifferenceSeen fails for intended differences that no case shows, unless only some of the cases ran.
func (l *lab) everyDifferenceSeen(t *testing.T) {
	t.Helper()
	if onlySome() {
		return
	}
	for name := range intendedDifferences() {
		if !l.seen[name] {
			t.Errorf("no case shows the intended difference %q", name)
		}
	}
}
