package keytree

// Sample returns n different keys of a branch that pass the filter, each as likely as the next, or all of them where there are no more;
// for a key it returns that. intn(k) is a random number in [0, k). It costs a walk down the tree for each.
func (t *Tree) Sample(id ID, n int, intn func(int64) int64) []string {
	ref, ok := t.resolve(id)
	if !ok || n <= 0 {
		return nil
	}
	if ref&branchBit == 0 {
		return []string{t.keys.key(ref)}
	}
	ix := t.shown()
	br := ix.at(ref &^ branchBit)
	count := int(br.below.keys)
	sample := make([]string, 0, min(n, count))
	if count <= n {
		for key := range t.Below(id) {
			sample = append(sample, key)
		}
		return sample
	}
	// Floyd's way: n of count places, none twice.
	chosen := make(map[int]bool, n)
	for last := count - n; last < count; last++ {
		at := int(intn(int64(last) + 1))
		if chosen[at] {
			at = last
		}
		chosen[at] = true
		w := window{index: ix, flat: true, skip: at, left: 1}
		w.page(&br.page, 0, 0)
		sample = append(sample, w.rows[0].Key)
	}
	return sample
}
