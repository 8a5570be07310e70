package modes

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"redan/commands/latency"
	"redan/ui/theme"
)

func cacheRow() latency.CacheRow {
	return latency.CacheRow{Elapsed: time.Second, Hits: 216108, Misses: 642}
}

func TestCacheRow(t *testing.T) {
	row := cacheRow()
	if got, want := string(AppendCacheRow(nil, row)), "216750 Gets/sec | Hits: 216108 (99.70%) | Misses: 642 (0.30%)\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	row.Errors, row.Elapsed = 12, 500*time.Millisecond
	if got, want := string(AppendCacheRow(nil, row)), "433500 Gets/sec | Hits: 216108 (99.70%) | Misses: 642 (0.30%) | Errors: 12\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := string(AppendCacheRow(nil, latency.CacheRow{})), "0 Gets/sec | Hits: 0 (0.00%) | Misses: 0 (0.00%)\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	var parsed map[string]float64
	if err := json.Unmarshal(AppendCacheJSON(nil, row), &parsed); err != nil || parsed["gets"] != 216750 || parsed["errors"] != 12 || parsed["gets_per_second"] != 433500 {
		t.Errorf("%v, %v", parsed, err)
	}
	if got := string(AppendCacheJSON(nil, latency.CacheRow{})); !strings.Contains(got, `"hit_rate":null`) {
		t.Errorf("nothing asked for: %s", got)
	}
}

func TestCacheScreen(t *testing.T) {
	row := cacheRow()
	for width, want := range map[int]string{
		100: "216750 Gets/sec | Hits: 216108 (99.70%) | Misses: 642 (0.30%)             ###################-\n",
		80:  "216750 Gets/sec | Hits: 216108 (99.70%) | Misses: 642 (0.30%)\n",
		60:  "217k gets/s  hits 99.70%  misses 0.30%\n",
		10:  "217k gets/\n",
	} {
		if got := string(CacheScreen{Screen{Plain: true}}.Append(nil, row, width)); got != want {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
	}
	row.Errors = 1 << 40
	for width := 1; width <= 200; width++ {
		line := strings.TrimSuffix(string(CacheScreen{Screen{Theme: theme.New(true)}}.Append(nil, row, width)), "\n")
		if got := ansi.StringWidth(line); got > width {
			t.Errorf("%d columns: %d cells: %q", width, got, line)
		}
	}
}

func TestCacheWarning(t *testing.T) {
	for want, limits := range map[string]latency.CacheLimits{
		"":           {MaxMemory: 1 << 20, Policy: "allkeys-lru"},
		"is not set": {Policy: "allkeys-lru"},
		"noeviction": {MaxMemory: 1 << 20, Policy: "noeviction"},
		"volatile-":  {MaxMemory: 1 << 20, Policy: "volatile-lfu"},
	} {
		if got := CacheWarning(limits, 10); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%+v: %q, want something about %q", limits, got, want)
		}
	}
}
