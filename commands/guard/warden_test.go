package guard_test

import (
	"context"
	"strings"
	"testing"

	"redan/commands"
	"redan/commands/guard"
)

// TestWardenAsksTheServer holds that what the table lacks is asked of the server, once, and that large collections are weighed.
func TestWardenAsksTheServer(t *testing.T) {
	asked := 0
	server := guard.Server{
		Describe: func(_ context.Context, name string) *commands.Table {
			asked++
			flags := map[string]string{"json.get": "readonly", "json.set": "write"}[name]
			if flags == "" {
				return nil
			}
			live, err := commands.ParseCommands([]byte(`[["` + name + `",-2,["` + flags + `"],1,1,1]]`))
			if err != nil {
				t.Fatal(err)
			}
			return live
		},
		Count: func(_ context.Context, words []string) (int64, bool) {
			return map[string]int64{"HLEN large": 200_000, "HLEN small": 3}[strings.Join(words, " ")], words[1] != "hash"
		},
	}
	w := guard.NewWarden(guard.Policy{ReadOnly: true, Production: true}, "orders-prod", table(t), server)
	for _, test := range []struct{ line, want string }{
		{"JSON.GET k", ""},
		{"json.get k", ""},
		{"JSON.SET k $ 1", "JSON.SET was not sent: it writes, and orders-prod is read-only"},
		{"FROB k", "FROB was not sent: it may write: the server does not say what it does, and orders-prod is read-only"},
		{"frob k", "FROB was not sent: it may write: the server does not say what it does, and orders-prod is read-only"},
		{"HGETALL small", ""},
		{"HGETALL hash", ""},
		{
			"HGETALL large",
			"HGETALL was not sent: it reads 200000 elements at once, and others wait meanwhile, and orders-prod is a production server (instead: HSCAN)",
		},
		{"EVAL x 0", "EVAL was not sent: it may write: nobody can know what a script does, and orders-prod is read-only (instead: EVAL_RO)"},
		{"", ""},
	} {
		got := ""
		if o := w.Check(t.Context(), strings.Fields(test.line)); o != nil {
			got = o.Error()
		}
		if got != test.want {
			t.Errorf("%q:\n%s\nwant\n%s", test.line, got, test.want)
		}
	}
	if asked != 3 {
		t.Errorf("the server was asked %d times, want once for each of three commands", asked)
	}
	w.SetReadOnly(false)
	if o := w.Check(t.Context(), []string{"JSON.SET", "k", "$", "1"}); o != nil {
		t.Error(o)
	}
	if o := w.Check(t.Context(), []string{"FLUSHALL"}); o == nil || o.Decision != guard.Confirm || !strings.Contains(o.Error(), "production") {
		t.Error(o)
	}
}

// TestNoWarden holds that without a policy nothing is asked, let alone refused.
func TestNoWarden(t *testing.T) {
	var none *guard.Warden
	server := guard.Server{Describe: func(context.Context, string) *commands.Table { t.Error("asked"); return nil }}
	for _, w := range []*guard.Warden{none, guard.NewWarden(guard.Policy{}, "", table(t), server)} {
		if o := w.Check(t.Context(), []string{"FROB"}); o != nil {
			t.Error(o)
		}
		if w.Policy().Active() || w.Profile() != "" {
			t.Error("active")
		}
	}
}
