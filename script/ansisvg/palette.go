package main

// palette is the colours of a terminal.
type palette struct {
	front, back        string
	bar, rim, barText  string // of the window
	dim                string // the front of what is dim and has no colour
	colors             [16]string
	red, yellow, green string // the buttons of the window
}

func darkPalette() palette {
	return palette{
		front: "#d5dae3", back: "#14171d", bar: "#1e222b", rim: "#323844", barText: "#8b93a3", dim: "#7d8696",
		colors: [16]string{
			"#3b4252", "#ef6b73", "#8ccf7e", "#e5c76b", "#67b0e8", "#c47fd5", "#5ecfc8", "#c8cfdb",
			"#7b8496", "#f58b91", "#a5dd99", "#efd889", "#8cc5f0", "#d6a1e3", "#83dfd9", "#f2f5fa",
		},
		red: "#ec6a5e", yellow: "#f4bf4f", green: "#61c554",
	}
}

func lightPalette() palette {
	return palette{
		front: "#1f2430", back: "#fbfbfa", bar: "#ececea", rim: "#d0d0cc", barText: "#6c717c", dim: "#767c88",
		colors: [16]string{
			"#1f2430", "#c42b35", "#2f7d32", "#8a6100", "#1c66b8", "#8a35a5", "#00757f", "#5a606c",
			"#747a86", "#d8434d", "#3c9440", "#a57700", "#2f7dd1", "#a14fbb", "#008e99", "#ffffff",
		},
		red: "#ec6a5e", yellow: "#f4bf4f", green: "#61c554",
	}
}

// of is a colour of a cell as SVG has it, or what stands for none.
func (p palette) of(c color, none string) string {
	switch {
	case !c.set:
		return none
	case c.exact != "":
		return c.exact
	}
	return p.colors[c.index]
}

// inks are the colours that a cell is drawn in.
func (p palette) inks(s style) (front, back string) {
	plain := p.front
	if s.dim {
		plain = p.dim
	}
	front, back = p.of(s.front, plain), p.of(s.back, p.back)
	if s.reversed {
		return back, front
	}
	return front, back
}
