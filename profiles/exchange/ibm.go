package exchange

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"redan/conn"
)

// readIBM reads service credentials of IBM Cloud Databases: as the page of the service shows them, as service-key --output json and
// VCAP_SERVICES wrap them, and flat, "connection.rediss.hosts.0.port", as Terraform has them. Keys may have any capitals.
func readIBM(f file) (found, error) {
	tree, err := parseJSON(f.data)
	if err != nil {
		return found{}, malformed(IBM, err.Error())
	}
	var all found
	all.ibm(folded(tree, 0), "", 0)
	if len(all.servers) == 0 {
		return found{}, malformed(IBM, "it has no connection.rediss, the part about Redis")
	}
	return all, nil
}

// folded returns a tree with its keys in small letters, and dotted ones taken apart.
func folded(tree any, depth int) any {
	if depth > maxDepth {
		return nil
	}
	switch value := tree.(type) {
	case []any:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = folded(item, depth+1)
		}
		return list
	case map[string]any:
		o := object{}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			o.plant(strings.SplitN(strings.ToLower(key), ".", 8), folded(value[key], depth+1))
		}
		return o
	}
	return tree
}

// plant puts a value at a path. What is there already stays.
func (o object) plant(path []string, value any) {
	for _, key := range path[:len(path)-1] {
		inner := asObject(o[key])
		if inner == nil {
			inner = object{}
			o[key] = inner
		}
		o = inner
	}
	if _, taken := o[path[len(path)-1]]; !taken {
		o[path[len(path)-1]] = value
	}
}

// items returns a list, or the object that a flat key made of one: {"0": ..., "1": ...}.
func (o object) items(key string) []any {
	if list := o.list(key); list != nil {
		return list
	}
	var list []any
	for i := range 64 {
		item := o.at(key, strconv.Itoa(i))
		if item == nil {
			break
		}
		list = append(list, item)
	}
	return list
}

// ibm adds the servers of a tree. name is that of the innermost object around that has one.
func (f *found) ibm(tree any, name string, depth int) {
	if depth > maxDepth || f.count > maxServers {
		return
	}
	if list, ok := tree.([]any); ok {
		for _, item := range list {
			f.ibm(item, name, depth+1)
		}
		return
	}
	o := asObject(tree)
	if own := o.text("name"); own != "" {
		name = own
	}
	for _, key := range []string{"rediss", "redis", "cli"} {
		part := o.object(key)
		if part.has("composed") || part.has("hosts") || part.has("arguments") {
			f.add(ibmServer(part, key, name))
			return
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		f.ibm(o[key], name, depth+1)
	}
}

func ibmServer(o object, key, name string) server {
	s := server{label: name}
	words := o.items("composed")
	if key == "cli" { // without the part about Redis, the words of redli's command line have it
		words = nil
		for _, arguments := range o.items("arguments") {
			list, _ := arguments.([]any)
			words = append(words, list...)
		}
	}
	for _, word := range words {
		if text, ok := word.(string); ok && isAddress(text) {
			s.uri(text, userAlone)
			break
		}
	}
	hosts := o.items("hosts")
	if s.host == "" && len(hosts) > 0 {
		s.address(asObject(hosts[0]), "hostname")
	}
	if len(hosts) > 1 {
		s.notef("the first of %d addresses was taken", len(hosts))
	}
	if user := o.text("authentication", "username"); user != "" {
		s.user = user
	}
	if password := o.text("authentication", "password"); password != "" {
		s.password = conn.NewSecret(password)
	}
	s.dropPlaceholder()
	s.ibmDatabase(o)
	s.ibmCertificate(o, key)
	if s.label == "" {
		s.label, _, _ = strings.Cut(s.host, ".")
	}
	return s
}

func (s *server) ibmDatabase(o object) {
	for _, key := range []string{"database", "path"} {
		if n, err := strconv.Atoi(strings.TrimPrefix(o.text(key), "/")); err == nil {
			s.db = n
		}
	}
}

// ibmCertificate takes the CA certificate.
func (s *server) ibmCertificate(o object, key string) {
	text := ""
	for _, name := range []string{"certificate_base64", "base64", "certificate"} {
		if text == "" {
			text = o.text("certificate", name)
		}
	}
	if text == "" {
		text = o.first("ca_certificate_base64", "certificate_base64")
	}
	if s.tls == nil && (key != "redis" || text != "") {
		s.tls = &security{}
	}
	if text == "" {
		return
	}
	if s.tls.ca = decoded(text); s.tls.ca == "" {
		s.notef("the CA certificate is no base64, and was left out")
	}
}
