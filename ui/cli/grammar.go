package cli

// grammar is every option redan knows, in redis-cli's spelling where redis-cli
// has it. Words of the command are not part of it: options end at the first
// word that is not one (see parseArgs). It comes in sections because Kong takes
// 15 microseconds an option to learn them, and most runs use one section or none.
type grammar struct {
	connectFlags
	runFlags
	tlsFlags
	demoFlags
	keyspaceFlags
	latencyFlags
	transferFlags
	laterModes
}

// connectFlags say where to connect and as whom.
type connectFlags struct {
	Host     string  `short:"h" group:"connect" placeholder:"HOST" help:"Server host name or address (default 127.0.0.1). As the last word, -h is --help."`
	Port     string  `short:"p" group:"connect" placeholder:"PORT" help:"Server port (default 6379)."`
	Timeout  string  `short:"t" group:"connect" placeholder:"SECONDS" help:"Connect timeout: name lookup, TCP and TLS handshake together (default 10)."`
	Socket   string  `short:"s" group:"connect" placeholder:"PATH" help:"Unix socket; overrides host and port."`
	URI      string  `short:"u" name:"uri" group:"connect" placeholder:"URI" help:"redis://[[user][:password]@]host[:port][/db]; also rediss:// valkey:// valkeys:// unix://."`
	Password *string `short:"a" name:"pass" aliases:"auth" group:"connect" placeholder:"PASSWORD" help:"Password. Safer: REDISCLI_AUTH or --askpass."`
	User     string  `aliases:"redisuser" group:"connect" placeholder:"NAME" help:"ACL user name; needs a password."`
	Askpass  bool    `group:"connect" help:"Ask for the password on the terminal."`
	DB       string  `short:"n" name:"db" aliases:"ndb" group:"connect" placeholder:"N" help:"Database number."`
	RESP2    bool    `short:"2" name:"resp2" group:"connect" help:"Speak RESP2."`
	RESP3    bool    `short:"3" name:"resp3" group:"connect" help:"Speak RESP3 (HELLO 3)."`
	IPv4     bool    `short:"4" name:"ipv4" group:"connect" help:"Use IPv4 addresses only."`
	IPv6     bool    `short:"6" name:"ipv6" group:"connect" help:"Use IPv6 addresses only."`
	Cluster  bool    `short:"c" name:"follow" group:"connect" help:"Cluster mode: follow MOVED and ASK."`
	Profile  string  `name:"profile" group:"connect" placeholder:"NAME" help:"Use a saved profile; same as @NAME as the first word. Other options go before what it says."`
	Config   string  `name:"config" group:"connect" placeholder:"DIR" help:"Directory of preferences and profiles (default: redan in the configuration directory)."`
}

// tlsFlags say how TLS is spoken.
type tlsFlags struct {
	TLS             bool     `name:"tls" group:"tls" help:"Connect with TLS. Any certificate option implies it."`
	SNI             string   `name:"sni" aliases:"servername" group:"tls" placeholder:"NAME" help:"Server name to send, and to expect in the certificate."`
	CACert          []string `name:"cacert" aliases:"certfile" sep:"none" group:"tls" placeholder:"FILE" help:"CA certificates to trust instead of the system's. May be given several times."`
	CACertDir       []string `name:"cacertdir" sep:"none" group:"tls" placeholder:"DIR" help:"Directory of CA certificates to trust. Adds to --cacert."`
	CertB64         string   `name:"certb64" group:"tls" placeholder:"BASE64" help:"CA certificates as base64 of PEM (redli)."`
	Cert            string   `name:"cert" group:"tls" placeholder:"FILE" help:"Client certificate (PEM, DER or PKCS#12), with its chain."`
	Key             string   `name:"key" group:"tls" placeholder:"FILE" help:"Private key of the client certificate."`
	KeyPassFile     string   `name:"key-pass-file" group:"tls" placeholder:"FILE" help:"File with the passphrase of the private key; else REDAN_KEY_PASS, else it is asked."`
	Insecure        bool     `name:"insecure" aliases:"skipverify" group:"tls" help:"Do not verify the server's certificate: --tls-verify none."`
	TLSVerify       string   `name:"tls-verify" group:"tls" placeholder:"LEVEL" help:"full: chain and name (default); ca: chain only, as redis-cli; none."`
	TLSVerifyName   []string `name:"tls-verify-name" sep:"none" group:"tls" placeholder:"NAME" help:"Name to expect in the certificate; may be given several times."`
	TLSMin          string   `name:"tls-min" group:"tls" placeholder:"VERSION" help:"Oldest TLS version: 1.0, 1.1, 1.2 (default) or 1.3."`
	TLSMax          string   `name:"tls-max" group:"tls" placeholder:"VERSION" help:"Newest TLS version."`
	TLSCiphers      string   `name:"tls-ciphers" group:"tls" placeholder:"LIST" help:"OpenSSL cipher list for TLS 1.2 and older."`
	TLSCiphersuites string   `name:"tls-ciphersuites" group:"tls" placeholder:"LIST" help:"TLS 1.3 cipher suites."`
}

// runFlags say what is run, how often, and how replies are printed.
type runFlags struct {
	Repeat      string  `short:"r" group:"run" placeholder:"N" help:"Run the command N times; negative: for ever."`
	Interval    string  `short:"i" group:"run" placeholder:"SECONDS" help:"Wait between commands, or the interval of a mode; fractions work."`
	StdinArg    bool    `short:"x" name:"stdin-arg" group:"run" help:"Read the last argument from standard input."`
	StdinTag    *string `short:"X" name:"stdin-tag" group:"run" placeholder:"TAG" help:"Replace the argument TAG by standard input."`
	ErrorExit   bool    `short:"e" name:"error-exit" group:"run" help:"Exit with 1 when the reply is an error, and print it on standard error."`
	QuotedInput bool    `name:"quoted-input" group:"run" help:"Arguments are quoted strings, as at the prompt."`
	Eval        string  `name:"eval" group:"run" placeholder:"FILE" help:"Run a Lua script: --eval FILE key ... , arg ..."`
	ReadOnly    bool    `name:"read-only" group:"run" help:"Send only commands that the server flags as reading; refuse the others."`
	Yes         bool    `name:"yes" group:"run" help:"Send what the guard of a production profile would ask about."`
	Explain     bool    `name:"explain" group:"run" help:"Say where each setting of the connection comes from, and do nothing else."`
	REPL        bool    `name:"repl" group:"run" help:"Start the prompt and not the full screen."`

	Raw          bool    `name:"raw" group:"output" help:"Raw replies (default when standard output is no terminal)."`
	NoRaw        bool    `name:"no-raw" group:"output" help:"Replies for people, terminal or not."`
	CSV          bool    `name:"csv" group:"output" help:"Replies as CSV."`
	JSON         bool    `name:"json" group:"output" help:"Replies as JSON; uses RESP3 unless -2 is given."`
	QuotedJSON   bool    `name:"quoted-json" group:"output" help:"As --json, with ASCII-safe quoted strings."`
	ElementDelim *string `short:"d" name:"delimiter" group:"output" placeholder:"TEXT" help:"Between the elements of a raw reply (default: line break)."`
	ReplyDelim   *string `short:"D" name:"reply-delimiter" group:"output" placeholder:"TEXT" help:"After each raw reply (default: line break)."`
	ShowPushes   string  `name:"show-pushes" group:"output" placeholder:"yes|no" help:"Print RESP3 pushes (default: on a terminal)."`
	NoAuthWarn   bool    `name:"no-auth-warning" group:"output" help:"Do not warn about a password on the command line."`
	Verbose      bool    `name:"verbose" group:"output" help:"Say more on standard error, such as the line number of a failed piped command."`
	Long         bool    `name:"long" hidden:"" help:"Accepted for redli; the prompt shows the address anyway."`
	Debug        bool    `name:"debug" hidden:"" help:"Accepted for redli."`
	Mono         bool    `name:"mono" hidden:"" help:"Accepted for redis-cli's --latency-dist."`
}

// demoFlags belong to the demo and to the tests of hints.
type demoFlags struct {
	Serve bool `name:"serve" group:"demo" help:"Keep the demo server running and say how to connect (redan demo --serve)."`

	TestHint     *string `name:"test_hint" hidden:""`
	TestHintFile *string `name:"test_hint_file" hidden:""`
}
