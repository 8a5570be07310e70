package theme

// autoDark is the terminal's own sixteen colours on a dark background, as far
// as they are legible with the palettes that terminals come with. Blue and
// magenta often are not, and Solarized uses bright black for the background:
// violets and greys are taken from the fixed part of the 256.
func autoDark() values {
	return values{
		Accent: "cyan", Strong: "bold", Dim: "247", Rule: "244", Selection: "235", Hint: "247", Label: "yellow",
		Danger: "bold bright-red", Warning: "yellow", Good: "green", Production: "bold 231 on 124",
		TypeHash: "bright-blue", TypeList: "green", TypeSet: "176", TypeZset: "141", TypeStream: "yellow", TypeJSON: "cyan",
		TypeHLL: "bright-yellow", TypeBits: "bright-yellow", TypeGeo: "114", TypeVector: "176", TypeUnknown: "247",
		JSONKey: "bright-blue", JSONNumber: "cyan", JSONLiteral: "yellow", JSONPunctuation: "247", JSONEscape: "yellow",
	}
}

// autoLight is for a light background. Nearly all terminals have green, yellow
// and cyan too bright for it: those are from the fixed part of the 256.
func autoLight() values {
	return values{
		Accent: "24", Strong: "bold", Dim: "241", Rule: "244", Selection: "254", Hint: "241", Label: "94",
		Danger: "bold 124", Warning: "94", Good: "22", Production: "bold 231 on 124",
		TypeHash: "25", TypeList: "22", TypeSet: "magenta", TypeZset: "90", TypeStream: "94", TypeJSON: "24",
		TypeHLL: "94", TypeBits: "94", TypeGeo: "22", TypeVector: "magenta", TypeUnknown: "241",
		JSONKey: "25", JSONNumber: "24", JSONLiteral: "94", JSONPunctuation: "241", JSONEscape: "94",
	}
}

// mono has no colours.
func mono() values {
	return values{
		Accent: "bold", Strong: "bold", Dim: "faint", Rule: "faint", Selection: "reverse", Hint: "faint",
		Danger: "bold", Production: "bold reverse", JSONPunctuation: "faint",
	}
}

// hues are the tones a theme is made of.
type hues struct {
	accent, dim, rule, selection                           string
	red, orange, yellow, green, cyan, blue, purple, violet string
	badge                                                  string // behind white
}

func (h hues) values() values {
	return values{
		Accent: h.accent, Strong: "bold", Dim: h.dim, Rule: h.rule, Selection: h.selection, Hint: h.dim, Label: h.yellow,
		Danger: "bold " + h.red, Warning: h.yellow, Good: h.green, Production: "bold #ffffff on " + h.badge,
		TypeHash: h.blue, TypeList: h.green, TypeSet: h.purple, TypeZset: h.violet, TypeStream: h.orange, TypeJSON: h.cyan,
		TypeHLL: h.yellow, TypeBits: h.yellow, TypeGeo: h.green, TypeVector: h.purple, TypeUnknown: h.dim,
		JSONKey: h.blue, JSONNumber: h.cyan, JSONLiteral: h.orange, JSONPunctuation: h.dim, JSONEscape: h.yellow,
	}
}

func darkHues() hues {
	return hues{
		accent: "#79c0ff", dim: "#9da7b3", rule: "#818993", selection: "#363b49",
		red: "#ff7f76", orange: "#ffa657", yellow: "#e3b341", green: "#7ee787", cyan: "#56d4dd", blue: "#79c0ff",
		purple: "#d2a8ff", violet: "#ff9bce", badge: "#b62324",
	}
}

func lightHues() hues {
	return hues{
		accent: "#0550ae", dim: "#57606a", rule: "#7c848d", selection: "#e2e6ec",
		red: "#c3202b", orange: "#953800", yellow: "#7d4e00", green: "#116329", cyan: "#197178", blue: "#0550ae",
		purple: "#6639ba", violet: "#99286e", badge: "#b62324",
	}
}

// highContrast dims nothing, and shows the row under the cursor reversed.
func highContrast(dark bool) values {
	h := hues{
		accent: "#054ba4", rule: "#424a53", red: "#9d1a23", orange: "#8c3500", yellow: "#724700", green: "#105d27", cyan: "#13595e",
		blue: "#054ba4", purple: "#5f35ad", violet: "#8c2564", badge: "#9d1a23",
	}
	if dark {
		h = hues{
			accent: "#8cc9ff", rule: "#b1bac4", red: "#ffaea8", orange: "#ffb36f", yellow: "#ffd33d", green: "#7ee787", cyan: "#56d4dd",
			blue: "#8cc9ff", purple: "#d8b4ff", violet: "#ffa9d5", badge: "#9d1a23",
		}
	}
	h.selection, h.dim = "reverse", "default"
	v := h.values()
	v[Accent] = "bold " + h.accent
	return v
}

// The tones of palettes that people have grown fond of, moved away from their
// background until text in them has a contrast of 4.5:1 there and on the
// selection. Selections differ by a shade from the palette's where the nearest
// of sixteen colours would else be that of a text.

func gruvbox(dark bool) hues {
	if dark {
		return hues{
			accent: "#fabd2f", dim: "#a89984", rule: "#837b75", selection: "#32302f",
			red: "#fc6756", orange: "#fe8019", yellow: "#fabd2f", green: "#b8bb26", cyan: "#8ec07c", blue: "#83a598",
			purple: "#d3869b", violet: "#d3869b", badge: "#9d0006",
		}
	}
	return hues{
		accent: "#076678", dim: "#6e6259", rule: "#8c7f6e", selection: "#f2e5bc",
		red: "#9d0006", orange: "#af3a03", yellow: "#8e5c10", green: "#6b670c", cyan: "#3c7050", blue: "#076678",
		purple: "#8f3f71", violet: "#8f3f71", badge: "#9d0006",
	}
}

func catppuccin(dark bool) hues {
	if dark {
		return hues{
			accent: "#cba6f7", dim: "#a6adc8", rule: "#797c91", selection: "#313244",
			red: "#f38ba8", orange: "#fab387", yellow: "#f9e2af", green: "#a6e3a1", cyan: "#94e2d5", blue: "#89b4fa",
			purple: "#cba6f7", violet: "#f5c2e7", badge: "#b3093a",
		}
	}
	return hues{
		accent: "#8437e8", dim: "#636579", rule: "#828593", selection: "#e6e6ea",
		red: "#cc0f37", orange: "#b04508", yellow: "#905b11", green: "#2f7620", cyan: "#127278", blue: "#1b5de0",
		purple: "#8437e8", violet: "#974b83", badge: "#b3093a",
	}
}

func solarized(dark bool) hues {
	if dark {
		return hues{
			accent: "#50a1db", dim: "#8e9d9f", rule: "#6b7f85", selection: "#093644",
			red: "#e87977", orange: "#db825d", yellow: "#bd9618", green: "#90a216", cyan: "#3da9a1", blue: "#50a1db",
			purple: "#9195d3", violet: "#e178ab", badge: "#b02725",
		}
	}
	return hues{
		accent: "#1e6da5", dim: "#576a70", rule: "#7a8686", selection: "#eee8d5",
		red: "#c32c2a", orange: "#b44213", yellow: "#816200", green: "#5f6d00", cyan: "#1e736d", blue: "#1e6da5",
		purple: "#5d61a8", violet: "#bb3073", badge: "#b02725",
	}
}
