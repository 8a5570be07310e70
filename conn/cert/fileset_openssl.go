package cert

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
)

// strictPEM returns the blocks of data as OpenSSL finds them. It is less forgiving than [scanPEM]: marks stand at the beginning of a line with
// nothing behind them, and one block that cannot be read makes Redis refuse the whole file.
func strictPEM(data []byte) ([]block, error) {
	var blocks []block
	var open *block
	var body []string
	number := 0
	for text := range strings.Lines(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))) {
		number++
		line := strings.TrimRight(text, " \t\r\n")
		switch {
		case open == nil:
			if label, ok := strictMark(line, "-----BEGIN "); ok {
				open, body = &block{label: label, line: number}, nil
			}
		case strings.HasPrefix(line, "-----END "):
			if label, ok := strictMark(line, "-----END "); !ok || label != open.label {
				return blocks, fmt.Errorf("line %d: BEGIN %s does not end with a line END %s", open.line, open.label, open.label)
			}
			if err := open.decodeStrictly(body); err != nil {
				return blocks, err
			}
			blocks, open = append(blocks, *open), nil
		default:
			body = append(body, line)
		}
	}
	if open != nil {
		return blocks, fmt.Errorf("line %d: BEGIN %s has no END line; the file is cut short", open.line, open.label)
	}
	return blocks, nil
}

// strictMark returns the label of a BEGIN or END line.
func strictMark(line, start string) (string, bool) {
	rest, ok := strings.CutPrefix(line, start)
	label, ends := strings.CutSuffix(rest, dashes)
	return label, ok && ends && !strings.Contains(label, dashes)
}

// decodeStrictly decodes what stands between BEGIN and END. An empty line ends headers, and is refused elsewhere.
func (b *block) decodeStrictly(lines []string) error {
	for i, line := range lines {
		if line != "" {
			continue
		}
		head := lines[:i]
		if len(head) > 0 && !strings.HasPrefix(head[0], "Proc-Type:") {
			return fmt.Errorf("line %d: an empty line within the %s", b.line+1+i, b.label)
		}
		b.headers, _ = splitHeaders([]byte(strings.Join(lines[:i+1], "\n") + "\n"))
		lines = lines[i+1:]
		break
	}
	first := b.line + 1
	var joined strings.Builder
	for i, line := range lines {
		line = strings.Trim(line, " \t")
		if line == "" {
			return fmt.Errorf("line %d: an empty line within the %s", first+i, b.label)
		}
		joined.WriteString(line)
	}
	der, err := base64.StdEncoding.DecodeString(joined.String())
	if err != nil || len(der) == 0 {
		return fmt.Errorf("line %d: what follows BEGIN %s is not base64", b.line, b.label)
	}
	b.der = der
	return nil
}
