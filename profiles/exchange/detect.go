package exchange

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"redan/conn/cert/conffile"
)

// Detect tells what a file is by its content, and by the end of its name where that leaves it open.
func Detect(name string, data []byte) (Format, bool) {
	ending := strings.ToLower(filepath.Ext(name))
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	switch {
	case isZip(data):
		return TinyRDM, true
	case len(text) == 0:
		return "", false
	case text[0] == '{', text[0] == '[' && !isSection(text):
		return detectJSON(text)
	case ending == ".ano":
		return AnotherRDM, true
	}
	if _, ok := unwrapped(text); ok {
		return AnotherRDM, true
	}
	return detectText(ending, string(text))
}

// isSection reports whether a text begins with a line as INI and TOML files have them: [name].
func isSection(text []byte) bool {
	found, _ := regexp.Match(`^\[[A-Za-z][^\]\[{}",]*\]\s*(\n|\r|$|[#;])`, text)
	return found
}

// detectText tells the formats that have lines.
func detectText(ending, text string) (Format, bool) {
	has := func(pattern string) bool {
		found, _ := regexp.MatchString(`(?m)`+pattern, text)
		return found
	}
	switch {
	case has(`^\s*\[\s*alias_dsn\s*\]`):
		return IRedis, true
	case has(`^\s*\[\s*profiles\s*\.`), ending == ".toml":
		return TOML, true
	case has(`(?i)^\s*connect\s*=`) && conffile.Detect([]byte(text)) == conffile.KindStunnel:
		return Stunnel, true
	case ending == ".yaml", ending == ".yml", has(`^\s*-\s+(name|addr|type|last_db|network)\s*:`):
		return TinyRDM, true
	case has(`^\s*(export\s+)?[A-Za-z_][A-Za-z0-9_]*(_URL|_URI|_DSN|_HOST)\s*=`), ending == ".env" && has(`=`):
		return Env, true
	case slices.ContainsFunc(strings.Split(text, "\n"), hasAddress):
		return URIs, true
	}
	return "", false
}

func hasAddress(line string) bool {
	_, address, ok := nameAndAddress(strings.TrimSpace(line))
	return ok && isAddress(address)
}

// detectJSON tells the formats that are JSON by the keys that only they have.
func detectJSON(text []byte) (Format, bool) {
	tree, err := parseJSON(text)
	if err != nil {
		return RedisInsight, true // its reader says what is wrong with the JSON
	}
	o := asObject(tree)
	switch {
	case o.object("profiles") != nil:
		return JSON, true
	case o.list("connections") != nil && !o.has("connection"):
		return AnotherRDM, true
	case mentions(folded(tree, 0), 0, "rediss", "redis", "cli"):
		return IBM, true
	}
	list, ok := tree.([]any)
	if !ok {
		return "", false
	}
	return detectList(list)
}

// mentions reports whether an object of a tree has one of the keys, and a table there.
func mentions(tree any, depth int, keys ...string) bool {
	if depth > maxDepth {
		return false
	}
	within := func(value any) bool { return mentions(value, depth+1, keys...) }
	if list, ok := tree.([]any); ok {
		return slices.ContainsFunc(list, within)
	}
	o := asObject(tree)
	for key, value := range o {
		if slices.Contains(keys, key) && asObject(value) != nil || within(value) {
			return true
		}
	}
	return false
}

// detectList counts the keys that are one tool's own.
func detectList(list []any) (Format, bool) {
	own := map[Format][]string{
		RedisInsight: {"verifyServerCert", "connectionType", "tls", "tlsServername", "caCert", "clientCert", "sentinelMaster", "password", "provider", "modules"},
		AnotherRDM:   {"separator", "sslOptions", "connectionReadOnly", "sentinelOptions", "groupId", "order"},
		RESPApp: {
			"ssl", "ssl_ca_cert_path", "keys_pattern", "namespace_separator", "timeout_connect", "timeout_execute", "connections", "lua_keys_loading",
			"ssh_host", "auth",
		},
	}
	best, most, known := RedisInsight, 0, false
	for _, format := range []Format{RedisInsight, RESPApp, AnotherRDM} {
		score := 0
		for _, item := range list {
			o := asObject(item)
			known = known || o.has("host") || o.has("connections")
			for _, key := range own[format] {
				if _, ok := o[key]; ok {
					score++
				}
			}
		}
		if score > most {
			best, most = format, score
		}
	}
	return best, known || len(list) == 0
}
