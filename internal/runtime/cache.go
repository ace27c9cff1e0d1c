package runtime

import (
	"strconv"

	"roost/internal/codecache"
	"roost/internal/engine"
	"roost/internal/node/all"
)

// openCache opens the code cache of the builtins: one pack a bundle and V8 version.
func openCache() *codecache.Pack {
	if all.Development() {
		return nil
	}
	return codecache.Open("", "builtins", all.Fingerprint(), strconv.FormatUint(uint64(engine.CacheVersion()), 16))
}

// saveCache stores the code of the builtins that this run compiled without one.
func (b *builtins) saveCache() {
	if b.cache == nil || len(b.fresh) == 0 {
		return
	}
	scope := b.r.isolate.Scope()
	defer scope.Close()
	for _, s := range b.fresh {
		b.cache.Put(s, 0, b.modules[s].Cache())
	}
	b.fresh = nil
	b.cache.Save()
}
