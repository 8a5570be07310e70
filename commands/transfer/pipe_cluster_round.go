package transfer

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

const (
	// roundSize is about how much of the input goes into a round: enough for a line on which a round trip takes long.
	roundSize = 256 << 10
	// mostHops ends a chase among masters that do not agree.
	mostHops = 16
	// unservedFor is how long a slot that nobody serves is waited for, altogether: it may be on its way.
	unservedFor = 5 * time.Second
	// unservedPause is the time between two tries.
	unservedPause = 100 * time.Millisecond
)

// parcel is a command on its way.
type parcel struct {
	text      string // as it came
	number    int64
	node      int
	asking    bool
	answered  bool
	refused   bool   // by an error reply, which says
	failure   string // so
	shortened bool   // it was longer
}

// Errors of what is no command, or not one.
var (
	errNoCommand = errors.New("standard input is not made of commands")
	errQuotes    = errors.New("the quotes of this line do not match")
)

// pack sorts the whole commands at the beginning of text by their masters. The error is about the command at size.
func (p *ClusterPipe) pack(ctx context.Context, text string) (round []parcel, size int, err error) {
	round, p.refreshed = p.parcels[:0], false
	defer func() { p.parcels = round }()
	for size < len(text) {
		n, err := p.command(text[size:])
		if err == nil && n == 0 {
			break
		}
		if err != nil {
			return round, size, &UnsendableError{Command: p.routed + 1, Err: err}
		}
		if len(p.words) > 0 {
			key, keyed, err := p.Key(p.words)
			if err != nil {
				return round, size, &UnsendableError{Command: p.routed + 1, Name: p.words[0], Err: err}
			}
			p.routed++
			c := parcel{text: text[size : size+n], number: p.routed, node: p.Keyless}
			if keyed {
				c.node = p.owner(ctx, key)
			}
			round = append(round, c)
		}
		size += n
	}
	return round, size, nil
}

// owner is the master for a key. Where none is known, any can tell.
func (p *ClusterPipe) owner(ctx context.Context, key string) int {
	node, ok := p.Masters.Owner(key)
	if !ok && !p.refreshed {
		p.refreshed = true
		_ = p.Masters.Refresh(ctx)
		node, ok = p.Masters.Owner(key)
	}
	if !ok {
		return p.Keyless
	}
	return node
}

// command cuts the command at the beginning of text into p.words. Its size is 0 when it is not whole.
func (p *ClusterPipe) command(text string) (size int, err error) {
	p.words = p.words[:0]
	if text[0] == '*' {
		p.words, size, err = appendRequest(p.words, text)
		return size, err
	}
	line, _, whole := strings.Cut(text, "\n")
	if !whole {
		return 0, nil
	}
	words, err := p.Split(line)
	if err != nil {
		return 0, errQuotes
	}
	p.words = append(p.words, words...)
	return len(line) + 1, nil
}

// appendRequest appends the arguments of the RESP command at the beginning of text to words. The size of the command is 0 when it is not
// whole.
func appendRequest(words []string, text string) (all []string, size int, err error) {
	count, at, err := announced(text, 0, '*')
	if at == 0 || err != nil {
		return words, 0, err
	}
	for range count {
		length, begin, err := announced(text, at, '$')
		if begin == 0 || err != nil {
			return words[:0], 0, err
		}
		end := int64(begin) + length
		if end+int64(len(lineBreak)) > int64(len(text)) {
			return words[:0], 0, nil
		}
		words = append(words, text[begin:end])
		at = int(end) + len(lineBreak)
	}
	return words, at, nil
}

// announced reads the line at a place that says how many arguments come, or how long one is, and returns where it ends; 0 when it is not whole.
func announced(text string, at int, mark byte) (n int64, end int, err error) {
	if at >= len(text) {
		return 0, 0, nil
	}
	if text[at] != mark {
		return 0, 0, errNoCommand
	}
	line, _, whole := strings.Cut(text[at+1:min(len(text), at+longestHead+2)], "\r")
	switch {
	case !whole && len(line) > longestHead:
		return 0, 0, errNoCommand
	case !whole, at+1+len(line)+len(lineBreak) > len(text):
		return 0, 0, nil
	}
	n, ok := decimal([]byte(line))
	if !ok || mark == '$' && n < 0 {
		return 0, 0, errNoCommand
	}
	return n, at + 1 + len(line) + len(lineBreak), nil
}

// deliver sends a round and reads the replies to it. What is redirected goes on to where that says.
func (p *ClusterPipe) deliver(ctx context.Context, round []parcel) error {
	open := p.open[:0]
	for i := range round {
		open = append(open, &round[i])
	}
	p.open = open
	for hops := 0; len(open) > 0; hops++ {
		if err := p.exchange(ctx, open); err != nil {
			return err
		}
		again, unserved := p.redirected(open, hops)
		if len(again) > 0 {
			_ = p.Masters.Refresh(ctx) // redirections tell what is still wrong
		}
		if unserved {
			hops = 0
			p.pause(ctx)
		}
		open = again
	}
	return nil
}

// redirected returns the commands that are to be sent again, in their order, and whether that is because nobody serves them now.
func (p *ClusterPipe) redirected(sent []*parcel, hops int) (again []*parcel, unserved bool) {
	for _, c := range sent {
		if !c.refused {
			continue
		}
		switch word, _, _ := strings.Cut(c.failure, " "); word {
		case "MOVED", "ASK":
			to, asking, ok := p.Masters.Redirect(c.node, c.failure)
			if !ok || hops >= mostHops {
				continue
			}
			c.node, c.asking = to, asking
		case "TRYAGAIN", "CLUSTERDOWN":
			if p.gaveUp {
				continue
			}
			unserved = true
		default:
			continue
		}
		c.answered, c.refused, c.shortened = false, false, false
		again = append(again, c)
	}
	return again, unserved
}

// pause waits a little for slots that nobody serves.
func (p *ClusterPipe) pause(ctx context.Context) {
	select {
	case <-time.After(unservedPause):
	case <-ctx.Done():
	}
	p.waited += unservedPause
	p.gaveUp = p.waited >= unservedFor
}

// exchange sends each master its commands and reads the replies, all at the same time.
func (p *ClusterPipe) exchange(ctx context.Context, commands []*parcel) error {
	byNode := map[int][]*parcel{}
	for _, c := range commands {
		byNode[c.node] = append(byNode[c.node], c)
	}
	var wait sync.WaitGroup
	failures := make(chan error, len(byNode))
	for node, theirs := range byNode {
		wait.Go(func() {
			l, err := p.link(ctx, node)
			if err == nil {
				err = l.exchange(ctx, theirs)
			}
			if err != nil {
				time.AfterFunc(lastWords, func() { p.halt(errLost) })
				failures <- err
			}
		})
	}
	wait.Wait()
	select {
	case err := <-failures: // the first one
		return err
	default:
		return nil
	}
}
