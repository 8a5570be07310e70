package kit

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// Press returns the message of a key in the notation of bindings: "enter", "ctrl+p", "?". It is for what is chosen from a list instead
// of pressed, and for tests.
func Press(key string) tea.KeyPressMsg {
	var msg tea.KeyPressMsg
	for {
		prefix, rest, ok := strings.Cut(key, "+")
		mod := modifier(prefix)
		if !ok || mod == 0 || rest == "" {
			break
		}
		msg.Mod |= mod
		key = rest
	}
	if code, ok := special(key); ok {
		msg.Code = code
		if key == "space" && msg.Mod == 0 {
			msg.Text = " "
		}
		return msg
	}
	msg.Code, _ = utf8.DecodeRuneInString(key)
	if msg.Mod == 0 {
		msg.Text = key
	}
	return msg
}

func modifier(name string) tea.KeyMod {
	switch name {
	case "ctrl":
		return tea.ModCtrl
	case "alt":
		return tea.ModAlt
	case "shift":
		return tea.ModShift
	}
	return 0
}

// special are the keys that have a name.
func special(name string) (rune, bool) {
	codes := map[string]rune{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "insert": tea.KeyInsert,
		"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4, "f5": tea.KeyF5, "f6": tea.KeyF6,
		"f7": tea.KeyF7, "f8": tea.KeyF8, "f9": tea.KeyF9, "f10": tea.KeyF10, "f11": tea.KeyF11, "f12": tea.KeyF12,
	}
	code, ok := codes[name]
	return code, ok
}
