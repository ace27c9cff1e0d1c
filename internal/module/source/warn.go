package source

import (
	"roost/internal/binding"
	"roost/internal/engine"
)

type warnKey struct{}

// OnWarning makes fn, a JavaScript function of (message, code), the one that Warn calls.
func OnWarning(env *binding.Env, fn engine.Value) {
	env.SetState(warnKey{}, env.Isolate.Keep(fn))
}

// Warn shows what the resolver noticed. A native calls it when its own work is done. May run user code.
func Warn(env *binding.Env) {
	warnings := Of(env).TakeWarnings()
	if warnings == nil {
		return
	}
	fn, _ := env.State(warnKey{}, func() any { return (*engine.Persistent)(nil) }).(*engine.Persistent)
	if fn == nil {
		return
	}
	for _, w := range warnings {
		// What process.emitWarning throws is the business of --throw-deprecation, which throws later, on a tick.
		_, _ = env.Isolate.Call(fn.Value(), engine.Value{}, binding.String(w.Message), binding.String(w.Code))
	}
}
