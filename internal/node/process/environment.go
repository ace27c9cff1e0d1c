package process

import (
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"roost/internal/binding"
)

// Environment is what process.env shows and changes: the process's own, or a worker's copy. Isolates of SHARE_ENV have one in common. Any
// goroutine may use it.
type Environment struct {
	version atomic.Int64 // grows with every change
	own     bool         // immutable: the process's

	mu     sync.Mutex
	values []string // guarded by mu; KEY=value in the order of setting, unless own
}

// NewEnvironment makes a worker's copy of values, KEY=value.
func NewEnvironment(values []string) *Environment {
	return &Environment{values: append([]string(nil), values...)}
}

type environmentKey struct{}

// EnvironmentOf is the isolate's; the process's unless SetEnvironment said otherwise.
func EnvironmentOf(env *binding.Env) *Environment {
	return env.State(environmentKey{}, func() any { return &Environment{own: true} }).(*Environment)
}

// SetEnvironment gives an isolate its environment, before JavaScript reads it.
func SetEnvironment(env *binding.Env, e *Environment) { env.SetState(environmentKey{}, e) }

// All gives the environment as KEY=value.
func (e *Environment) All() []string {
	if e.own {
		return os.Environ()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.values...)
}

func (e *Environment) set(key, value string) {
	defer e.version.Add(1)
	if e.own {
		os.Setenv(key, value)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, v := range e.values {
		if strings.HasPrefix(v, key+"=") {
			e.values[k] = key + "=" + value
			return
		}
	}
	e.values = append(e.values, key+"="+value)
}

func (e *Environment) unset(key string) {
	defer e.version.Add(1)
	if e.own {
		os.Unsetenv(key)
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, v := range e.values {
		if strings.HasPrefix(v, key+"=") {
			e.values = append(e.values[:k], e.values[k+1:]...)
			return
		}
	}
}
