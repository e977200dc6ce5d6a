# What a user needs is `make run`; what CI runs is `make test`.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

BIN    := _build/otelcol-auth
CTL    := _build/authctl
TOOLS  := $(CURDIR)/.tools

OCB_VERSION    := v0.155.0
LINTER_VERSION := v2.15.0

# The version stands in the path, so that a new one is installed.
OCB    := $(TOOLS)/$(OCB_VERSION)/builder
LINTER := $(TOOLS)/$(LINTER_VERSION)/golangci-lint

# Packages whose code several goroutines run: tested with the race detector.
CONCURRENT := ./cmd/authctl/internal/input ./internal/authevent ./internal/ingest/... ./internal/scrub/... ./internal/eventmetrics/... ./internal/counting/... ./internal/tail/... ./receiver/... ./extension/... ./processor/... ./connector/... ./exporter/...

# Go modules of their own, so that what they need is no dependency of the collector.
MODULES := bench e2e/logql deploy/test tools

# How long each fuzz target runs.
FUZZTIME ?= 30s

# Everything that the collector is made of, and authctl beside it.
SOURCES := $(shell find cmd/otelcol-auth internal receiver extension processor connector exporter converter -type f \( -name '*.go' -o -name '*.yaml' -o -name 'go.*' \) -not -name '*_test.go') go.mod go.sum
CTL_SOURCES := $(SOURCES) $(shell find cmd/authctl -type f -not -name '*_test.go' -not -path '*/testdata/*')

# The collector of the benchmark: ours and the stock components (bench/builder-config.yaml).
BENCH_BIN     := _build/otelcol-bench
BENCH_SOURCES := $(SOURCES) $(shell find bench/collector bench/sink -type f -not -name '*_test.go')

.PHONY: build run test vet lint unit race e2e deploy-check faults soak check-generated generate bench bench-quick bench-smoke bench-go bench-json bench-scrub bench-count bench-whole bench-postgres prometheus postgres systemd fuzz release licenses vulncheck reproducible clean help

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 14

build: $(BIN) $(CTL) ## Build the collector, _build/otelcol-auth, and its companion _build/authctl

$(BIN): $(SOURCES)
	go -C cmd/otelcol-auth build -trimpath -ldflags '-s -w' -o $(CURDIR)/$(BIN) .

$(CTL): $(CTL_SOURCES)
	go build -trimpath -ldflags '-s -w' -o $(CURDIR)/$(CTL) ./cmd/authctl

$(BENCH_BIN): $(BENCH_SOURCES)
	go -C bench/collector build -trimpath -ldflags '-s -w' -o $(CURDIR)/$(BENCH_BIN) .

run: build ## Run the sample through configs/quickstart.yaml, show the counts, serve them until stopped
	go run ./internal/demo

test: vet lint licenses check-generated build unit race e2e deploy-check ## All that CI runs

vet:
	for module in . $(MODULES); do go -C $$module vet ./...; done

lint: $(LINTER)
	for module in . $(MODULES); do (cd $$module && $(LINTER) run ./...); done

unit: postgres # what race does not run
	go test $$(go list ./... | grep -v -e /e2e -f <(go list $(CONCURRENT)))
	go test -run Alloc ./internal/scrub/... ./internal/eventmetrics/... # the race detector allocates, too
	$(MAKE) --no-print-directory bench-smoke
	go -C bench test -count=1 ./... # it reads testdata/, which the test cache does not see
	go -C e2e/logql test -count=1 ./... # so it is with docs/ and dashboards/
	go -C tools test ./...

race: postgres
	go test -race $(CONCURRENT)

e2e: build prometheus postgres
	go test -count=1 ./e2e/...

# Debian's packages, if they are missing. The tests run these servers as any user, in
# folders and on ports of their own; of systemd they use what reads a unit.
prometheus postgres systemd:
	@.ci/install $(PACKAGE) $(PROGRAMS)
prometheus: PACKAGE = prometheus
prometheus: PROGRAMS = prometheus promtool
postgres: PACKAGE = postgresql
postgres: PROGRAMS = initdb postgres
systemd: PACKAGE = systemd
systemd: PROGRAMS = systemd-analyze systemd-sysusers systemd-tmpfiles

# A module of its own: kustomize, the Kubernetes types, compose and BuildKit's
# parser. They take two minutes to compile once, and the tests 15 seconds.
deploy-check: build prometheus systemd ## Hold deploy/ against what reads it
	go -C deploy/test test -count=1 ./...

# Flags of go test for it, such as -run TestClock. Without them no row may be missing.
FAULTS_FLAGS ?=
FAULTS_TABLE := $(CURDIR)/_build/faults.jsonl

# One package after the other, so that what they say is seen at once. The table is
# printed whatever became of them, and fails if a row does, or if one is missing.
faults: build postgres ## Every fault in full, with a table of what was lost (30 minutes)
	rm -f $(FAULTS_TABLE)
	verdict=0; \
	FAULTS=full FAULTS_TABLE=$(FAULTS_TABLE) go test -count=1 -v -p 1 -timeout 2h $(FAULTS_FLAGS) ./e2e/faults ./e2e/kafka ./e2e/postgres || verdict=1; \
	go run ./internal/faults/table/show $(FAULTS_TABLE) || verdict=1; \
	exit $$verdict

# How long the soak loads the collectors, and flags beside it, such as -seed 7.
MINUTES    ?= 20
SOAK_FLAGS ?=

soak: build ## MINUTES of load with random faults, into bench/results.md; fails if a line is lost or memory grows
	go -C bench run ./soak -root $(CURDIR) -out $(CURDIR)/bench -minutes $(MINUTES) $(SOAK_FLAGS)

# Fails if a generated file is not what its source says.
check-generated: $(OCB)
	@sums() { git ls-files -co --exclude-standard -- 'cmd/otelcol-auth/*' 'bench/collector/*' '*generated_*' '*documentation.md' '*config.schema.*' docs/events.md docs/metrics.md docs/policies.md 'dashboards/*.json' | sort | xargs sha256sum; }; \
	before=$$(sums); $(MAKE) --no-print-directory generate; \
	diff <(echo "$$before") <(sums) >/dev/null || { git status --short; echo "generated files were not up to date, and now are: commit them"; exit 1; }

generate: $(OCB) ## Write cmd/otelcol-auth and bench/collector (ocb), and the components' metadata (mdatagen)
	go generate ./...
	@for manifest in builder-config.yaml bench/builder-config.yaml; do \
		log=$$($(OCB) --config $$manifest --skip-compilation --skip-get-modules 2>&1) || { echo "$$log"; exit 1; }; \
	done
	gofmt -w cmd/otelcol-auth bench/collector

# Flags of bench/compare beside those below, such as -row receive -source hera.
BENCH_FLAGS ?=

bench: $(BENCH_BIN) postgres ## A whole collector of ours and one of stock components by turns, into bench/results.md (40 minutes)
	go -C bench run ./compare -root $(CURDIR) -out $(CURDIR)/bench $(BENCH_FLAGS)

bench-quick: $(BENCH_BIN) ## The same in two minutes: fewer lines, one run; only printed
	go -C bench run ./compare -root $(CURDIR) -login_gov 20000 -hera 60000 -runs 1 -check 500 -flatness noise -postgres=false $(BENCH_FLAGS)

# That the benchmark works, and that both sides still do the same.
bench-smoke: $(BENCH_BIN)
	@for row in everything send; do \
		log=$$(go -C bench run ./compare -root $(CURDIR) -source hera -hera 200 -row $$row -runs 1 -flatness none -postgres=false 2>&1) || { echo "$$log"; exit 1; }; \
	done

bench-go: ## Go benchmarks of parse, scrub, count, and of the components
	go test -run '^$$' -bench . -benchmem ./internal/jsonscan ./internal/authevent ./internal/scrub/... ./internal/eventmetrics ./internal/wholeway ./internal/wrapper ./internal/tail ./processor/... ./receiver/... ./extension/... ./exporter/...

# How many lines of Login.gov are scrubbed.
BENCH_SCRUB_LINES ?= 100000
# How many of each source are counted: they are in memory at once.
BENCH_COUNT_LINES ?= 10000
# How many of each source the whole collector reads.
BENCH_WHOLE_LINES ?= 200000
BENCH_SCRUB_FILE  := _build/bench-login_gov-$(BENCH_SCRUB_LINES).ndjson
BENCH_COUNT_FILES := $(foreach source,hera login_gov,_build/bench-$(source)-$(BENCH_COUNT_LINES).ndjson)
BENCH_WHOLE_FILES := $(foreach source,hera login_gov,_build/bench-$(source)-$(BENCH_WHOLE_LINES).ndjson)

bench-json: $(BENCH_COUNT_FILES) ## JSON libraries against our own decoder, and ways to find the end of a string
	go -C bench run ./json $(addprefix $(CURDIR)/,$^)
	go -C bench run ./json/scan $(addprefix $(CURDIR)/,$^)

bench-scrub: $(BENCH_SCRUB_FILE) ## CPU time per record of pii_scrub and of the redaction processor, in one run
	go -C bench run ./scrub -lines $(BENCH_SCRUB_LINES) $(CURDIR)/$(BENCH_SCRUB_FILE)

bench-count: $(BENCH_COUNT_FILES) ## CPU time per record of event_metrics and of signal_to_metrics and count, in one run
	go -C bench run ./count -lines $(BENCH_COUNT_LINES) $(addprefix $(CURDIR)/,$(BENCH_COUNT_FILES))

bench-whole: build $(BENCH_WHOLE_FILES) ## CPU time per event and memory of the built collector, stage by stage
	go -C bench run ./whole -root $(CURDIR) -lines $(BENCH_WHOLE_LINES) $(addprefix $(CURDIR)/,$(BENCH_WHOLE_FILES))

bench-postgres: postgres ## Rows a second of security_audit into a Postgres of its own, with fsync, and of other ways to insert
	go -C bench run ./postgres

# The name says the source and how many lines: bench-hera-10000.ndjson.
_build/bench-%.ndjson:
	mkdir -p $(@D)
	go -C bench run ./gen -source $(word 1,$(subst -, ,$*)) -noise 0 -n $(word 2,$(subst -, ,$*)) >$@.part
	mv $@.part $@

fuzz: ## Run each fuzz target for FUZZTIME
	@go list -f '{{.Dir}}' ./... | while read -r dir; do \
		{ grep -hos '^func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go || true; } | cut -d' ' -f2 | while read -r target; do \
			echo "$$dir $$target"; go -C "$$dir" test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) . </dev/null; \
		done; \
	done

# What stands in a release, and for which machines: tools/internal/project.
RELEASE_FLAGS ?=

release: ## Archives, SBOMs and SHA256SUMS into dist/ (docs/releasing.md); RELEASE_FLAGS="-targets linux/amd64 -dirty"
	go -C tools run ./release -root $(CURDIR) -out $(CURDIR)/dist $(RELEASE_FLAGS)

licenses: ## Fail on a linked module whose license is not allowed; dist/THIRD_PARTY_LICENSES
	@go -C tools run ./licenses -root $(CURDIR) -out $(CURDIR)/dist/THIRD_PARTY_LICENSES

# CI_STRICT=1 fails where the database can't be reached; VULNDB names a copy of it.
VULNDB ?= https://vuln.go.dev

vulncheck: build ## Run govulncheck on what was built; says so where its database can't be reached
	@go -C tools run ./vulncheck -db $(VULNDB) $(CURDIR)/$(BIN) $(CURDIR)/$(CTL)

reproducible: ## Build a release twice from two clones, compare (FULL=1: with a cold build cache)
	.ci/reproducible

clean: ## Remove what was built and written
	rm -rf _build dist out .tools

$(OCB):
	GOBIN=$(@D) go install go.opentelemetry.io/collector/cmd/builder@$(OCB_VERSION)

$(LINTER):
	GOBIN=$(@D) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)
