package explain

// automaton finds all of a set of phrases in one pass (Aho and Corasick). A phrase is what wordsOf returns, or that with a $ behind it
// for one that must end its line.
type automaton struct {
	classes *[256]uint8
	next    [][classNumber]uint16
	phrase  []int32  // by state: the phrase that ends there, or -1
	shorter []uint16 // by state: the state of the longest phrase that ends there too, 0 for none
	lengths []int    // of phrases, without their leading space
}

// hit is a phrase that was found.
type hit struct {
	phrase int
	end    int // offset of the byte behind its last word
	read   int // characters of words read since the line began, the phrase's included
}

// root is the state in which nothing has been read.
const root = 0

// newAutomaton builds the automaton of phrases, which must all be different and begin with a space.
func newAutomaton(phrases []string) *automaton {
	most := 1
	for _, phrase := range phrases {
		most += len(phrase)
	}
	m := &automaton{
		classes: classesOfBytes(), lengths: make([]int, len(phrases)),
		next: make([][classNumber]uint16, 0, most), phrase: make([]int32, 0, most), shorter: make([]uint16, 0, most),
	}
	m.addState()
	for i, phrase := range phrases {
		m.add(phrase, int32(i))
		m.lengths[i] = len(phrase) - 1
	}
	m.link()
	return m
}

func (m *automaton) addState() uint16 {
	m.next = append(m.next, [classNumber]uint16{})
	m.phrase = append(m.phrase, -1)
	m.shorter = append(m.shorter, root)
	return uint16(len(m.next) - 1) //nolint:gosec // a test holds the table below 65,536 states
}

func (m *automaton) add(phrase string, index int32) {
	state := uint16(root)
	for i := range len(phrase) {
		class := m.classes[phrase[i]]
		if phrase[i] == '$' {
			class = classEnd
		}
		if m.next[state][class] == root {
			added := m.addState()
			m.next[state][class] = added
		}
		state = m.next[state][class]
	}
	m.phrase[state] = index
}

// link completes the transitions, breadth first: where a phrase does not go on, the longest end of what was read that begins one does.
func (m *automaton) link() {
	fallback := make([]uint16, len(m.next))
	queue := []uint16{root}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		if shorter := fallback[state]; m.phrase[shorter] >= 0 {
			m.shorter[state] = shorter
		} else {
			m.shorter[state] = m.shorter[shorter]
		}
		for class := range m.next[state] {
			to, otherwise := m.next[state][class], m.next[fallback[state]][class]
			switch {
			case to == root && state != root:
				m.next[state][class] = otherwise
			case to != root:
				if state != root {
					fallback[to] = otherwise
				}
				queue = append(queue, to)
			}
		}
	}
}

// cursor is where a scan stands. The zero value stands before a text.
type cursor struct {
	state   uint16
	started bool // a space was read that no other follows
	spaced  bool
	read    int // characters of words since the line began
}

// scan reads a line, or a part of one, and appends the phrases it finds. A phrase may have begun in what was scanned before.
func (m *automaton) scan(c *cursor, line []byte, hits []hit) []hit {
	if !c.started {
		c.state, c.started, c.spaced = m.next[root][classSpace], true, true
	}
	state, spaced, read := c.state, c.spaced, c.read
	for i := range line {
		class := m.classes[line[i]]
		if class == classNone {
			continue
		}
		isSpace := class == classSpace
		if isSpace && spaced {
			continue
		}
		spaced = isSpace
		read++
		state = m.next[state][class]
		if m.phrase[state] >= 0 || m.shorter[state] != root {
			hits = m.appendHits(hits, state, i, read)
		}
	}
	c.state, c.spaced, c.read = state, spaced, read
	return hits
}

// endLine reads the end of a line of length bytes. It counts as a space: what follows may go on with a phrase.
func (m *automaton) endLine(c *cursor, length int, hits []hit) []hit {
	if !c.started {
		c.state, c.started, c.spaced = m.next[root][classSpace], true, true
	}
	if !c.spaced {
		c.state, c.spaced = m.next[c.state][classSpace], true
		c.read++
		if m.phrase[c.state] >= 0 || m.shorter[c.state] != root {
			hits = m.appendHits(hits, c.state, length, c.read)
		}
	}
	if last := m.next[c.state][classEnd]; m.phrase[last] >= 0 || m.shorter[last] != root {
		hits = m.appendHits(hits, last, length, c.read+1)
	}
	c.read = 0
	return hits
}

func (m *automaton) appendHits(hits []hit, state uint16, end, read int) []hit {
	if m.phrase[state] < 0 {
		state = m.shorter[state]
	}
	for state != root {
		hits = append(hits, hit{phrase: int(m.phrase[state]), end: end, read: read})
		state = m.shorter[state]
	}
	return hits
}

// beganBefore reports whether the phrase began before the line it ended in.
func (m *automaton) beganBefore(h hit) bool { return m.lengths[h.phrase] > h.read }

// start returns the offset of the first byte of a phrase found in text.
func (m *automaton) start(text []byte, h hit) int {
	end := min(h.end, len(text))
	left := m.lengths[h.phrase] - 1 // without the space behind it
	spaced, at := true, end
	for i := end - 1; i >= 0 && left > 0; i-- {
		switch m.classes[text[i]] {
		case classNone:
			continue
		case classSpace:
			if spaced {
				continue
			}
			spaced = true
		default:
			spaced, at = false, i
		}
		left--
	}
	return at
}
