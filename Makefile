# Roost. Plain `make` builds ./roost from a fresh clone; it needs Go, a C++ compiler and make (see README.md).
GO ?= go

# V8_DIR=<folder with include/ and lib*.a> builds against another V8 than the module proxy's.
ifdef V8_DIR
export CGO_CXXFLAGS := $(CGO_CXXFLAGS) -I$(V8_DIR)/include
export CGO_LDFLAGS := -L$(V8_DIR) $(CGO_LDFLAGS)
endif

# Go links C++ through cgo; the first build compiles the TypeScript compiler and takes minutes.
BUILD := $(GO) build -ldflags='-s -w'

all: roost

# deps puts V8's headers where cgo finds them without environment variables.
deps: internal/engine/v8c/include/v8.h
internal/engine/v8c/include/v8.h: go.mod
	$(GO) mod download github.com/tommie/v8go
	ln -sfn "$$($(GO) list -m -f '{{.Dir}}' github.com/tommie/v8go)/deps/include" internal/engine/v8c/include

# gen writes what is made from the builtins' folders: the list of their Go halves and the bundle of their TypeScript.
gen:
	$(GO) run ./tools/gen
	$(GO) run ./tools/compat

# The linker writes the program in one piece, which the page cache keeps in folios of up to 2 MB, and Linux maps whole folios: the program would
# seem to use most of its code. It is written again in the pieces in which a package manager unpacks it.
roost: deps gen
	$(BUILD) -o roost.linked ./cmd/roost
	dd if=roost.linked of=roost.new bs=64k status=none && chmod 755 roost.new && mv roost.new roost && rm roost.linked

# test builds, then runs every test: Go's, the builtins' behaviour tests, the event-loop order, the examples end to end.
test: roost
	$(GO) test ./... github.com/microsoft/typescript-go/roost/...

# check is what a change must pass before it lands.
check: test
	@test -z "$$(gofmt -l cmd internal tools test examples bench tsgo)" || { gofmt -l cmd internal tools test examples bench tsgo; echo 'gofmt: these files are not formatted'; exit 1; }
	$(GO) vet ./...
	$(GO) run ./tools/importcheck
	$(GO) run ./tools/gen -check
	$(GO) run ./tools/compat -check
	@git diff --exit-code -- go.mod go.sum internal/node/all/modules.go docs/compat.md

# conformance runs Node's own tests against test/node/expectations. NODE_TEST is the `test` folder of a checkout of Node 24.12.
conformance: roost
	NODE_TEST="$(NODE_TEST)" $(GO) test ./test/node -count=1 -v -timeout 60m

# bench prints Roost beside Node 24, Bun and Deno (from npm packages); needs npm and wrk.
bench: roost
	$(GO) run ./bench

clean:
	rm -f roost internal/engine/v8c/include
	rm -rf internal/node/all/lib bench/out

.PHONY: all deps gen roost test check conformance bench clean
