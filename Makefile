# The index of everything there is to run here. The work is in script/ and bench/.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help build test lint unit format fuzz bench bench-screen screenshots generate snapshot clean

go = . script/env && go

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./redan
	$(go) build -trimpath -o redan .

test: ## the whole check: format, vet, lint, tests with -race, 2 s of every fuzz target
	@script/check

lint: ## the linters alone
	"$$(script/tool golangci-lint)" run ./...

unit: ## unit and transcript tests, with the race detector
	$(go) test -race -shuffle=on ./...

format: ## put every file in the house format
	"$$(script/tool gofumpt)" -w .

fuzz: ## every fuzz target for FUZZTIME (20s), FUZZJOBS (2) at a time
	@script/fuzz

bench: ## time and memory against redis-cli, and of the full screen, on this machine; makes the README's table
	@bench/run --readme
	@$(go) run ./bench/screen

bench-screen: ## the full screen alone, with a million keys and with ten (Linux)
	@$(go) run ./bench/screen

screenshots: ## take the pictures in docs/screens anew, from the real program (needs tmux, redis-server)
	@script/screenshots

generate: ## remake generated files, the command table among them (needs redis-server)
	$(go) generate ./...

snapshot: ## release archives and packages for every system, into dist/
	"$$(script/tool goreleaser)" check
	"$$(script/tool goreleaser)" release --snapshot --clean

clean: ## remove what the targets above made
	rm -rf redan redan.exe dist .bin .cache
