package cli

import (
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// watches starts redis-sentinel with a configuration and reports whether it got ready.
func watches(t *testing.T, conf string) (ready bool, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var output buffer
	program := exec.CommandContext(ctx, "redis-server", conf, "--sentinel")
	program.Stdout, program.Stderr = &output, &output
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = program.Wait(); close(done) }()
	defer func() { _ = program.Process.Kill(); <-done }()
	for !strings.Contains(output.String(), "Sentinel ID is") {
		select {
		case <-done:
			return false, output.String()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return true, output.String()
}

// testFilesAgreeWithSentinel compares what is said of a sentinel.conf with what redis-sentinel does with it.
func testFilesAgreeWithSentinel(t *testing.T) {
	const files = "tls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-file ca.crt\n"
	const master = "sentinel monitor m 127.0.0.1 6380 1\n"
	tests := []struct {
		name, conf     string
		code, severity string
		mends          bool
	}{
		{name: "all is well", conf: files + "tls-replication yes\n" + master},
		{name: "by name", conf: files + "tls-replication yes\nsentinel monitor m localhost 6380 1\nsentinel resolve-hostnames yes\n"},
		{name: "plain master", conf: files + master, code: "SENTINEL_PORT", severity: "warn", mends: true},
		{name: "names announced", conf: files + "tls-replication yes\nsentinel announce-hostnames yes\n" + master, code: "SENTINEL_NAME", severity: "warn", mends: true},
		{name: "name not resolved", conf: files + "tls-replication yes\nsentinel monitor m localhost 6380 1\n", code: "SENTINEL_NAME", severity: "crit", mends: true},
		{name: "no quorum", conf: files + "sentinel monitor m 127.0.0.1 6380\n", code: "CONF_LINE", severity: "crit"},
		{name: "no CA", conf: "tls-cert-file srv.crt\ntls-key-file srv.key\n" + master, code: "NO_CA", severity: "crit"},
		{name: "one port for both", conf: files + "tls-replication yes\nport PORT\n" + master, code: "PORT_CLASH", severity: "crit", mends: true},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := "sentinel" + strconv.Itoa(i) + ".conf"
			conf := "port 0\ntls-port PORT\n" + test.conf
			conf = strings.ReplaceAll(conf, "PORT", strconv.Itoa(freePort(t)))
			if err := os.WriteFile(name, []byte(conf), 0o600); err != nil {
				t.Fatal(err)
			}
			said, got := judgeConf(t, name)
			if test.mends {
				mend(t, said, test.code)
				if after, got := judgeConf(t, name); after.Verdict != "ok" {
					t.Errorf("after the fix: %s", got.stdout)
				}
			}
			ready, log := watches(t, name)
			if !test.mends && ready == (said.Verdict == "crit") || test.mends && !ready {
				t.Errorf("redis-sentinel: ready %v; redan said %s\n%s\n%s", ready, said.Verdict, got.stdout, log)
			}
			if test.code == "" && said.Verdict != "ok" || test.code != "" && !strings.Contains(strings.Join(said.codes(test.severity), " "), test.code) {
				t.Errorf("found crit %v, warn %v; want %s %s", said.codes("crit"), said.codes("warn"), test.severity, test.code)
			}
		})
	}
}

// testFilesOfPeers holds what servers with a configuration do to each other: faults that show only later, and are told before.
func testFilesOfPeers(t *testing.T) {
	const files = "port 0\ntls-port 7000\nrequirepass pw\ntls-cert-file srv.crt\ntls-key-file srv.key\ntls-ca-cert-file ca.crt\n"
	const node = "cluster-enabled yes\ntls-cluster yes\ntls-replication yes\n"
	const server = "tls-cert-file serveronly.crt\ntls-key-file serveronly.key\n"
	const client = "tls-client-cert-file cli.crt\ntls-client-key-file cli.key\n"
	tests := []struct{ name, conf, want string }{ // what is found, as "severity CODE"
		{"node", files + node, ""},
		{"node for servers only", files + node + server, "crit BUS_EKU"},
		{"node for servers only, with a client's", files + node + server + client, ""},
		{"node with a client's for servers", files + node + "tls-client-cert-file serveronly.crt\ntls-client-key-file serveronly.key\n", "crit CLIENT_WRONG_EKU"},
		{"node of another root", files + node + "tls-ca-cert-file stranger.crt\n", "crit BUS_WRONG_ROOT"},
		{"node of another root of the same name", files + node + "tls-ca-cert-file other.crt\n", "crit BUS_WRONG_ROOT"},
		{"server of another root", files + "tls-ca-cert-file stranger.crt\n", "info UNKNOWN_CA"},
		{"server of another root of the same name", files + "tls-ca-cert-file other.crt\n", "warn WRONG_ROOT_SAME_NAME"},
		{"master for servers only", files + server + "tls-replication yes\n", "warn BUS_EKU"},
		{"replica for servers only", files + server + "tls-replication yes\nreplicaof 10.0.0.1 6380\n", "crit BUS_EKU"},
		{"replica without TLS", files + "replicaof 10.0.0.1 6379\n", "warn REPLICA_PLAIN"},
		{"master that was a replica", files + "replicaof no one\n", ""},
		{"node with plain replication", files + "cluster-enabled yes\ntls-cluster yes\n", "warn REPLICA_PLAIN"},
		{"node with a plain bus", files + "cluster-enabled yes\n", "warn CLUSTER_PLAIN_PORTS"},
		{"node without a TLS port", files + node + "port 7000\ntls-port 0\n", "warn CLUSTER_PLAIN_PORTS"},
		{"announced address", files + node + "cluster-announce-ip 10.0.0.1\n", "warn CLUSTER_NODE_NAME"},
		{"announced name", files + node + "cluster-announce-hostname a.lab\n", "info CLUSTER_NODE_NAME"},
		{"preferred name", files + node + "cluster-announce-hostname a.lab\ncluster-preferred-endpoint-type hostname\n", "warn CLUSTER_NODE_NAME"},
		{"announced and covered", files + node + "cluster-announce-ip 127.0.0.1\ncluster-announce-hostname localhost\n", ""},
		{"replica's announced address", files + "tls-replication yes\nreplica-announce-ip 10.0.0.1\n", "warn NO_IP_SAN warn OTHER_IP"},
		{"bound address", files + "bind 10.0.0.1 127.0.0.1 -::1 *\n", "info OTHER_IP"},
		{"plain port", files + "port 6379\n", "info PLAIN_PORT"},
		{"no password", strings.Replace(files, "requirepass pw\n", "bind 10.0.0.1\n", 1), "info PROTECTED_MODE info OTHER_IP"},
		{"no TLS", "port 6379\n", "info TLS_OFF"},
		{"TLS not switched on", "tls-cert-file srv.crt\ntls-key-file own.key\n", "warn TLS_OFF warn KEY_MISMATCH warn NO_CA"},
		{"later directive", files + "tls-auth-clients-user CN\n", ""},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := "peer" + strconv.Itoa(i) + ".conf"
			if err := os.WriteFile(name, []byte(test.conf), 0o600); err != nil {
				t.Fatal(err)
			}
			said, _ := judgeConf(t, name)
			var found []string
			for _, f := range said.Sets[0].Findings {
				found = append(found, f.Severity+" "+f.Code)
			}
			if len(found) == 0 && test.want == "" {
				return
			}
			for _, one := range found {
				if !strings.Contains(test.want, one) {
					t.Errorf("found %q, want %q", found, test.want)
				}
			}
			if len(found) == 0 {
				t.Errorf("found nothing, want %q", test.want)
			}
		})
	}
}
