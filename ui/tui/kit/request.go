package kit

import "time"

// What the root tells its panes, beside the window size (that of the pane), keys, mouse (relative to the pane), paste and focus.
type (
	// Tick comes once a second while the window has the focus.
	Tick struct {
		Sealed
		Now time.Time
	}
	// Offline tells that the connection is lost. What is on screen stays; nothing need be asked until Online.
	Offline struct{ Sealed }
	// Online tells that the connection stands again.
	Online struct{ Sealed }
	// Restyle tells that things are drawn in another way from now on.
	Restyle struct {
		Sealed
		Look Look
	}
	// Cancel tells that the user gave up waiting.
	Cancel struct{ Sealed }
)

// Questions of a pane that the root asks the user, over all panes. Every pane gets every answer: so that none takes another's for its
// own, the keys number from 101, the value from 201, the console from 301.
type (
	// Confirm asks whether to go on. Sent again with the same ID it replaces the sheet on screen, so that a sample may arrive later.
	Confirm struct {
		Sealed
		ID    int // chosen by the pane; comes back in Confirmed
		Title string
		Lines []string // what will happen: counts, sample, how long, whether it can be undone
		// Word is what must be typed to go on; when it is empty, enter is enough.
		Word   string
		Action string // what enter does: "delete"
		Other  string // what e does, where there is a third way: "edit again"
		Level  Level  // Bad draws it as a danger
		Update bool   // only for the sheet on screen: when it is gone, nothing is shown
	}
	// Confirmed is the answer to Confirm.
	Confirmed struct {
		Sealed
		ID    int
		Yes   bool
		Other bool
	}
	// Ask asks for a line of text.
	Ask struct {
		Sealed
		ID      int
		Title   string
		Text    string // what is there already
		Example string // what it may look like, or what it is for
	}
	// Answered is the answer to Ask; OK is false when the user left.
	Answered struct {
		Sealed
		ID   int
		Text string
		OK   bool
	}
	// Working tells how far a longer job is. A zero Share with an empty Text ends it.
	Working struct {
		Sealed
		ID    int
		Text  string  // "deleting 12,000 of 402,310"
		Share float64 // 0 to 1
		// Cancel is the key that stops it, told behind the text: "esc".
		Cancel string
	}
)

// Crashed is what is left of a task that panicked. It holds no values, which might be secret: only where it happened.
type Crashed struct {
	Sealed
	What  string // the kind of panic
	Stack string // functions, files and lines
}

// GoToKey asks for a key to be shown and for the cursor of the list to go to it, as a visit that can be gone back from.
type GoToKey struct {
	Sealed
	Key  string
	Type string // as TYPE says; empty when it is not known
}

// FocusValue asks for the keyboard to go to the value of the key that was opened.
type FocusValue struct{ Sealed }

// FocusKeys asks for the keyboard to go back to the keys.
type FocusKeys struct{ Sealed }
