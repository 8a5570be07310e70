package kit

// Rect is a part of the screen, in cells; X and Y are 0 at the top left.
type Rect struct{ X, Y, W, H int }

// Empty reports whether nothing fits into r.
func (r Rect) Empty() bool { return r.W <= 0 || r.H <= 0 }

// Contains reports whether the cell at x, y is in r.
func (r Rect) Contains(x, y int) bool { return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H }
