package kit

// List is a cursor in rows of which a window is shown. It knows no rows, only how many there are.
type List struct {
	Cursor int
	Top    int // the first row shown
}

// Move moves the cursor by n rows, within count rows of which height are shown.
func (l List) Move(n, count, height int) List { return l.To(l.Cursor+n, count, height) }

// To moves the cursor to a row, and the window so that it is seen.
func (l List) To(row, count, height int) List {
	l.Cursor = max(0, min(row, count-1))
	return l.Fit(count, height)
}

// Fit puts the window right after rows, count or height changed.
func (l List) Fit(count, height int) List {
	height = max(1, height)
	l.Cursor = max(0, min(l.Cursor, count-1))
	l.Top = max(0, min(l.Top, count-height))
	l.Top = min(l.Top, l.Cursor)
	if l.Cursor >= l.Top+height {
		l.Top = l.Cursor - height + 1
	}
	return l
}

// Shift keeps the cursor on its row, and the row at its place on the screen, after n rows came (or, negative, went) above it.
func (l List) Shift(n int) List {
	l.Cursor += n
	l.Top = max(0, l.Top+n)
	return l
}
