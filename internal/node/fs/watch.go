package fs

import (
	"roost/internal/binding"
	"roost/internal/handle"
)

type watcher struct {
	*handle.Watch
	id int
}

type watchKey struct{}

// watchers is the isolate's handle.Watcher, made at first use.
func watchers(env *binding.Env) (*handle.Watcher, error) {
	type made struct {
		w   *handle.Watcher
		err error
	}
	m := env.State(watchKey{}, func() any {
		w, err := handle.NewWatcher(env.Loop)
		if err == nil {
			env.OnClose(w.Close)
		}
		return &made{w, err}
	}).(*made)
	return m.w, m.err
}

// watch(path, recursive, ref, asBuffer) → id; event 1 has 'rename' or 'change' and the name
func watch(c *binding.Call) {
	env, p, asBuffer := c.Env(), path(c, 0), c.Bool(3)
	set, err := watchers(env)
	if err != nil {
		c.Throw(binding.Syscall("watch", err, p).With("filename", binding.String(p)))
		return
	}
	w := &watcher{}
	w.Watch, err = set.Add(p, c.Bool(1), func(kind handle.Change, name string) {
		env.Emit(w.id, 1, binding.String(string(kind)), text(name, asBuffer))
	})
	if err != nil {
		c.Throw(binding.Syscall("watch", err, p).With("filename", binding.String(p)))
		return
	}
	if !c.Bool(2) {
		w.Unref()
	}
	w.id = env.Adopt(w)
	c.Return(binding.Int(w.id))
}

// watchRef(id, on)
func watchRef(c *binding.Call) {
	if w, _ := c.Env().Handle(c.Int(0)).(*watcher); w != nil {
		if c.Bool(1) {
			w.Ref()
		} else {
			w.Unref()
		}
	}
}

// unwatch(id)
func unwatch(c *binding.Call) {
	if w, _ := c.Env().Handle(c.Int(0)).(*watcher); w != nil {
		w.Close()
		c.Env().Drop(w.id)
	}
}
