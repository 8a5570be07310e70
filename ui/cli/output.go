package cli

import (
	"fmt"
	"io"
)

// output is standard output. It remembers the first error, for the end of the run.
type output struct {
	to  io.Writer
	err error
	// goOn makes writes succeed once one has failed: nobody reads the replies
	// any more, and the commands are still to be run.
	goOn bool
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	if o.err != nil && o.goOn {
		return len(p), nil
	}
	n, err := o.to.Write(p)
	if err == nil {
		return n, nil
	}
	if o.err == nil {
		o.err = fmt.Errorf("cannot write to standard output: %w", rootCause(err))
	}
	if o.goOn {
		return len(p), nil
	}
	return n, o.err
}

// readerLeft reports whether the reader of standard output had enough, as head
// has: that is its good right and no error of ours.
func (o *output) readerLeft() bool { return isBrokenPipe(o.err) }
