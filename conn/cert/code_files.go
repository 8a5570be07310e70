package cert

// Codes of the [Finding]s of [JudgeFiles], on top of those of files, keys, dates, names and chains.
const (
	CodeConfLine     = "CONF_LINE"      // a line that the server refuses to start with
	CodeFileMissing  = "FILE_MISSING"   // a file that a server is to load is not there, or is none
	CodeTLSOff       = "TLS_OFF"        // files are named, and no port speaks TLS
	CodeNoCA         = "NO_CA"          // peers are to be verified, and there is nothing to verify them with
	CodePortClash    = "PORT_CLASH"     // one number for two ports
	CodeNoPort       = "NO_PORT"        // neither a plain nor a TLS port
	CodePlainPort    = "PLAIN_PORT"     // the port without TLS is open beside the one with it
	CodeKeyExposed   = "KEY_EXPOSED"    // a private key that others on the computer may read
	CodeFileDenied   = "FILE_DENIED"    // a file that the server's user may not read
	CodeKeyPassSpare = "KEY_PASS_SPARE" // a passphrase for a key that has none
	CodeHalfIgnored  = "HALF_IGNORED"   // a setting that counts only together with another, which is missing
	CodeDuplicate    = "DUPLICATE"      // a certificate that stands twice in a file
	CodeCADirNames   = "CA_DIR_NAMES"   // a directory without the hash names that OpenSSL looks for
	CodeSentIssuer   = "SENT_ISSUER"    // a CA certificate that the server would send, and may not: too weak
	CodeCAMixed      = "CA_MIXED"       // a file of CA certificates that holds something else too

	CodeClusterPlainPorts = "CLUSTER_PLAIN_PORTS" // a TLS port in a cluster whose nodes speak plain, and announce that
	CodeClusterNodeName   = "CLUSTER_NODE_NAME"   // an announced name or address that the certificate lacks
	CodeBusWrongRoot      = "BUS_WRONG_ROOT"      // nodes with this configuration refuse each other
	CodeBusEKU            = "BUS_EKU"             // a node that is a client of others with a certificate for servers only
	CodeReplicaPlain      = "REPLICA_PLAIN"       // replication without TLS beside a TLS port
	CodeSentinelPort      = "SENTINEL_PORT"       // a sentinel that speaks another way than its own port
	CodeSentinelName      = "SENTINEL_NAME"       // a host name that a sentinel may not resolve

	CodeUnverified  = "UNVERIFIED"    // a tunnel that takes any certificate
	CodeNoNameCheck = "NO_NAME_CHECK" // a tunnel that takes any certificate of the CA
)
