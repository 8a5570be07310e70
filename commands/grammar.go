package commands

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// What may follow a partly typed command is kept as a list of elements. Each
// typed word turns the list into the list of what may follow after it, so the
// hint is simply that list written out, and completion is what it may begin
// with. Lists are never changed in place.

// form says how much of an argument an element stands for.
type form int

const (
	whole   form = iota // the argument as documented, with token, brackets and repetition
	body                // one occurrence without its token, which has been typed
	again               // the repetitions that may follow an occurrence
	exactly             // that many occurrences: their number has been typed
	started             // the rest of an argument that has been begun
)

// element is one thing that may or must still come.
type element struct {
	form  form
	arg   *Arg      // not for started
	times int       // for exactly
	rest  []element // for started
}

// pass says what a word may be taken as. Words are tried as tokens first, so
// that WEIGHTS ends a list of keys.
type pass int

const (
	asToken pass = iota
	asValue
)

// elements makes the list for arguments of which none has been typed.
func elements(args []Arg) []element {
	list := make([]element, len(args))
	for i := range args {
		list[i] = element{form: whole, arg: &args[i]}
	}
	return list
}

// advance gives what may follow after one more word, or false when the word
// fits nowhere.
func advance(list []element, word string) ([]element, bool) {
	for _, p := range []pass{asToken, asValue} {
		if next, ok := step(list, word, p); ok {
			return next, true
		}
	}
	return nil, false
}

// step tries the word on each element up to and including the first that may
// not be skipped.
func step(list []element, word string, p pass) ([]element, bool) {
	for i, e := range list {
		if rest, ok := e.take(word, p); ok {
			return follow(list, i, rest, word), true
		}
		if !e.skippable() {
			break
		}
	}
	return nil, false
}

// follow gives the list after element i took a word and has rest to come.
// Options come in any order, so those before i stay, but what another option
// had left open is given up: its turn is over.
func follow(list []element, i int, rest []element, word string) []element {
	next := make([]element, 0, len(list)+1)
	switch {
	case len(rest) == 1 && rest[0].form == started:
		next = append(next, rest[0])
	case len(rest) > 0:
		next = append(next, element{form: started, rest: rest})
	}
	if list[i].skippable() {
		for _, e := range list[:i] {
			if e.form != started {
				next = append(next, e)
			} else {
				next = append(next, repeatable(e.rest)...)
			}
		}
	}
	return append(next, counted(list[i], list[i+1:], word)...)
}

// repeatable picks the options that may come again after other options did:
// those that bring their token each time, such as GET of SORT.
func repeatable(rest []element) []element {
	var list []element
	for _, e := range rest {
		if e.form == again && e.arg.MultipleToken {
			list = append(list, e)
		}
	}
	return list
}

// counted fixes how many keys follow when the element that took the word is
// their number.
func counted(e element, rest []element, word string) []element {
	if e.form != whole || e.arg.Type != ArgInteger || e.arg.Name != "numkeys" || len(rest) == 0 {
		return rest
	}
	keys := rest[0]
	n, err := strconv.Atoi(word)
	if keys.form != whole || keys.arg.Type != ArgKey || !keys.arg.Multiple || err != nil {
		return rest
	}
	if n < 1 {
		return rest[1:]
	}
	return append([]element{{form: exactly, arg: keys.arg, times: n}}, rest[1:]...)
}

// take gives what is left of an element after it took a word, or false when
// it cannot.
func (e element) take(word string, p pass) ([]element, bool) {
	a := e.arg
	switch e.form {
	case started:
		return step(e.rest, word, p)
	case body:
		return a.takeBody(word, p)
	case exactly:
		rest, ok := a.takeBody(word, p)
		if ok && e.times > 1 {
			rest = append(rest, element{form: exactly, arg: a, times: e.times - 1})
		}
		return rest, ok
	case whole, again:
	}
	var rest []element
	if token, has := a.token(); has && (e.form == whole || a.MultipleToken) {
		if p != asToken || !strings.EqualFold(word, token) {
			return nil, false
		}
		if a.Type != ArgPureToken {
			rest = append(rest, element{form: body, arg: a})
		}
	} else {
		var ok bool
		if rest, ok = a.takeBody(word, p); !ok {
			return nil, false
		}
	}
	if a.Multiple {
		rest = append(rest, element{form: again, arg: a})
	}
	return rest, true
}

// takeBody is take for one occurrence of an argument without its token.
func (a *Arg) takeBody(word string, p pass) ([]element, bool) {
	switch a.Type {
	case ArgOneOf:
		for _, alternative := range elements(a.Args) {
			if rest, ok := alternative.take(word, p); ok {
				return rest, true
			}
		}
		return nil, false
	case ArgBlock:
		return step(elements(a.Args), word, p)
	case ArgInteger, ArgUnixTime:
		_, err := strconv.ParseInt(word, 10, 64)
		return nil, p == asValue && err == nil
	case ArgDouble:
		_, err := strconv.ParseFloat(word, 64)
		return nil, p == asValue && err == nil
	case ArgPureToken:
		return nil, false
	default:
		return nil, p == asValue
	}
}

// token gives the word that introduces the argument, if there is one.
func (a *Arg) token() (string, bool) {
	return a.Token, a.Token != "" || a.Type == ArgPureToken
}

// skippable reports whether the line is complete without the element.
func (e element) skippable() bool {
	switch e.form {
	case again:
		return true
	case whole:
		return e.arg.Optional
	case started:
		return !slices.ContainsFunc(e.rest, func(e element) bool { return !e.skippable() })
	default:
		return false
	}
}

// start is something the next word may be: a token, or a value for an
// argument.
type start struct {
	token string // empty for a value
	arg   *Arg
}

// starts gives everything the next word may be, in the order of the grammar.
func starts(list []element) iter.Seq[start] {
	return func(yield func(start) bool) { yieldStarts(list, yield) }
}

func yieldStarts(list []element, yield func(start) bool) bool {
	for _, e := range list {
		if !e.yieldStarts(yield) {
			return false
		}
		if !e.skippable() {
			break
		}
	}
	return true
}

func (e element) yieldStarts(yield func(start) bool) bool {
	if e.form == started {
		return yieldStarts(e.rest, yield)
	}
	a := e.arg
	if token, has := a.token(); has && (e.form == whole || e.form == again && a.MultipleToken) {
		return yield(start{token: token, arg: a})
	}
	switch a.Type {
	case ArgOneOf:
		for _, alternative := range elements(a.Args) {
			if !alternative.yieldStarts(yield) {
				return false
			}
		}
		return true
	case ArgBlock:
		return yieldStarts(elements(a.Args), yield)
	default:
		return yield(start{arg: a})
	}
}
