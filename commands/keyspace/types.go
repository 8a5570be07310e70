package keyspace

import "strings"

// TypeWord returns the word of TYPE, and so of SCAN's TYPE filter, for what a person may call a type: the word itself, the short
// words of our lists, or a module's name. Unknown words are returned as they are: modules bring their own, and the server
// compares without regard to case.
func TypeWord(name string) string {
	switch strings.ToLower(name) {
	case "str", "string", "hll", "hyperloglog", "bits", "bitmap":
		return "string"
	case "list":
		return "list"
	case "set":
		return "set"
	case "zset", "sortedset", "geo":
		return "zset"
	case "hash":
		return "hash"
	case "strm", "stream":
		return "stream"
	case "json", "rejson", "rejson-rl":
		return "ReJSON-RL"
	case "vset", "vector", "vectorset":
		return "vectorset"
	case "bf", "bloom", "mbbloom--":
		return "MBbloom--"
	case "cf", "cuckoo", "mbbloomcf":
		return "MBbloomCF"
	case "cms", "cmsk-type":
		return "CMSk-TYPE"
	case "topk", "topk-type":
		return "TopK-TYPE"
	case "tdigest", "tdis-type":
		return "TDIS-TYPE"
	case "ts", "timeseries", "tsdb-type":
		return "TSDB-TYPE"
	}
	return name
}

// TypeWords returns the types that a filter may offer, as TYPE names them: those of the server itself, then those of the modules
// that are met most.
func TypeWords() []string {
	return []string{
		"string", "hash", "list", "set", "zset", "stream", "vectorset",
		"ReJSON-RL", "TSDB-TYPE", "MBbloom--", "MBbloomCF", "CMSk-TYPE", "TopK-TYPE", "TDIS-TYPE",
	}
}
