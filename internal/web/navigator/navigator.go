// Package navigator is the Go half of the navigator global: the number of processors. It runs on the isolate's thread.
package navigator

import (
	"runtime"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "web/navigator", Natives: binding.Natives{
	"hardwareConcurrency": func(c *binding.Call) { c.Return(binding.Int(runtime.NumCPU())) },
}}
