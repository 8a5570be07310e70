package viewer

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"redan/commands/edit"
	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// The results of tasks.
type (
	slowDue struct{ stamp }
	opened  struct {
		stamp
		facts   view.Facts
		face    face
		at      time.Time
		noLives bool
		err     error
	}
	paged struct {
		stamp
		request view.Request
		page    view.Page
		err     error
	}
	shown struct {
		stamp
		face face
		list kit.List
		end  bool // the cursor goes to the last row
		push bool // it lies over the face that asked, and does not take its place
		what string
		err  error
	}
	counted struct {
		stamp
		text string
		what string
		err  error
	}
	sought struct {
		stamp
		target view.Target
		err    error
	}
)

// openValue reads what is known of a key, and the first page of its value.
func openValue(ctx context.Context, client kit.Client, now func() time.Time, r view.Request, hint string, decoder decode.Name, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) opened {
		facts, err := view.ReadFacts(ctx, client, r.Key, hint)
		result := opened{stamp: s, facts: facts, at: now(), err: err}
		if err != nil {
			return result
		}
		r.Type, r.Memory = facts.Type, facts.Memory
		r.Count = view.PageSize(facts)
		if r.Type == view.String {
			r.Count = view.StringPage
			if facts.Length <= view.WholeString {
				r.Count, r.Place = view.WholeString, view.Place{}
			}
		}
		page, err := view.Load(ctx, client, r)
		if err != nil {
			result.err = err
			return result
		}
		if page.Length != view.Missing {
			result.facts.Length = page.Length
		}
		result.noLives = page.NoFieldLife
		result.face = newFace(r, page, through(decoder, page.Input))
		return result
	})
}

// newFace makes the face for a page: a table, or a document.
func newFace(r view.Request, page view.Page, chain decode.Chain) face {
	switch {
	case page.TooLong:
		f := face{doc: newDocument(decode.Value(nil), nil, page.Length)}
		f.doc.tooLong = true
		return f
	case page.Elements != nil, collection(r.Type):
		t := newTable(r, page)
		return face{isTable: true, table: t}
	}
	f := face{doc: newDocument(page.Input, chain, page.Length)}
	f.doc.request, f.doc.place = r, r.Place
	f.doc.before, f.doc.after, f.doc.less, f.doc.more = page.Before, page.After, page.HasBefore, page.HasAfter
	if sketch, ok := view.ParseSketch(page.Input.Bytes); ok && r.Type == view.String && page.Input.Offset == 0 {
		f.doc.sketch = &sketch
	}
	return f
}

// collection reports whether keys of a type have elements.
func collection(kind string) bool {
	switch kind {
	case view.Hash, view.List, view.Set, view.ZSet, view.Stream, view.Vector:
		return true
	}
	return false
}

// readPage reads the next page of a table.
func readPage(ctx context.Context, client kit.Client, r view.Request, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) paged {
		page, err := view.Load(ctx, client, r)
		return paged{stamp: s, request: r, page: page, err: err}
	})
}

// readFace reads what a request says and shows it in place of the face that asked, or over it.
func readFace(ctx context.Context, client kit.Client, r view.Request, result shown) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) shown {
		title, element, chain := result.face.title, result.face.element, result.face.doc.view.Chain
		page, err := view.Load(ctx, client, r)
		if err != nil {
			result.err = err
			return result
		}
		result.face = newFace(r, page, chain)
		result.face.title, result.face.element = title, element
		return result
	})
}

// readElement reads an element's value as a whole and shows it.
func readElement(ctx context.Context, client kit.Client, r view.Request, e view.Element, result shown) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) shown {
		data, err := view.ReadElement(ctx, client, r, e)
		if err != nil {
			result.err = err
			return result
		}
		title := result.face.title
		e.Value, e.Cut, e.Length = data, false, int64(len(data))
		result.face = elementFace(e, title, result.face.doc.view.Chain)
		return result
	})
}

// elementFace shows an element's value.
func elementFace(e view.Element, title string, chain decode.Chain) face {
	f := face{title: title, doc: newDocument(decode.Value(e.Value), chain, int64(len(e.Value))), element: &e}
	return f
}

// redraw shows a document through another chain; nil shows its bits.
func redraw(ctx context.Context, d document, chain decode.Chain, result shown) tea.Cmd {
	return kit.Task(ctx, func(context.Context) shown {
		next := asBits(d.input, d.whole)
		if chain != nil {
			next = newDocument(d.input, chain, d.whole)
		}
		next.window = d.window
		result.face.doc = next
		return result
	})
}

// count asks for a number that the server has to work out.
func count(ctx context.Context, work func(context.Context) (int64, error), result counted, text func(int64) string) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) counted {
		n, err := work(ctx)
		if err != nil {
			result.err = err
			return result
		}
		result.text = text(n)
		return result
	})
}

// seek finds out where something is.
func seek(ctx context.Context, client kit.Client, r view.Request, text string, at *time.Location, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) sought {
		target, err := view.Seek(ctx, client, r, text, at)
		return sought{stamp: s, target: target, err: err}
	})
}

// readVector reads a member's vector and shows it.
func readVector(ctx context.Context, client kit.Client, key string, e view.Element, result shown) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) shown {
		data, err := view.ReadVector(ctx, client, key, string(e.Name))
		if err != nil {
			result.err = err
			return result
		}
		title := result.face.title
		e.Value = data
		result.face = elementFace(e, title, nil)
		return result
	})
}

// The results of tasks that write.
type (
	prepared struct {
		stamp
		change edit.Change
		state  edit.State
		plan   bool // the change is whole: the sheet comes next
		editor bool // the user wants the editor
		err    error
	}
	written struct {
		stamp
		result edit.Result
		err    error
	}
	restored struct {
		stamp
		err error
	}
)

// OpenSession opens a connection for writes.
type OpenSession func(ctx context.Context) (Session, error)

// readState reads what a change depends on.
func readState(ctx context.Context, open OpenSession, key string, change edit.Change, result prepared) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) prepared {
		result.change = change
		result.err = withSession(ctx, open, func(s Session) (err error) {
			result.state, err = edit.Read(ctx, s, edit.Server{}, key, change)
			return err
		})
		return result
	})
}

// applyChange writes, if what was read is still there.
func applyChange(ctx context.Context, open OpenSession, change edit.Change, state edit.State, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) written {
		result := written{stamp: s}
		result.err = withSession(ctx, open, func(s Session) (err error) {
			result.result, err = edit.Apply(ctx, s, change, state)
			return err
		})
		return result
	})
}

// restoreKey takes a write back.
func restoreKey(ctx context.Context, open OpenSession, undo edit.Undo, s stamp) tea.Cmd {
	return kit.Task(ctx, func(ctx context.Context) restored {
		return restored{stamp: s, err: withSession(ctx, open, func(s Session) error {
			server, err := edit.Detect(ctx, s)
			if err != nil {
				return err
			}
			return edit.Restore(ctx, s, server, undo)
		})}
	})
}

func withSession(ctx context.Context, open OpenSession, use func(Session) error) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	return use(s)
}
