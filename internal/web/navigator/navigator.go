// Package navigator is the Go half of the navigator global: the number of processors, and the locks, which isolates of the process share.
// Natives run on their isolate's thread.
package navigator

import (
	"runtime"

	"roost/internal/binding"
)

// Module is the builtin's Go half.
var Module = binding.Module{Name: "web/navigator", Natives: binding.Natives{
	"hardwareConcurrency": func(c *binding.Call) { c.Return(binding.Int(runtime.NumCPU())) },
	"lockOpen":            lockOpen,
	"lockRequest":         lockRequest,
	"lockRelease":         lockRelease,
	"lockQuery":           lockQuery,
	"lockTake":            lockTake,
}}
