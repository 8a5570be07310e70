package tui

import (
	"errors"
	"strconv"
	"strings"
)

var (
	errNoAddress = errors.New("type an address, such as db.example.com:6379")
	errBadPort   = errors.New("a port is a number from 1 to 65535")
)

// splitHostPort parts host and port; one that is left out is empty or 0.
func splitHostPort(text string) (host string, port int, err error) {
	host = text
	rest := ""
	if inner, after, ok := strings.Cut(strings.TrimPrefix(text, "["), "]"); ok && strings.HasPrefix(text, "[") {
		host, rest = inner, strings.TrimPrefix(after, ":")
	} else if strings.Count(text, ":") == 1 {
		host, rest, _ = strings.Cut(text, ":")
	}
	if rest == "" {
		return host, 0, nil
	}
	port, err = strconv.Atoi(rest)
	if err != nil || port < 1 || port > 65535 {
		return host, 0, errBadPort
	}
	return host, port, nil
}

func portText(n int) string { return strconv.Itoa(n) }
