package repl

import "io"

// sink is a writer whose errors do not stop the one who writes: a reply must be
// read to its end whether anybody wants to see it or not.
type sink struct {
	out     io.Writer
	err     error // the first error; nothing is written after it
	midLine bool
}

// Write implements io.Writer. It never fails.
func (s *sink) Write(data []byte) (int, error) {
	if len(data) == 0 {
		return 0, nil
	}
	s.midLine = data[len(data)-1] != '\n'
	if s.err == nil {
		_, s.err = s.out.Write(data)
	}
	return len(data), nil
}

// lineStart ends a line that was begun.
func (s *sink) lineStart() {
	if s.midLine {
		_, _ = s.Write([]byte{'\n'})
	}
}
