package exchange

import "time"

// readRESPApp reads connections.json: connections, and groups of them.
func readRESPApp(f file) (found, error) {
	tree, err := parseJSON(f.data)
	if err != nil {
		return found{}, malformed(RESPApp, err.Error())
	}
	list, ok := tree.([]any)
	if !ok {
		return found{}, malformed(RESPApp, "it is to be a list of connections, [ ... ]")
	}
	var all found
	all.respApp(list, "", f.folder, 0)
	return all, nil
}

func (f *found) respApp(list []any, group, folder string, depth int) {
	for _, item := range list {
		o := asObject(item)
		switch {
		case o == nil:
			f.add(server{fault: errNoObject})
		case o.text("type") != "group" && !o.has("connections"):
			s := respAppServer(o, folder)
			s.group = group
			f.add(s)
		case depth < maxDepth:
			f.respApp(o.list("connections"), within(group, o.text("name")), folder, depth+1)
		}
	}
}

func respAppServer(o object, folder string) server {
	s := server{
		label: o.text("name"), user: o.text("username"), password: secret(o.text("auth")),
		delimiter: o.text("namespace_separator"), filter: o.text("keys_pattern"),
	}
	s.address(o, "host")
	s.number(o, "db", "database", &s.db)
	s.after(o, "timeout_connect", time.Millisecond, time.Minute)
	s.colour(o.text("icon_color"))
	t := security{
		ca: o.text("ssl_ca_cert_path"), cert: o.text("ssl_local_cert_path"), key: o.text("ssl_private_key_path"), folder: folder,
	}
	on, said := o.flag("ssl")
	if on || !said && t.ca+t.cert+t.key != "" {
		s.tls = &t
		if o.is("ssl_ignore_all_errors") {
			t.verify = "none"
		}
	}
	if o.text("ssh_host") != "" {
		s.behindSSH(o, "ssh_host", "ssh_port", "ssh_user")
	}
	return s
}
