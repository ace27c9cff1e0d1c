# Roost. Plain `make` builds ./roost from a fresh clone; needs Go, a C++ compiler and make.
GO ?= go
V8GO := $(shell $(GO) list -m -f '{{.Dir}}' github.com/tommie/v8go 2>/dev/null)

all: roost

# deps puts V8's headers where cgo finds them without environment variables.
deps: internal/engine/v8c/include/v8.h
internal/engine/v8c/include/v8.h: go.mod
	$(GO) mod download github.com/tommie/v8go
	ln -sfn "$$($(GO) list -m -f '{{.Dir}}' github.com/tommie/v8go)/deps/include" internal/engine/v8c/include

# gen writes what is made from the builtins' folders: their list and the bundle of their TypeScript.
gen:
	$(GO) run ./tools/gen

roost: deps gen
	$(GO) build -trimpath -o roost ./cmd/roost

.PHONY: all deps gen roost
