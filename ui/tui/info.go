package tui

import (
	"strconv"
	"strings"
)

// info is the reply to INFO.
type info struct {
	sections []infoSection
	values   map[string]string
}

type infoSection struct {
	name string
	rows [][2]string
}

// parseInfo reads the reply to INFO.
func parseInfo(text string) info {
	i := info{values: map[string]string{}}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			i.sections = append(i.sections, infoSection{name: name})
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		if len(i.sections) == 0 {
			i.sections = append(i.sections, infoSection{name: "Info"})
		}
		last := &i.sections[len(i.sections)-1]
		last.rows = append(last.rows, [2]string{name, value})
		i.values[name] = value
	}
	return i
}

// number is a value that is a whole number.
func (i info) number(name string) (int64, bool) {
	n, err := strconv.ParseInt(i.values[name], 10, 64)
	return n, err == nil
}

// version is the server's name and version: "7.0.15", "valkey 8.0.1".
func (i info) version() string {
	if v := i.values["valkey_version"]; v != "" {
		return "valkey " + v
	}
	return i.values["redis_version"]
}

// database is one of the numbered databases.
type database struct {
	number        int
	keys, expires int64
}

// databasesOf are the databases that hold keys, as INFO tells.
func databasesOf(i info) []database {
	var list []database
	for _, s := range i.sections {
		for _, row := range s.rows {
			number, ok := strings.CutPrefix(row[0], "db")
			n, err := strconv.Atoi(number)
			if !ok || err != nil || s.name != "Keyspace" {
				continue
			}
			d := database{number: n}
			for part := range strings.SplitSeq(row[1], ",") {
				name, value, _ := strings.Cut(part, "=")
				count, _ := strconv.ParseInt(value, 10, 64)
				switch name {
				case "keys":
					d.keys = count
				case "expires":
					d.expires = count
				}
			}
			list = append(list, d)
		}
	}
	return list
}
