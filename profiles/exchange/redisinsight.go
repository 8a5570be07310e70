package exchange

import (
	"strings"
	"time"
)

// readRedisInsight reads the array of databases that RedisInsight exports. Passwords and keys are in it when they were exported too.
func readRedisInsight(f file) (found, error) {
	tree, err := parseJSON(f.data)
	if err != nil {
		return found{}, malformed(RedisInsight, err.Error())
	}
	list, ok := tree.([]any)
	if !ok {
		return found{}, malformed(RedisInsight, "it is to be a list of databases, [ ... ]")
	}
	var all found
	for _, item := range list {
		o := asObject(item)
		if o == nil {
			all.add(server{fault: errNoObject})
			continue
		}
		all.add(redisInsightServer(o, f.folder))
	}
	return all, nil
}

func redisInsightServer(o object, folder string) server {
	s := server{label: o.text("name"), user: o.text("username"), password: secret(o.text("password"))}
	s.address(o, "host")
	s.number(o, "db", "database", &s.db)
	s.after(o, "timeout", time.Millisecond, 30*time.Second)
	for _, item := range o.list("tags") {
		tag := asObject(item)
		if key, value := tag.text("key"), tag.text("value"); value != "" {
			s.tags = unique(append(s.tags, key+":"+value)...)
		} else {
			s.tags = unique(append(s.tags, key)...)
		}
	}
	s.redisInsightTLS(o, folder)
	switch kind := strings.ToUpper(o.text("connectionType")); {
	case kind == "CLUSTER":
		s.follow = true
	case kind == "SENTINEL", o.has("sentinelMaster"):
		s.behindSentinel(o.text("sentinelMaster", "name"), o.text("sentinelMaster", "password") != "")
	}
	if o.is("ssh") || o.has("sshOptions") {
		s.behindSSH(o.object("sshOptions"), "host", "port", "username")
	}
	return s
}

func (s *server) redisInsightTLS(o object, folder string) {
	on, said := o.flag("tls")
	if said && !on || !said && !o.has("caCert") && !o.has("clientCert") {
		return
	}
	t := security{
		folder: folder, serverName: o.text("tlsServername"),
		ca: o.text("caCert", "certificate"), cert: o.text("clientCert", "certificate"), key: o.text("clientCert", "key"),
	}
	if verified, said := o.flag("verifyServerCert"); said && !verified {
		t.verify = "none"
	}
	if t.cert != "" && t.key == "" {
		s.notef("the client certificate has no private key in the file: set tls.key or tls.key_data")
	}
	s.tls = &t
}
