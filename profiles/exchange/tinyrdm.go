package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
)

// tinyRDMFile is the file within an exported zip.
const tinyRDMFile = "connections.yaml"

// readTinyRDM reads connections.yaml, which may be in a zip.
func readTinyRDM(f file) (found, error) {
	data := f.data
	if isZip(data) {
		var err error
		if data, err = unzipped(data); err != nil {
			return found{}, malformed(TinyRDM, err.Error())
		}
	}
	tree, err := parseYAML(data)
	if err != nil {
		return found{}, malformed(TinyRDM, err.Error())
	}
	list, ok := tree.([]any)
	if !ok {
		return found{}, malformed(TinyRDM, "it is to be a YAML list of connections, each beginning with -")
	}
	var all found
	all.tinyRDM(list, "", f.folder, 0)
	return all, nil
}

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// unzipped returns connections.yaml. Not the sizes that the zip tells count, but what comes out.
func unzipped(data []byte) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errors.New("the zip is damaged")
	}
	for _, member := range archive.File {
		if path.Base(member.Name) != tinyRDMFile || member.FileInfo().IsDir() {
			continue
		}
		content, err := member.Open()
		if err != nil {
			return nil, fmt.Errorf("%s in the zip cannot be opened", tinyRDMFile)
		}
		text, err := io.ReadAll(io.LimitReader(content, maxFile+1))
		switch closing := content.Close(); {
		case len(text) > maxFile:
			return nil, fmt.Errorf("%s in the zip is larger than %d MiB", tinyRDMFile, maxFile>>20)
		case err != nil || closing != nil:
			return nil, fmt.Errorf("%s in the zip is damaged", tinyRDMFile)
		}
		return text, nil
	}
	return nil, fmt.Errorf("there is no %s in the zip", tinyRDMFile)
}

// tinyRDM adds the connections of a list, and of the groups in it.
func (f *found) tinyRDM(list []any, group, folder string, depth int) {
	for _, item := range list {
		o := asObject(item)
		switch {
		case o == nil:
			f.add(server{fault: errNoObject})
		case o.text("type") != "group":
			s := tinyRDMServer(o, folder)
			s.group = group
			f.add(s)
		case depth < maxDepth:
			f.tinyRDM(o.list("connections"), within(group, o.text("name")), folder, depth+1)
		}
	}
}

// within returns the name of a group that is in another one.
func within(outer, inner string) string {
	return strings.Trim(outer+" / "+inner, " /")
}

func tinyRDMServer(o object, folder string) server {
	s := server{
		label: o.text("name"), user: o.text("username"), password: secret(o.text("password")),
		delimiter: o.text("key_separator"), filter: o.text("default_filter"), follow: o.is("cluster", "enable"),
	}
	if o.text("network") == "unix" {
		s.socket = o.text("sock")
		if s.socket == "" {
			s.failf("its network is unix, and it has no sock")
		}
	} else {
		s.address(o, "addr")
	}
	s.number(o, "last_db", "database", &s.db)
	s.after(o, "conn_timeout", time.Second, time.Minute)
	s.colour(o.text("mark_color"))
	if ssl := o.object("ssl"); ssl.is("enable") {
		s.tls = &security{
			ca: ssl.first("cafile", "caFile"), cert: ssl.first("certfile", "certFile"), key: ssl.first("keyfile", "keyFile"),
			serverName: ssl.text("sni"), folder: folder,
		}
		if ssl.is("allow_insecure") || ssl.is("allowInsecure") {
			s.tls.verify = "none"
		}
	}
	if sentinel := o.object("sentinel"); sentinel.is("enable") {
		s.behindSentinel(sentinel.text("master"), sentinel.text("password") != "")
	}
	if ssh := o.object("ssh"); ssh.is("enable") {
		s.behindSSH(ssh, "addr", "port", "username")
	}
	if n, _, err := o.object("proxy").number("type"); err != nil || n != 0 {
		s.behindProxy()
	}
	return s
}
