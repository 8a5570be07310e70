package keys

import (
	"fmt"
	"testing"

	"redan/ui/tui/kit"
)

// TestLargePagesHoldNoKeyUp takes in a page by slices, smaller ones while keys are pressed, and loses nothing.
func TestLargePagesHoldNoKeyUp(t *testing.T) {
	t.Parallel()
	page := make([]string, 5*sliceKeys/2)
	for i := range page {
		page[i] = fmt.Sprintf("key:%d", i)
	}
	p, _, run := fresh(t, page, []string{"other"})
	read, ok := p.Init()().(batchRead)
	if !ok {
		t.Fatal("no page was read")
	}
	p, next := p.Update(read)
	if p.tree.Len() != sliceKeys || p.load.progress.Done {
		t.Fatalf("%d keys were taken in at once, want %d", p.tree.Len(), sliceKeys)
	}
	p, _ = p.Update(kit.Press("down"))
	p, more := p.Update(sliceDue{p.stamp(p.load.gen)})
	if got := p.tree.Len() - sliceKeys; got != pressedSlice {
		t.Fatalf("%d keys were taken in at once while keys are pressed, want %d", got, pressedSlice)
	}
	p, _ = run(p, next)
	p, _ = run(p, more)
	if p.tree.Len() != len(page)+1 || !p.load.progress.Done || p.load.taking {
		t.Errorf("%d of %d keys, done: %v", p.tree.Len(), len(page)+1, p.load.progress.Done)
	}
}

// TestTheNextPageComesMeanwhile asks for more before all is taken in, and for no more than can be.
func TestTheNextPageComesMeanwhile(t *testing.T) {
	t.Parallel()
	p, _, _ := fresh(t, []string{"a"})
	read := func(keys int) batchRead {
		msg, _ := p.Init()().(batchRead)
		for i := range keys {
			msg.batches[0].Keys = append(msg.batches[0].Keys, fmt.Sprint(i))
		}
		msg.batches[0].Done = false
		return msg
	}
	few, _ := p.Update(read(sliceKeys + gatherKeys/2))
	many, _ := p.Update(read(sliceKeys + 2*gatherKeys))
	if !few.load.waiting || many.load.waiting {
		t.Errorf("asked for the next page with little left: %v, with much left: %v; want only the first", few.load.waiting, many.load.waiting)
	}
}
