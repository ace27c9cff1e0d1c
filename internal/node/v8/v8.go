// Package v8 is the Go half of node:v8. It runs on the isolate's thread.
package v8

import (
	"roost/internal/binding"
	"roost/internal/engine"
)

// Module is the v8 builtin.
var Module = binding.Module{Name: "v8", Natives: binding.Natives{
	// setFlags(flags): V8's flags, from now on
	"setFlags": func(c *binding.Call) { engine.SetFlags(c.String(0)) },
	// cacheVersion() → the number that code caches are bound to: it changes with V8's version and flags
	"cacheVersion":      func(c *binding.Call) { c.Return(binding.Int(engine.CacheVersion())) },
	"snapshotNearLimit": snapshotNearLimit,
}}
