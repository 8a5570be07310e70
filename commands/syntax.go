package commands

// Syntax writes the arguments of the command in the usual notation, as in
// "key value [NX|XX] [GET]": words in capitals are typed as they are, brackets
// hold what may be left out, a bar separates alternatives and dots stand for
// more of the same. It is empty for a command without arguments.
func (c *Command) Syntax() string {
	return string(appendList(nil, c.elements(), " "))
}

// elements gives the arguments of the command as the list that typed words
// are matched with.
func (c *Command) elements() []element {
	if len(c.Args) == 0 && (!c.documented() || c.Group == "module") {
		return elements(c.guessedArgs())
	}
	return elements(c.Args)
}

// guessedArgs makes do for commands of modules and old servers that come
// without documentation: COMMAND tells how many words and whether a key.
func (c *Command) guessedArgs() []Arg {
	const enough = 20 // words: no server may make us list a million
	n := min(max(c.Arity, -c.Arity), enough)
	var args []Arg
	for i := c.words(); i < n; i++ {
		if i == c.FirstKey {
			args = append(args, Arg{Name: "key", Type: ArgKey})
		} else {
			args = append(args, Arg{Name: "arg", Type: ArgString})
		}
	}
	if c.Arity < 0 {
		args = append(args, Arg{Name: "arg", Type: ArgString, Optional: true, Multiple: true})
	}
	return args
}

func appendList(dst []byte, list []element, separator string) []byte {
	for i, e := range list {
		if i > 0 {
			dst = append(dst, separator...)
		}
		dst = e.append(dst)
	}
	return dst
}

func (e element) append(dst []byte) []byte {
	a := e.arg
	switch e.form {
	case started:
		return appendList(dst, e.rest, " ")
	case body:
		return a.appendBody(dst)
	case again:
		return a.appendAgain(dst)
	case exactly:
		dst = a.appendBody(dst)
		if e.times > 1 {
			dst = a.appendAgain(append(dst, ' '))
		}
		return dst
	case whole:
	}
	if a.Optional {
		dst = append(dst, '[')
	}
	dst = a.appendBody(a.appendToken(dst))
	if a.Multiple {
		dst = a.appendAgain(append(dst, ' '))
	}
	if a.Optional {
		dst = append(dst, ']')
	}
	return dst
}

// appendAgain writes the repetitions of an argument: "[key ...]".
func (a *Arg) appendAgain(dst []byte) []byte {
	dst = append(dst, '[')
	if a.MultipleToken {
		dst = a.appendToken(dst)
	}
	return append(a.appendBody(dst), " ...]"...)
}

// appendToken writes the token and a blank before a body; a pure token is a
// body itself.
func (a *Arg) appendToken(dst []byte) []byte {
	if token, has := a.token(); has && a.Type != ArgPureToken {
		dst = append(append(dst, token...), ' ')
	}
	return dst
}

func (a *Arg) appendBody(dst []byte) []byte {
	switch a.Type {
	case ArgOneOf:
		return appendList(dst, elements(a.Args), "|")
	case ArgBlock:
		return appendList(dst, elements(a.Args), " ")
	case ArgPureToken:
		if a.Token == "" {
			return append(dst, `""`...)
		}
		return append(dst, a.Token...)
	default:
		if a.Display != "" {
			return append(dst, a.Display...)
		}
		return append(dst, a.Name...)
	}
}
