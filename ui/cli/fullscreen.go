package cli

import (
	"context"
	"os/signal"
	"runtime"
	"syscall"

	"redan/conn"
	"redan/profiles"
	"redan/ui/repl"
	"redan/ui/theme"
	"redan/ui/tui"
	"redan/ui/tui/kit"
)

// wantsFullScreen reports whether a person at a terminal gets the full screen, and not the prompt: unless they asked for the prompt with
// --repl, REDAN_FACE, the profile or the preferences, the name redis-cli promises it, or the terminal cannot show more.
func (a *app) wantsFullScreen() bool {
	if a.inv.options.REPL || a.asRedisCLI() || !a.sys.InTTY || !a.sys.OutTTY || a.dumb() {
		return false
	}
	switch face, _ := a.sys.Getenv("REDAN_FACE"); face {
	case "prompt", "repl":
		return false
	case "screen":
		return true
	}
	if a.profile != nil && a.profile.Face != "" {
		return a.profile.Face != profiles.Prompt
	}
	return a.preferences().Face != profiles.Prompt
}

// fullScreen runs the full screen until the person leaves.
func (a *app) fullScreen(ctx context.Context) int {
	d, o, err := a.dialer(ctx)
	if err != nil {
		return a.fail(err)
	}
	a.flush()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP) // the terminal must be put back
	defer stop()
	color, ascii := a.terminalCan()
	chosen := a.preferences()
	editor := a.editors()
	defer editor.removeAll()
	tool, found := findClipboard(runtime.GOOS, a.sys.Getenv, a.sys.LookPath)
	manner, plain := a.manner()
	saved := a.savedServers()
	defer saved.close()
	return tui.Run(ctx, tui.Config{
		Program: a.programName(), Version: version(),
		Dialer: d, Options: o, Follow: a.follows(), Network: a.reach.network,
		Manner: manner, Plain: plain, Profiles: saved.forScreen(), Pick: saved.several() && !a.namesServer(),
		Demo:    a.embedded,
		History: repl.NewHistory(a.historyPath(), int(chosen.History.Size)),
		Keys:    chosen.Keys, Notice: chosen.complaint,
		Theme: chosen.Theme, Colors: chosen.Colors,
		Save:   a.sys.SaveNew,
		Look:   kit.Look{Theme: theme.New(color), ASCII: ascii},
		Now:    a.sys.Now,
		Editor: editor.within(ctx), Clipboard: tool.clipboard(ctx, found),

		SaveReport: a.saveReport,

		Input: a.sys.Stdin, Output: a.sys.Stdout, Stderr: a.sys.Stderr, Environ: a.sys.Environ(),
	})
}

// editors opens the person's editor.
func (a *app) editors() *editors {
	return &editors{getenv: a.sys.Getenv, lookPath: a.sys.LookPath, tempDir: a.sys.TempDir, windows: runtime.GOOS == "windows"}
}

// embedded starts the demo for somebody who has no server, and returns what leads to it. It ends with the run.
func (a *app) embedded(ctx context.Context) (conn.Options, error) {
	o := conn.DefaultOptions()
	if a.demo == nil {
		if err := a.startDemo(ctx, &grammar{}); err != nil {
			return o, err
		}
	}
	a.demo.pointAt(&o)
	return o, nil
}
