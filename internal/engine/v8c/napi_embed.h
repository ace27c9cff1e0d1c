// napi_embed.h: Node-API towards the rest of the engine: making and closing envs, loading addons. C, seen by Go.
#ifndef ROOST_NAPI_EMBED_H_
#define ROOST_NAPI_EMBED_H_
#include "napi.h"
#include "rt.h"

#ifdef __cplusplus
extern "C" {
#endif

// The env of Go's own calls, made on first use. Borrowed; lives until rt_napi_dispose.
napi_env rt_napi_env(rt_isolate* iso);

// Loads the addon at `path` (absolute) and runs its initialiser on `exports`. flags: of dlopen(3); 0 means lazy binding.
// Returns the module's exports (often `exports` itself), or NULL with an exception pending, whose code is
// ERR_DLOPEN_FAILED when the library can't be loaded or isn't a Node-API addon. May run JS.
rt_value rt_addon_load(rt_isolate* iso, const char* path, int flags, rt_value exports);

// Closes every env of the isolate, the youngest first: cleanup hooks, pending work, finalizers. Waits for work that runs
// on pool threads. For rt_isolate_dispose, while the isolate still has its context and its task queue; no JS of the
// isolate may run afterwards. Opens a scope. Does nothing when no env was ever made.
void rt_napi_dispose(rt_isolate* iso);

// --force-node-api-uncaught-exceptions-policy: exceptions of old addons' finalizers and thread-safe functions count as
// uncaught too, where otherwise they are warned of. Of the whole process; any thread.
void rt_napi_force_uncaught(int on);

// Hook: an exception that no caller can catch, from a finalizer, a complete callback, a thread-safe function or
// napi_fatal_exception, on the loop's thread. Ours is a weak symbol that leaves it as the isolate's pending exception, for
// the caller of rt_isolate_run_tasks to take with rt_exception_take; a second one in the same batch goes to stderr.
void rt_uncaught(rt_isolate* iso, rt_value error);

#ifdef __cplusplus
}
#endif
#endif
