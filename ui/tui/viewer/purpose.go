package viewer

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"redan/commands/edit"
	"redan/ui/tui/kit"
	"redan/ui/view"
	"redan/ui/view/decode"
)

// purpose is what a write is for.
type purpose int

const (
	editValue purpose = iota
	setLife
	setFieldLife
	addElement
	removeElement
	renameElement
	renameKey
	copyKey
	moveKey
	ackEntry
	claimEntry
	createKey
	deleteKey
	appendText
	countElement
	patchBytes
	deletePath
	insertBefore
	insertAfter
	trimStream
)

// writing is a write on its way: what it is about, what was read before it, what it will do. There is one at a time.
type writing struct {
	purpose purpose
	key     string
	request view.Request
	element *view.Element
	chain   decode.Chain // that the text is edited through
	draft   decode.Draft
	given   []byte // what was there to be edited
	text    []byte // what was typed
	editor  bool   // it was typed in the editor
	at      int64  // the byte that is patched
	path    string // into a JSON document; empty for the whole
	to      string // the name of a copy, while its database is asked for
	change  edit.Change
	state   edit.State
	load    loading
	ready   bool // the sheet is shown
	// contested tells that others wrote since it was read.
	contested bool
	started   bool
	named     bool // a new key has its name, which may be empty
}

// begun reports whether there is a write on its way.
func (w writing) begun() bool { return w.named || w.started }

// invalid is an error of what was typed.
func invalid(reason string) error { return &edit.Invalid{Reason: reason} }

// draftFor is the change that reads what is to be edited, before anything was typed.
func (w writing) draftFor() (edit.Change, bool) {
	name, index := "", int64(0)
	if w.element != nil {
		name, index = string(w.element.Name), w.element.Index
	}
	switch {
	case w.purpose != editValue:
		return nil, false
	case w.request.Type == view.String:
		return edit.StringSet{}, true
	case w.request.Type == view.JSON:
		return edit.JSONSet{Path: w.path}, true
	case w.element == nil:
		return nil, false
	}
	switch w.request.Type {
	case view.Hash:
		return edit.HashSet{Field: name}, true
	case view.List:
		return edit.ListSet{Index: index}, true
	case view.ZSet:
		return edit.ZSetAdd{Member: name}, true
	}
	return nil, false
}

// changeFor is the change that what was typed stands for. Times are read in the zone of now.
func (w writing) changeFor(text string, now time.Time) (edit.Change, error) {
	name, index := "", int64(0)
	if w.element != nil {
		name, index = string(w.element.Name), w.element.Index
	}
	switch w.purpose {
	case editValue:
		return w.valueChange(text, name, index)
	case addElement:
		return addition(w.request.Type, text)
	case removeElement:
		return removal(w.request, name, index)
	case renameElement:
		return renaming(w.request.Type, name, text)
	case setLife, setFieldLife:
		life, err := edit.ParseTTL(text, now, now.Location())
		if err != nil {
			return nil, err
		}
		if w.purpose == setLife {
			return edit.Expire{TTL: life}, nil
		}
		return edit.FieldExpire{Field: name, TTL: life}, nil
	case renameKey:
		return edit.Rename{To: text}, nil
	case copyKey:
		return copyTo(w.to, text)
	case moveKey:
		db, ok := parseDatabase(text)
		if !ok {
			return nil, invalid("a database is a number, such as 3")
		}
		return edit.Move{DB: db}, nil
	case ackEntry:
		return edit.StreamAck{Group: w.request.Group, ID: name}, nil
	case createKey:
		holds, err := content(text)
		return edit.Create{Content: holds}, err
	case claimEntry:
		return edit.StreamClaim{Group: w.request.Group, Consumer: text, ID: name}, nil
	default:
		return w.partChange(text, index, now)
	}
}

// partChange is a change of a part of a value, or of all of the key.
func (w writing) partChange(text string, index int64, now time.Time) (edit.Change, error) {
	switch w.purpose { //nolint:exhaustive // the others are changeFor's
	case deleteKey:
		return edit.Delete{}, nil
	case appendText:
		return edit.StringAppend{Value: text}, nil
	case countElement:
		return edit.SketchAdd{Element: text}, nil
	case patchBytes:
		bytes, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil || len(bytes) == 0 {
			return nil, invalid("type bytes as pairs of hexadecimal digits: 1f 8b 08")
		}
		return edit.StringPatch{Offset: w.at, Value: string(bytes)}, nil
	case deletePath:
		return edit.JSONDelete{Path: strings.TrimSpace(text)}, nil
	case insertBefore, insertAfter:
		return edit.ListInsert{Index: index, After: w.purpose == insertAfter, Value: text}, nil
	case trimStream:
		return trimming(strings.TrimSpace(text), now)
	}
	return nil, invalid("there is nothing to write")
}

func (w writing) valueChange(text, name string, index int64) (edit.Change, error) {
	switch w.request.Type {
	case view.String:
		return edit.StringSet{Value: text}, nil
	case view.JSON:
		return edit.JSONSet{Path: w.path, Value: text}, nil
	case view.Hash:
		return edit.HashSet{Field: name, Value: text}, nil
	case view.List:
		return edit.ListSet{Index: index, Value: text}, nil
	case view.ZSet:
		return edit.ZSetAdd{Member: name, Score: strings.TrimSpace(text)}, nil
	}
	return nil, invalid("a value of this type cannot be edited in place")
}

// copyTo is a copy under another name, in another database where one is named.
func copyTo(name, database string) (edit.Change, error) {
	if strings.TrimSpace(database) == "" {
		return edit.Copy{To: name}, nil
	}
	db, ok := parseDatabase(database)
	if !ok {
		return nil, invalid("a database is a number, such as 3; type nothing for this one")
	}
	return edit.Copy{To: name, DB: db, OtherDB: true}, nil
}

// trimming is how much of a stream is kept: a number of entries, or all from an id or a time on.
func trimming(text string, now time.Time) (edit.Change, error) {
	if n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64); err == nil && n >= 0 && n < leastEntryTime {
		return edit.StreamTrim{Keep: n}, nil
	}
	id, ok := view.ParsePlaceInStream(text, now.Location())
	if !ok {
		return nil, invalid("type how many of the newest entries stay, or an id or a time from which on they stay")
	}
	return edit.StreamTrim{From: id.String()}, nil
}

// leastEntryTime parts numbers of entries from ids without their second half, which are milliseconds since 1970.
const leastEntryTime = 100_000_000_000

// addition is a new element, as it is typed.
func addition(kind, text string) (edit.Change, error) {
	switch kind {
	case view.Hash:
		field, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, invalid("type the field and its value with = between them")
		}
		return edit.HashSet{Field: field, Value: value}, nil
	case view.List:
		return edit.ListPush{Value: text}, nil
	case view.Set:
		return edit.SetAdd{Member: text}, nil
	case view.ZSet:
		score, member, ok := strings.Cut(strings.TrimLeft(text, " "), " ")
		if !ok {
			return nil, invalid("type the score, a blank and the member")
		}
		return edit.ZSetAdd{Member: member, Score: score}, nil
	case view.Stream:
		words, err := splitWords(text)
		if err != nil {
			return nil, err
		}
		fields, err := fieldsOf(words)
		return edit.StreamAdd{Fields: fields}, err
	}
	return nil, invalid("nothing can be added to a value of this type")
}

// additionHint says how a new element is typed.
func additionHint(kind string) string {
	switch kind {
	case view.Hash:
		return "field=value"
	case view.List:
		return "the element, which goes to the end"
	case view.Set:
		return "the member"
	case view.ZSet:
		return "the score, a blank, the member"
	case view.Stream:
		return "name=value name=value, with an id of the server's"
	}
	return ""
}

func removal(r view.Request, name string, index int64) (edit.Change, error) {
	switch r.Type {
	case view.Hash:
		return edit.HashDelete{Field: name}, nil
	case view.List:
		return edit.ListRemove{Index: index}, nil
	case view.Set:
		return edit.SetRemove{Member: name}, nil
	case view.ZSet:
		return edit.ZSetRemove{Member: name}, nil
	case view.Stream:
		return edit.StreamDelete{ID: name}, nil
	}
	return nil, invalid("nothing can be removed from a value of this type")
}

func renaming(kind, name, to string) (edit.Change, error) {
	switch kind {
	case view.Hash:
		return edit.HashRename{Field: name, To: to}, nil
	case view.Set:
		return edit.SetReplace{Member: name, To: to}, nil
	case view.ZSet:
		return edit.ZSetRename{Member: name, To: to}, nil
	}
	return nil, invalid("what it is found by cannot be changed")
}

func parseDatabase(text string) (int, bool) {
	n := 0
	text = strings.TrimSpace(text)
	const digits = 4
	if text == "" || len(text) > digits {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// quoted is a word as it can be typed into a prompt, shortened where it is long.
func quoted(word string) string {
	const longest = 200
	more := ""
	if len(word) > longest {
		word, more = word[:longest], kit.Ellipsis().Of(kit.Look{ASCII: true})
	}
	plain := word != ""
	for _, r := range word {
		if r <= ' ' || r == '"' || r == '\'' || r == '\\' || r == 0x7f || r == '\ufffd' {
			plain = false
		}
	}
	switch {
	case plain:
		return word + more
	case !strings.ContainsAny(word, "'\\\n\r\t\x00") && kit.Escape(word) == word:
		return "'" + word + "'" + more
	}
	return `"` + kit.Escape(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word)) + `"` + more
}
