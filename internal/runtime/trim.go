package runtime

import (
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"roost/internal/codecache"
	"roost/internal/engine"
	"roost/internal/sys"
)

// trims is after how many seconds from the main script what a start has used is given back, and how often: an application starts, then it is warmed up by its
// first load, and nobody knows when either is over. What is used steadily is in memory again after a millisecond. The seconds of light trims
// are for pages of files alone, which costs next to nothing: V8's compilers come and go while code gets warm.
var (
	trims      = [...]int{1, 2, 4, 6, 8, 12, 16, 24, 32}
	lightTrims = [...]int{3, 5, 7, 10, 14, 20}
)

// trimmers counts the calls of trimBlocking.
var trimmers atomic.Int64

// trimBlocking gives memory back that the start has used and the program doesn't need: code and tables of this binary (package initialisation, V8's and
// TypeScript's compilers), the code caches, garbage of Go's heap, what V8's compilers have freed. It runs beside the program and ends
// after the last of trims, or when another program of the process has begun, which does it for both.
func (r *Runtime) trimBlocking() {
	began, number := time.Now(), trimmers.Add(1)
	for at := 1; at <= trims[len(trims)-1]; at++ {
		light := slices.Contains(lightTrims[:], at)
		if !light && !slices.Contains(trims[:], at) {
			continue
		}
		time.Sleep(time.Until(began.Add(time.Duration(at) * time.Second)))
		if at == 1 && r.config.tenant == nil { // servers are often killed, not ended: the next start should find the builtins' code
			r.loop.Post(func() {
				if !r.env.Stopped() {
					r.builtins.saveCache()
				}
			})
		}
		if trimmers.Load() != number {
			return
		}
		if !light {
			debug.FreeOSMemory()
			engine.TrimBlocking()
		}
		codecache.Drop()
		sys.DropText()
	}
}
