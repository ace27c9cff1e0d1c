package v8c

/*
#include <stdlib.h>
#include "napi_embed.h"
*/
import "C"

import "unsafe"

// LoadAddon loads the Node-API addon at path (absolute) and runs its initialiser on exports. flags are dlopen(3)'s. It
// gives what the addon exports, which need not be exports itself; zero: an exception is pending (rt_addon_load). May run
// JavaScript.
func (i Isolate) LoadAddon(path string, flags int, exports Value) Value {
	c := C.CString(path)
	defer C.free(unsafe.Pointer(c))
	return gv(C.rt_addon_load(i.p, c, C.int(flags), cv(exports)))
}

// ForceUncaught makes exceptions that finalizers and thread-safe functions of old addons throw uncaught ones, where
// otherwise they are warned of: --force-node-api-uncaught-exceptions-policy. Of the whole process; any goroutine.
func ForceUncaught(on bool) {
	n := C.int(0)
	if on {
		n = 1
	}
	C.rt_napi_force_uncaught(n)
}

// DisposeAddons runs the cleanup of every addon: hooks, pending work, finalizers. No JavaScript of the isolate may run
// afterwards. It opens its own scope.
func (i Isolate) DisposeAddons() { C.rt_napi_dispose(i.p) }
