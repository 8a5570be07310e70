package exchange

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// readAnotherRDM reads an .ano file: base64 of a JSON list of connections, or of an object with the lists connections and groups.
func readAnotherRDM(f file) (found, error) {
	data := f.data
	if plain, ok := unwrapped(data); ok {
		data = plain
	}
	tree, err := parseJSON(data)
	if err != nil {
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) || bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			return found{}, malformed(AnotherRDM, err.Error())
		}
		return found{}, malformed(AnotherRDM, "it is to be base64 of a JSON list, as its export writes it")
	}
	list, ok := tree.([]any)
	bundle := asObject(tree)
	if bundle != nil {
		list, ok = bundle.list("connections"), bundle.has("connections")
	}
	if !ok {
		return found{}, malformed(AnotherRDM, "it is to be base64 of a JSON list of connections")
	}
	groups := map[string]string{}
	for _, item := range bundle.list("groups") {
		group := asObject(item)
		groups[group.text("id")] = group.text("name")
	}
	var all found
	for _, item := range list {
		o := asObject(item)
		if o == nil {
			all.add(server{fault: errNoObject})
			continue
		}
		s := anotherRDMServer(o, f.folder)
		s.group = groups[o.text("groupId")]
		all.add(s)
	}
	return all, nil
}

// unwrapped returns what base64 stands for, when data is base64 of JSON.
func unwrapped(data []byte) ([]byte, bool) {
	text := strings.Join(strings.Fields(string(data)), "")
	if text == "" || strings.ContainsAny(text[:1], "[{") {
		return nil, false
	}
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		plain, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	begin := bytes.TrimSpace(plain)
	return plain, err == nil && len(begin) > 0 && (begin[0] == '[' || begin[0] == '{')
}

func anotherRDMServer(o object, folder string) server {
	s := server{
		label: o.first("name", "connectionName"), user: o.text("username"), password: secret(o.text("auth")),
		delimiter: o.text("separator"), readOnly: o.is("connectionReadOnly"), follow: o.is("cluster"),
	}
	s.address(o, "host")
	s.number(o, "db", "database", &s.db)
	s.colour(o.text("color"))
	if s.host == "" { // the form's default, which it does not always write
		s.host = "127.0.0.1"
	}
	if o.has("sslOptions") {
		s.tls = &security{
			ca: o.text("sslOptions", "ca"), cert: o.text("sslOptions", "cert"), key: o.text("sslOptions", "key"),
			serverName: o.text("sslOptions", "servername"), folder: folder,
		}
		s.notef("Another Redis Desktop Manager verifies no certificate; redan does (tls.verify)")
	}
	if o.has("sentinelOptions") {
		s.behindSentinel(o.text("sentinelOptions", "masterName"), o.text("sentinelOptions", "nodePassword") != "")
	}
	if o.has("sshOptions") {
		s.behindSSH(o.object("sshOptions"), "host", "port", "username")
	}
	return s
}
