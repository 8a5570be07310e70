package kit

import "testing"

// FuzzList holds that wherever a cursor is moved, it stands on a row, and the row is in sight.
func FuzzList(f *testing.F) {
	f.Add([]byte{1, 200, 3, 40}, uint8(10), uint8(3))
	f.Add([]byte{0, 0, 255, 128, 7}, uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, moves []byte, rows, lines uint8) {
		count, height := int(rows), int(lines)
		var l List
		for _, m := range moves {
			n := int(int8(m)) // half of them go up
			switch m % 4 {
			case 0:
				l = l.Move(n, count, height)
			case 1:
				l = l.To(n, count, height)
			case 2:
				count = max(0, count+n)
				l = l.Fit(count, height)
			case 3:
				height = max(0, height+n)
				l = l.Fit(count, height)
			}
			if count == 0 {
				if l != (List{}) {
					t.Fatalf("%+v in no rows", l)
				}
				continue
			}
			seen := max(1, height)
			if l.Cursor < 0 || l.Cursor >= count || l.Top < 0 || l.Cursor < l.Top || l.Cursor >= l.Top+seen {
				t.Fatalf("%+v in %d rows, of which %d are shown", l, count, seen)
			}
			if l.Top > 0 && l.Top+seen > count {
				t.Fatalf("%+v leaves lines free with %d rows in %d lines", l, count, seen)
			}
		}
	})
}

// TestShift keeps the row under the cursor, and its place on the screen, when rows come or go above it.
func TestShift(t *testing.T) {
	t.Parallel()
	l := List{}.To(20, 100, 10)
	for _, n := range []int{5, -5, 30} {
		if got := l.Shift(n); got.Cursor != l.Cursor+n || got.Cursor-got.Top != l.Cursor-l.Top {
			t.Errorf("after %d rows came above, %+v is %+v", n, l, got)
		}
	}
	if got := l.Shift(-15); got.Top != 0 || got.Cursor != 5 {
		t.Errorf("at the top it is %+v", got)
	}
}
