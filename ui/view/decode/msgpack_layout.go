package decode

// separate puts a comma after the member or the element before, if there is one.
func (s *packScanner) separate(top *packFrame) {
	if last := len(s.rows) - 1; last > int(top.row) {
		s.rows[last].comma = true
	}
}

// begin appends a row for the value at start, with its name.
func (s *packScanner) begin(start int, role packRole) *packRow {
	row := packRow{value: uint32(start), name: s.named, indent: uint32(len(s.stack)), fold: -1, role: role} //nolint:gosec // bounded by the limit
	s.named = -1
	s.rows = append(s.rows, row)
	return &s.rows[len(s.rows)-1]
}

// open lays out the beginning of an array or a map with elements.
func (s *packScanner) open(start int, head packHead, isName bool) {
	role := packOpen
	if isName {
		role = packNameOpen
	}
	s.begin(start, role)
	s.stack = append(s.stack, packFrame{
		row: int32(len(s.rows) - 1), left: head.values(), pair: head.kind == packMap, name: isName, //nolint:gosec // bounded by the limit
	})
}

// closeTop lays out the end of the innermost array or map.
func (s *packScanner) closeTop() {
	top := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	role := packClose
	if top.name {
		role = packNameClose
	}
	s.begin(int(s.rows[top.row].value), role)
	s.rows[top.row].fold = int32(len(s.rows) - 1) //nolint:gosec // bounded by the limit
}

// leaf lays out a value without elements. A short name waits for its value, to share a row with it.
func (s *packScanner) leaf(start int, isName bool) {
	length := s.pos - start
	if isName && length <= longestLine && s.pos < len(s.data) {
		s.named = int32(start) //nolint:gosec // bounded by the limit
		return
	}
	role := packLeaf
	if isName {
		role = packNameLeaf
	}
	row := s.begin(start, role)
	head, _ := readPackHead(s.data[start:]) // it was read before
	if head.kind != packString {
		return
	}
	content := s.data[start+head.size : s.pos]
	for at := lineCut(content); at < len(content); at += lineCut(content[at:]) {
		row.more = true
		s.rows = append(s.rows, packRow{
			value: uint32(start), part: uint32(at), name: -1, indent: row.indent, fold: -1, role: role, //nolint:gosec // bounded by the limit
		})
		row = &s.rows[len(s.rows)-1]
	}
}
