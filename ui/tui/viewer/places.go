package viewer

import (
	"slices"

	"redan/ui/tui/kit"
	"redan/ui/view"
)

// places are where the cursor stood in values that are not on screen any more, the last left at the end.
type places []standing

type standing struct {
	key   string
	place view.Place
	list  kit.List
}

// placesKept is how many are remembered.
const placesKept = 200

// standing is where the cursor is in the value on screen: from which page on, and on which row.
func (p Pane) standing() (view.Place, kit.List) {
	if len(p.faces) == 0 {
		return view.Place{}, kit.List{}
	}
	f := p.faces[0]
	switch {
	case !f.isTable:
		return f.doc.place, f.list
	case f.table.bothEnds() && f.table.less && len(f.table.elements) > 0:
		return view.PlaceHere(f.table.request, f.table.elements[0]), f.list
	}
	return view.Place{}, f.list
}

// leave remembers where the cursor is in the value on screen.
func (s places) leave(p Pane) places {
	if p.value.state != here || len(p.faces) == 0 {
		return s
	}
	place, list := p.standing()
	kept := slices.DeleteFunc(slices.Clone(s), func(other standing) bool { return other.key == p.value.key })
	kept = append(kept, standing{key: p.value.key, place: place, list: list})
	return kept[max(0, len(kept)-placesKept):]
}

// of is where the cursor stood in the value of a key.
func (s places) of(key string) (view.Place, kit.List) {
	for _, one := range s {
		if one.key == key {
			return one.place, one.list
		}
	}
	return view.Place{}, kit.List{}
}
