package cli

// keyspaceFlags are the modes that read the whole keyspace.
type keyspaceFlags struct {
	Scan            bool    `name:"scan" group:"keyspace" help:"List all keys, by SCAN."`
	BigKeys         bool    `name:"bigkeys" group:"keyspace" help:"The biggest key of each type by length, and averages."`
	MemKeys         bool    `name:"memkeys" group:"keyspace" help:"The biggest key of each type by memory."`
	MemKeysSamples  string  `name:"memkeys-samples" group:"keyspace" placeholder:"N" help:"--memkeys with N elements sampled of each value; 0 is all of them."`
	KeyStats        bool    `name:"keystats" group:"keyspace" help:"By length and by memory at once, with the largest keys of all and how sizes are distributed."`
	KeyStatsSamples string  `name:"keystats-samples" group:"keyspace" placeholder:"N" help:"--keystats with N elements sampled of each value."`
	HotKeys         bool    `name:"hotkeys" group:"keyspace" help:"The keys used most; needs an LFU maxmemory-policy."`
	Pattern         *string `name:"pattern" group:"keyspace" placeholder:"GLOB" help:"Only keys whose names match."`
	QuotedPattern   *string `name:"quoted-pattern" group:"keyspace" placeholder:"GLOB" help:"As --pattern, written as a quoted string."`
	Count           string  `name:"count" group:"keyspace" placeholder:"N" help:"COUNT of each SCAN (default: 500 to 2000, or 10 with -i)."`
	Cursor          string  `name:"cursor" group:"keyspace" placeholder:"N" help:"Start at this cursor, such as an interrupted --keystats named."`
	Type            string  `name:"type" group:"keyspace" placeholder:"TYPE" help:"Only keys of this type."`
	Top             string  `name:"top" group:"keyspace" placeholder:"N" help:"How many of the largest keys --keystats lists (default 10)."`
}

// latencyFlags are the modes that watch a server, or this machine.
type latencyFlags struct {
	Stat             bool   `name:"stat" group:"latency" help:"A line of statistics each second, or -i; with -c of all masters together."`
	Latency          bool   `name:"latency" group:"latency" help:"How long PING takes: on a terminal until Ctrl-C, elsewhere one line after a second, or -i."`
	LatencyHistory   bool   `name:"latency-history" group:"latency" help:"The same in windows of 15 seconds, or -i, with a line for each."`
	LatencyDist      bool   `name:"latency-dist" group:"latency" help:"The same as a spectrum in colours, with a row for each second, or -i."`
	Percentiles      string `name:"latency-percentiles" group:"latency" placeholder:"P,P..." help:"Percentiles to add to --latency and --latency-history, such as 50,99,99.9."`
	IntrinsicLatency string `name:"intrinsic-latency" group:"latency" placeholder:"SECONDS" help:"How long this machine leaves a busy process waiting; no server is asked."`
	LRUTest          string `name:"lru-test" group:"latency" placeholder:"KEYS" help:"Simulate a cache of KEYS keys with an 80-20 distribution. It writes, without end."`
}

// transferFlags are the modes that move data in bulk.
type transferFlags struct {
	Pipe         bool    `name:"pipe" group:"transfer" help:"Send standard input as it is: commands as RESP or as lines. With -c each goes to the master of its key."`
	PipeTimeout  string  `name:"pipe-timeout" group:"transfer" placeholder:"SECONDS" help:"How long --pipe waits for replies after the last byte (default 30; 0: for ever)."`
	RDB          *string `name:"rdb" group:"transfer" placeholder:"FILE" help:"Save the dataset to a file that is whole or not there; - is standard output."`
	FunctionsRDB *string `name:"functions-rdb" group:"transfer" placeholder:"FILE" help:"As --rdb, with the functions only."`
	Replica      bool    `name:"replica" aliases:"slave" group:"transfer" help:"Print the commands that a replica receives, as they come."`
}

// laterModes are modes of redis-cli that redan recognises and does not have
// yet. Each ends with a sentence, never with a surprise.
type laterModes struct {
	LDB            bool `name:"ldb" group:"later" help:"Debug the script of --eval."`
	LDBSync        bool `name:"ldb-sync-mode" group:"later" help:"As --ldb, synchronously."`
	ClusterManager bool `name:"cluster" group:"later" help:"Cluster manager commands."`
}
