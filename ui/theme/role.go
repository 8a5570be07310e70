package theme

// Role is what a piece of text means, from which its look follows.
type Role int

// The roles.
const (
	Accent Role = iota
	Strong
	Dim
	Rule
	Selection
	Danger
	Warning
	Good
	Production
	Hint
	Label
	TypeString
	TypeHash
	TypeList
	TypeSet
	TypeZset
	TypeStream
	TypeJSON
	TypeHLL
	TypeBits
	TypeGeo
	TypeVector
	TypeUnknown
	JSONKey
	JSONString
	JSONNumber
	JSONLiteral
	JSONPunctuation
	JSONEscape
	roles // how many there are
)

// Color is a colour of the themes as users know it.
type Color struct {
	Name    string // in the preferences: "accent"
	Meaning string // "what has the focus: ..."
}

// Colors returns all colours, each at the index of its role.
func Colors() []Color {
	return []Color{
		Accent:          {"accent", "what has the focus: the title of the pane, the cursor bar, marks"},
		Strong:          {"strong", "what the eye should find first: the key under the cursor, keys to press"},
		Dim:             {"dim", "context: counts, units, what stands beside"},
		Rule:            {"rule", "lines between panes and parts"},
		Selection:       {"selection", "the row under the cursor; a colour alone is its background"},
		Danger:          {"danger", "what destroys, and what is broken"},
		Warning:         {"warning", "what will break, and a life under a minute"},
		Good:            {"good", "what was checked and found well"},
		Production:      {"production", "the badge of a connection on which a mistake is expensive"},
		Hint:            {"hint", "what may be typed but was not: arguments, examples"},
		Label:           {"label", "what stands before a fact in help texts"},
		TypeString:      {"type-str", "the word of a string key"},
		TypeHash:        {"type-hash", "the word of a hash"},
		TypeList:        {"type-list", "the word of a list"},
		TypeSet:         {"type-set", "the word of a set"},
		TypeZset:        {"type-zset", "the word of a sorted set"},
		TypeStream:      {"type-strm", "the word of a stream"},
		TypeJSON:        {"type-json", "the word of a JSON document"},
		TypeHLL:         {"type-hll", "the word of a HyperLogLog"},
		TypeBits:        {"type-bits", "the word of a bitmap"},
		TypeGeo:         {"type-geo", "the word of a geo index"},
		TypeVector:      {"type-vset", "the word of a vector set"},
		TypeUnknown:     {"type-unknown", "the ? of a type that redan does not know"},
		JSONKey:         {"json-key", "names of fields, in JSON and in tables"},
		JSONString:      {"json-string", "strings"},
		JSONNumber:      {"json-number", "numbers"},
		JSONLiteral:     {"json-literal", "true, false, null, and names of types"},
		JSONPunctuation: {"json-punctuation", "brackets, commas, colons, offsets"},
		JSONEscape:      {"json-escape", "escapes within text, and bytes that are no text"},
	}
}

// roleOf returns the role of a colour's name.
func roleOf(name string) (Role, bool) {
	for r, c := range Colors() {
		if c.Name == name {
			return Role(r), true
		}
	}
	return 0, false
}

// background reports whether a colour alone, without "on", is the background.
func (r Role) background() bool { return r == Selection }
