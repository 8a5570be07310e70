package kit

import (
	"strings"
	"unicode/utf8"
)

// KnownKey reports whether key is one that can be pressed, in the notation of bindings: "enter", "ctrl+p", "?". Letters carry their shift:
// "G", not "shift+g".
func KnownKey(key string) bool {
	name := key
	for {
		prefix, rest, ok := strings.Cut(name, "+")
		if !ok || modifier(prefix) == 0 || rest == "" {
			break
		}
		name = rest
	}
	if _, named := special(name); !named && (utf8.RuneCountInString(name) != 1 || strings.Contains(key, "shift+")) {
		return false
	}
	return Press(key).String() == key
}

// KeyNames lists the names of keys that are no characters.
func KeyNames() []string {
	return []string{
		"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "enter", "esc", "tab", "space", "backspace", "delete", "insert",
		"f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
	}
}
