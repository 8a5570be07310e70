package sweep

import "time"

const (
	// scanCount is COUNT when nothing is asked about the keys: large enough to make the time between two SCANs small beside them, and small
	// enough that the server's other clients do not wait much longer than a millisecond.
	scanCount = 2000
	// nearCount is COUNT when there are questions. Measured over a million keys, the server works least with 500 to 800: with four
	// times as many it works a third longer, as the keys of a page may no longer be in the processor's cache when they are asked about,
	// and with fewer the pauses between pages show.
	nearCount = 500
	// farCount is the most when there are questions. A page takes at least one round trip, so to a server far away larger ones are faster.
	farCount = 2000
	// politeCount is that of SCAN itself. Who asks for pauses means so many keys between them.
	politeCount = 10
	// trials is how many SCANs are timed.
	trials = 4
	// perMillisecond is how many keys a server names, and answers two questions about, while a millisecond passes.
	perMillisecond = 400
)

// pace chooses the COUNT of SCAN by how far away the server is.
type pace struct {
	count   int
	now     func() time.Time
	trials  int // that are left
	sent    time.Time
	fastest time.Duration
}

func newPace(o Options) pace {
	switch {
	case o.Count > 0:
		return pace{count: o.Count}
	case o.Interval > 0:
		return pace{count: politeCount}
	case len(o.Ask.about()) == 0:
		return pace{count: scanCount}
	case o.Now == nil:
		return pace{count: nearCount}
	}
	return pace{count: nearCount, now: o.Now, trials: trials, fastest: time.Hour}
}

// asked notes that a SCAN is sent.
func (p *pace) asked() {
	if p.trials > 0 {
		p.sent = p.now()
	}
}

// answered notes that its reply has come. Of the trials the fastest tells the distance: the others waited for something else too.
func (p *pace) answered() {
	if p.trials == 0 {
		return
	}
	p.fastest = min(p.fastest, p.now().Sub(p.sent))
	if p.trials--; p.trials == 0 {
		p.count = min(max(nearCount, int(perMillisecond*p.fastest/time.Millisecond)), farCount)
	}
}
