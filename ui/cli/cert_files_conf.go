package cli

import (
	"path/filepath"
	"strings"

	"redan/conn/cert"
	"redan/conn/cert/conffile"
)

// reader reads configuration files.
func (p filesPlan) reader() conffile.Reader {
	return conffile.Reader{ReadFile: p.loader.Content, Glob: filepath.Glob, IsDir: p.loader.IsDir}
}

func settingOf(name string, v conffile.Value) cert.Setting {
	return cert.Setting{Name: name, Value: v.Text, File: v.Origin.File, Line: v.Origin.Line}
}

// revealed is a passphrase that stands in a configuration file; nil when there is none.
func revealed(secret conffile.Secret) cert.Passphrase {
	if !secret.Given() {
		return nil
	}
	return func(string) ([]byte, error) { return secret.Reveal(), nil }
}

func badLines(problems []conffile.Problem) []cert.BadLine {
	lines := make([]cert.BadLine, 0, len(problems))
	for _, problem := range problems {
		lines = append(lines, cert.BadLine{
			Setting: cert.Setting{Name: problem.Name, File: problem.Origin.File, Line: problem.Origin.Line},
			Detail:  problem.Detail, Meant: problem.Nearest, Edit: problem.Edit,
		})
	}
	return lines
}

// redisSet is what redis-server, or redis-sentinel, loads.
func (p filesPlan) redisSet(c *conffile.Redis) cert.FileSet {
	set := p.base(c.Path)
	set.Reader = cert.ReaderRedis
	if c.Sentinel {
		set.Reader = cert.ReaderSentinel
	}
	users := p.loader.ServerUsers(c.Path)
	file := func(name string) cert.LocalFile {
		value := c.Value(name)
		return p.loader.ReadLocal(settingOf(name, value), c.Resolve(value.Text), users)
	}
	set.Own = cert.FilePair{Cert: file("tls-cert-file"), Key: file("tls-key-file"), Passphrase: revealed(c.Secret("tls-key-file-pass"))}
	set.Client = cert.FilePair{
		Cert: file("tls-client-cert-file"), Key: file("tls-client-key-file"), Passphrase: revealed(c.Secret("tls-client-key-file-pass")),
	}
	if ca := file("tls-ca-cert-file"); ca.Given() {
		set.CAs = append(set.CAs, ca)
	}
	if dir := c.Value("tls-ca-cert-dir"); dir.Text != "" {
		set.CADirs = append(set.CADirs, p.loader.ReadLocalDir(settingOf("tls-ca-cert-dir", dir), c.Resolve(dir.Text)))
	}
	set.Conf = redisConf(c)
	set.Conf.DH = file("tls-dh-params-file")
	return set
}

// redisConf is what a redis.conf says beside its files.
func redisConf(c *conffile.Redis) cert.Conf {
	conf := cert.Conf{
		Path: c.Path, Settings: map[string]cert.Setting{}, Bad: badLines(c.Problems), OpenEnd: c.OpenEnd,
		ConfigCommand: "CONFIG", HasUsers: c.Secret("requirepass").Given() || c.Value("aclfile").Given(),
	}
	for name, value := range c.Values() {
		conf.Settings[name] = settingOf(name, value)
	}
	for _, name := range []string{"sentinel announce-ip", "sentinel announce-hostnames", "sentinel resolve-hostnames"} {
		conf.Settings[name] = settingOf(name, c.Value(name))
	}
	if bind, ok := c.Last("bind"); ok {
		conf.Bind = bind.Args
	}
	for _, name := range []string{"slaveof", "replicaof"} {
		if d, ok := c.Last(name); ok && len(d.Args) == 2 && !strings.EqualFold(d.Args[0], "no") {
			conf.ReplicaOf = settingOf(name, conffile.Value{Text: strings.Join(d.Args, " "), Origin: d.Origin})
		}
	}
	for _, d := range c.All("rename-command") {
		if len(d.Args) == 2 && strings.EqualFold(d.Args[0], "config") {
			conf.ConfigCommand = d.Args[1]
		}
	}
	if len(c.All("user")) > 0 {
		conf.HasUsers = true
	}
	for _, d := range c.All("sentinel monitor") {
		const words = 4
		if len(d.Args) == words {
			conf.Masters = append(conf.Masters, cert.Master{
				Setting: settingOf(d.Name, conffile.Value{Text: strings.Join(d.Args, " "), Origin: d.Origin}),
				Name:    d.Args[0], Host: d.Args[1], Port: d.Args[2],
			})
		}
	}
	return conf
}

// stunnelSets are what stunnel loads, one set for each service. Lines that are refused are told with the first.
func (p filesPlan) stunnelSets(c *conffile.Stunnel) []cert.FileSet {
	users := p.loader.ServerUsers(c.Path)
	sets := make([]cert.FileSet, 0, len(c.Services))
	for i, service := range c.Services {
		title := c.Path
		if service.Name != "" {
			title += " [" + service.Name + "]"
		}
		set := p.base(title)
		set.Reader = cert.ReaderStunnel
		file := func(name string) cert.LocalFile {
			value := service.Value(name)
			return p.loader.ReadLocal(settingOf(name, value), value.Text, users)
		}
		set.Own = cert.FilePair{Cert: file("cert"), Key: file("key")}
		if ca := file("CAfile"); ca.Given() {
			set.CAs = append(set.CAs, ca)
		}
		if dir := service.Value("CApath"); dir.Text != "" {
			set.CADirs = append(set.CADirs, p.loader.ReadLocalDir(settingOf("CApath", dir), dir.Text))
		}
		set.Conf = stunnelConf(c, service)
		if i == 0 {
			set.Conf.Bad = badLines(c.Problems)
		}
		sets = append(sets, set)
	}
	return sets
}

// stunnelConf is what a service says beside its files.
func stunnelConf(c *conffile.Stunnel, service conffile.Service) cert.Conf {
	conf := cert.Conf{
		Path: c.Path, Settings: map[string]cert.Setting{},
		After: cert.Setting{Name: "[" + service.Name + "]", File: service.Origin.File, Line: service.Origin.Line},
	}
	for _, name := range []string{
		"client", "verify", "verifyChain", "verifyPeer", "cert", "key", "CAfile", "CApath", "ciphers", "ciphersuites",
		"sslVersion", "sslVersionMin", "sslVersionMax", "connect", "accept", "sni", "checkHost", "checkIP",
	} {
		conf.Settings[strings.ToLower(name)] = settingOf(name, service.Value(name))
	}
	for _, name := range []string{"checkHost", "checkIP"} {
		for _, value := range service.Values(name) {
			conf.Hosts = append(conf.Hosts, settingOf(name, value))
		}
	}
	return conf
}
