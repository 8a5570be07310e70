package cert

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// judgeCluster looks at how the nodes of a cluster speak to each other, and what they announce.
func (j *fileJudge) judgeCluster() {
	if j.set.Reader != ReaderRedis || !j.yes("cluster-enabled") {
		return
	}
	before := len(j.findings)
	scope := j.set.Conf.Settings["cluster-enabled"].scope()
	switch {
	case !j.yes("tls-cluster") && j.portOf("tls-port") != 0:
		f := Finding{
			Code: CodeClusterPlainPorts, Severity: SeverityWarn, Scope: scope,
			Message: "the node has a tls-port, but tls-cluster is no: the nodes speak to each other in clear",
			Cause: "until Redis 7.0, MOVED and CLUSTER SLOTS then name the plain port to TLS clients too, which hang there; " +
				"change it on all nodes together, since one kind does not understand the other",
			Fixes: j.setLines("tls-cluster", "yes"),
		}
		if j.portOf("port") == 0 {
			f.Cause = "until Redis 7.0, MOVED and CLUSTER SLOTS then name port 0 to TLS clients; change it on all nodes together, since one kind " +
				"does not understand the other"
		}
		j.add(f)
	case j.yes("tls-cluster") && j.portOf("tls-port") == 0:
		j.add(Finding{
			Code: CodeClusterPlainPorts, Severity: SeverityWarn, Scope: scope,
			Message: "tls-cluster is yes, but there is no tls-port: clients are sent to port 0",
			Cause:   "the bus goes through TLS, and nodes announce their TLS port, which they do not have",
			Fixes:   j.setLines("tls-port", strconv.Itoa(j.portOf("port")+1)),
		})
	}
	if j.isNode() && !j.hasClientPair() {
		j.judgeCalling(j.own, CodeBusEKU, SeverityCrit,
			"a node is a client of the others with the same certificate, whatever tls-auth-clients says: they refuse it (alert 43), and the cluster falls apart")
	}
	j.check("cluster", before, "nodes can speak to each other")
}

// hasClientPair reports whether the server has another certificate for what it does as a client.
func (j *fileJudge) hasClientPair() bool {
	return j.set.Client.Cert.Given() && j.set.Client.Key.Given()
}

// judgeReplication looks at how a master and its replicas speak to each other.
func (j *fileJudge) judgeReplication() {
	if j.set.Reader != ReaderRedis {
		return
	}
	replica := j.set.Conf.ReplicaOf
	before := len(j.findings)
	switch {
	case j.yes("tls-replication") && !j.hasClientPair() && !j.isNode():
		severity := SeverityWarn
		if replica.Given() {
			severity = SeverityCrit
		}
		j.judgeCalling(j.own, CodeBusEKU, severity,
			"a replica is a client of its master with this certificate: a master with tls-auth-clients yes refuses it (alert 43)")
	case !j.yes("tls-replication") && replica.Given() && j.portOf("tls-port") != 0:
		j.add(Finding{
			Code: CodeReplicaPlain, Severity: SeverityWarn, Scope: replica.scope(),
			Message: "this replica speaks to its master without TLS: tls-replication is no" + replica.at(),
			Cause:   "all data goes over the network in clear; and if " + printable(replica.Value) + " is the master's tls-port, it never connects",
			Fixes:   j.setLines("tls-replication", "yes"),
		})
	case !j.yes("tls-replication") && j.hasReplicas() && j.portOf("tls-port") != 0 && j.portOf("port") == 0:
		j.add(Finding{
			Code: CodeReplicaPlain, Severity: SeverityInfo, Scope: j.set.Conf.Settings["tls-port"].scope(),
			Message: "tls-replication is no: as a replica, this server would speak without TLS, and with port 0 no replica can",
			Cause:   "replica-announce-ip is set, so there seem to be replicas", Fixes: j.setLines("tls-replication", "yes"),
		})
	case !j.yes("tls-replication") && j.yes("cluster-enabled") && j.yes("tls-cluster"):
		j.add(Finding{
			Code: CodeReplicaPlain, Severity: SeverityWarn, Scope: j.set.Conf.Settings["tls-cluster"].scope(),
			Message: "tls-cluster is yes, but tls-replication is no: replicas fetch their data without TLS",
			Cause:   "they connect to the announced port, which is the TLS port, and wait there until they give up",
			Fixes:   j.setLines("tls-replication", "yes"),
		})
	}
	j.check("replication", before, "master and replica speak alike")
}

// hasReplicas reports whether a master's file looks as if there were replicas.
func (j *fileJudge) hasReplicas() bool { return j.setting("replica-announce-ip") != "" }

// judgeAnnounced says which names and addresses that others are told the certificate lacks.
func (j *fileJudge) judgeAnnounced() {
	const cause = "clients are sent there and refuse when they verify names; redis-cli does not"
	before := len(j.findings)
	if j.yes("cluster-enabled") {
		if ip := j.setting("cluster-announce-ip"); ip != "" && !equalFoldASCII(j.setting("cluster-preferred-endpoint-type"), "hostname") {
			j.judgeName(ip, SeverityWarn, CodeClusterNodeName, "cluster-announce-ip: "+cause)
		}
		if host := j.setting("cluster-announce-hostname"); host != "" {
			severity := SeverityInfo
			if equalFoldASCII(j.setting("cluster-preferred-endpoint-type"), "hostname") {
				severity = SeverityWarn
			}
			j.judgeName(host, severity, CodeClusterNodeName, "cluster-announce-hostname: "+cause)
		}
	}
	for _, name := range []string{"replica-announce-ip", "sentinel announce-ip"} {
		if host := j.setting(name); host != "" {
			j.judgeName(host, SeverityWarn, "", name+": clients of sentinels "+strings.TrimPrefix(cause, "clients "))
		}
	}
	j.judgeBind()
	j.check("announced names", before, "are in the certificate")
}

// judgeBind mentions the addresses that the server listens on and its certificate lacks.
func (j *fileJudge) judgeBind() {
	if len(j.set.Hosts) > 0 {
		return
	}
	for _, address := range j.set.Conf.Bind {
		ip := net.ParseIP(strings.TrimPrefix(address, "-"))
		if ip == nil || ip.IsLoopback() || ip.IsUnspecified() {
			continue
		}
		j.judgeName(ip.String(), SeverityInfo, "", "the server listens there (bind): who connects by the address and verifies names refuses it")
	}
}

// judgeSentinel looks at what a sentinel watches and how.
func (j *fileJudge) judgeSentinel() {
	if j.set.Reader != ReaderSentinel {
		return
	}
	before := len(j.findings)
	for _, master := range j.set.Conf.Masters {
		if net.ParseIP(master.Host) == nil && !j.yes("sentinel resolve-hostnames") {
			j.add(Finding{
				Code: CodeSentinelName, Severity: SeverityCrit, Scope: master.Setting.scope(),
				Message: printable(master.Host) + " is a host name, and sentinel resolve-hostnames is no" + master.Setting.at(),
				Cause:   `the log says "Can't resolve instance hostname": redis-sentinel does not start with it`,
				Fixes:   []Fix{j.sentinelLine("sentinel resolve-hostnames yes")},
			})
		}
		if j.portOf("tls-port") != 0 && !j.yes("tls-replication") {
			j.add(Finding{
				Code: CodeSentinelPort, Severity: SeverityWarn, Scope: master.Setting.scope(),
				Message: fmt.Sprintf("this sentinel has a tls-port, but speaks to %s without TLS: tls-replication is no%s", printable(master.Name), master.Setting.at()),
				Cause: "clients get " + printable(net.JoinHostPort(master.Host, master.Port)) + " as the address of the master whether they speak TLS or not; " +
					"if that is a tls-port, the sentinel takes the master for down",
				Fixes: []Fix{j.setInFile("tls-replication", "yes")},
			})
		}
	}
	if j.yes("tls-replication") && !j.hasClientPair() {
		j.judgeCalling(j.own, CodeBusEKU, SeverityCrit, "a sentinel is a client of the servers it watches with this certificate: they refuse it (alert 43)")
	}
	if j.yes("sentinel announce-hostnames") && !j.yes("sentinel resolve-hostnames") {
		j.add(Finding{
			Code: CodeSentinelName, Severity: SeverityWarn, Scope: j.set.Conf.Settings["sentinel announce-hostnames"].scope(),
			Message: "sentinel announce-hostnames is yes, but sentinel resolve-hostnames is no",
			Cause:   "clients then get addresses, which certificates for names do not cover",
			Fixes:   []Fix{j.sentinelLine("sentinel resolve-hostnames yes")},
		})
	}
	j.check("sentinel", before, "speaks to the servers it watches as it should")
}

// sentinelLine adds a line to the sentinel's file.
func (j *fileJudge) sentinelLine(line string) Fix {
	start := ""
	if j.set.Conf.OpenEnd {
		start = `\n`
	}
	return j.shell("printf '"+start+`%s\n' `+ShellQuote(line)+" >> "+ShellQuote(j.set.Conf.Path), "")
}

// judgeProtected says when nobody from another computer can connect.
func (j *fileJudge) judgeProtected() {
	if j.set.Reader != ReaderRedis || j.set.Conf.HasUsers || !j.yes("protected-mode") || !j.speaksTLS() {
		return
	}
	remote := len(j.set.Conf.Bind) == 0
	for _, address := range j.set.Conf.Bind {
		ip := net.ParseIP(strings.TrimPrefix(address, "-"))
		remote = remote || ip == nil || !ip.IsLoopback()
	}
	if !remote {
		return
	}
	j.add(Finding{
		Code: CodeProtectedMode, Severity: SeverityInfo, Scope: j.set.Conf.Settings["protected-mode"].scopeOr(j.set.Conf.Path),
		Message: "no password or user is set up, so that clients on other computers are sent away (" + j.why("protected-mode") + ")",
		Cause:   "they get -DENIED after the handshake, whatever certificate they have",
		Fixes:   []Fix{j.placeholder(j.setInFile("requirepass", "PASSWORD"))},
	})
}
