// Redan is a terminal client for Redis and Valkey: a drop-in for redis-cli.
package main

import (
	"context"
	"os"

	"redan/ui/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), cli.RealSystem()))
}
