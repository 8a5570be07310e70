package modes

import (
	"redan/commands/keyspace/analysis"
	"redan/ui/format"
)

// keyName is the name of a key in JSON, as --scan writes it.
type keyName struct {
	name  string
	ascii bool // as --quoted-json has it
}

// MarshalJSON implements json.Marshaler.
func (k keyName) MarshalJSON() ([]byte, error) {
	mode := format.JSON
	if k.ascii {
		mode = format.QuotedJSON
	}
	return KeyLines{Mode: mode}.append(nil, k.name), nil
}

func (e Ending) name(name string) keyName { return keyName{name, e.Quoted} }

// ended is what all documents tell of the reading.
type ended struct {
	Schema      string    `json:"schema"` // redan.keys/1 for all of them
	Mode        string    `json:"mode"`
	Sampled     int64     `json:"sampled"`
	Expected    *int64    `json:"expected"` // null when it was not told
	Complete    bool      `json:"complete"`
	Interrupted bool      `json:"interrupted"`
	Failed      []string  `json:"failed"`
	Resume      []string  `json:"resume"`
	Refusals    []Refused `json:"refusals"`
	Nodes       []string  `json:"nodes"`
}

func (e Ending) document(mode string, sampled int64) ended {
	d := ended{
		Schema: "redan.keys/1", Mode: mode, Sampled: sampled, Complete: e.complete(), Interrupted: e.Interrupted, Failed: notNil(e.Failed),
		Resume: notNil(e.Resume), Refusals: notNil(e.Refusals), Nodes: notNil(e.Nodes),
	}
	if e.Expected >= 0 {
		d.Expected = &e.Expected
	}
	return d
}

// notNil makes [] of what would be null.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// sizedKey is a key and how big it is.
type sizedKey struct {
	Key  keyName `json:"key"`
	Type string  `json:"type"`
	Size int64   `json:"size"`
	Unit string  `json:"unit"`
	Node string  `json:"node"`
}

func (e Ending) sized(k analysis.Entry, unit string) sizedKey {
	return sizedKey{e.name(k.Name), k.Type, k.Size, unit, e.node(k.Node)}
}

func (e Ending) sizedOrNone(k analysis.Entry, unit string) *sizedKey {
	if k.Size == 0 {
		return nil
	}
	sized := e.sized(k, unit)
	return &sized
}

func (e Ending) node(i int) string {
	if i < len(e.Nodes) {
		return e.Nodes[i]
	}
	return ""
}

// Document is what --bigkeys and --memkeys know.
func (b *BigKeys) Document(e Ending) any {
	type sum struct {
		Type    string    `json:"type"`
		Keys    int64     `json:"keys"`
		Percent float64   `json:"percent"`
		Total   int64     `json:"total"`
		Average float64   `json:"average"`
		Unit    string    `json:"unit"`
		Biggest *sizedKey `json:"biggest"`
	}
	document := struct {
		ended
		NameBytes int64 `json:"name_bytes"`
		Types     []sum `json:"types"`
	}{ended: e.document(b.mode, b.tally.Sampled), NameBytes: b.tally.NameBytes}
	for _, t := range b.tally.Types() {
		document.Types = append(document.Types, sum{
			t.Type, t.Keys, percent(t.Keys, b.tally.Sampled), t.Total, average(t.Total, t.Keys), t.Unit, e.sizedOrNone(t.Biggest, t.Unit),
		})
	}
	return document
}

// Document is what --hotkeys knows.
func (h *HotKeys) Document(e Ending) any {
	type hot struct {
		Key     keyName `json:"key"`
		Counter int64   `json:"counter"`
		Node    string  `json:"node"`
	}
	hottest := h.tally.Keys()
	keys := make([]hot, 0, len(hottest))
	for _, k := range hottest {
		keys = append(keys, hot{e.name(k.Name), k.Size, e.node(k.Node)})
	}
	return struct {
		ended
		Hottest []hot `json:"hottest"`
	}{e.document("hotkeys", h.tally.Sampled), keys}
}

// step is a line of a distribution.
type step struct {
	Size       int64   `json:"size"`
	Percentile float64 `json:"percentile"`
	Keys       int64   `json:"keys"`
}

func steps(of []analysis.Step) []step {
	all := make([]step, 0, len(of))
	for _, s := range of {
		all = append(all, step{s.Size, s.Percentile, s.Keys})
	}
	return all
}

type typeStats struct {
	Type          string    `json:"type"`
	Keys          int64     `json:"keys"`
	Percent       float64   `json:"percent"`
	Memory        int64     `json:"memory"`
	AverageMemory float64   `json:"average_memory"`
	Length        *int64    `json:"length"` // null for types whose length nobody knows
	AverageLength *float64  `json:"average_length"`
	Unit          string    `json:"unit"`
	Largest       *sizedKey `json:"largest"`
	Longest       *sizedKey `json:"longest"`
}

type sizeDistribution struct {
	Total       int64            `json:"total"`
	Mean        float64          `json:"mean"`
	StdDev      float64          `json:"standard_deviation"`
	Percentiles map[string]int64 `json:"percentiles"`
	Steps       []step           `json:"distribution"`
}

type nameDistribution struct {
	Total   int64   `json:"total"`
	Mean    float64 `json:"mean"`
	Longest int64   `json:"longest"`
	Steps   []step  `json:"distribution"`
}

// Document is what --keystats knows.
func (s *KeyStats) Document(e Ending) any {
	t := s.tally
	top, sums := t.Largest(), t.Types()
	largest, types := make([]sizedKey, 0, len(top)), make([]typeStats, 0, len(sums))
	for _, k := range top {
		largest = append(largest, e.sized(k, "bytes"))
	}
	for _, sum := range sums {
		types = append(types, e.typeStats(sum, t.Sampled))
	}
	return struct {
		ended
		Largest []sizedKey       `json:"largest"`
		Types   []typeStats      `json:"types"`
		Sizes   sizeDistribution `json:"key_sizes"`
		Names   nameDistribution `json:"name_lengths"`
	}{
		e.document("keystats", t.Sampled), largest, types,
		sizeDistribution{t.Memory, t.Sizes.Mean(), t.Sizes.StdDev(), percentiles(t.Sizes), steps(t.Sizes.Steps())},
		nameDistribution{t.Names.Total, average(t.Names.Total, t.Sampled), t.Names.Longest, steps(t.Names.Steps())},
	}
}

func (e Ending) typeStats(t *analysis.TypeStats, sampled int64) typeStats {
	stats := typeStats{
		Type: t.Type, Keys: t.Keys, Percent: percent(t.Keys, sampled), Memory: t.Memory, AverageMemory: average(t.Memory, t.Keys), Unit: t.Unit,
		Largest: e.sizedOrNone(t.Largest, "bytes"), Longest: e.sizedOrNone(t.Longest, t.Unit),
	}
	if t.Unit != "?" {
		mean := average(t.Length, t.Keys)
		stats.Length, stats.AverageLength = &t.Length, &mean
	}
	return stats
}

// percentiles are those that people ask for.
func percentiles(s *analysis.Sizes) map[string]int64 {
	all := map[string]int64{}
	for name, percent := range map[string]float64{"50": 50, "90": 90, "95": 95, "99": 99, "99.9": 99.9, "99.99": 99.99} {
		all[name] = s.AtPercentile(percent)
	}
	return all
}
